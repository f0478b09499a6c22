// waitFor() takes an event, with a filter, or a condition; it throws a TimeoutError when neither comes.
//   mainstay script docs/examples/09_wait_for.js docs/examples/show.json --offline
program.start(50);  // ends by itself after 50 frames
waitFor(() => program.frames >= 20, 10);
print("condition met at", now().toFixed(2), "s");

const ended = waitFor("program.ended", 10);
print(ended.type, ended.subject, "after", program.frames, "frames");

try {
  waitFor("leg.state", 3600, {state: "live"});
} catch (error) {
  print(error.name + ":", error.message);
}
