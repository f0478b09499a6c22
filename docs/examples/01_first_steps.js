// The smallest script: look, act, look again.
//   mainstay script docs/examples/01_first_steps.js docs/examples/show.json --offline
print("show:", show.name, "phase:", phase);

program.start();
sleep(1);
print("phase:", phase, "frames:", program.frames);
table(Object.keys(sources).map((name) => ({source: name, type: sources[name].type})));
program.stop();
