// A test of an hour that takes seconds: offline the program runs as fast as it can, and sleep() is its time.
//   mainstay script docs/examples/02_an_hour_in_seconds.js docs/examples/show.json --offline
program.start();
sleep(3600);
expect(now()).toBeGreaterThanOrEqual(3600);
expect(program.frames).toBe(36000);  // 10 frames a second, to the frame
expect(program.late).toBe(0);
print("an hour of", show.name + ":", program.frames, "frames");
