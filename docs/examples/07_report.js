// Puts the show on air for a minute and writes what came of it beside the script.
//   mainstay script docs/examples/07_report.js docs/examples/show.json --offline
program.start();
sleep(60);
program.stop();

const report = state.report();
table(report.encoders.map((e) => ({encoder: e.name, frames: e.frames, dropped: e.dropped})));
writeText("report.json", JSON.stringify(report, null, 2) + "\n");
print("rendered", JSON.parse(readText("report.json")).frames.rendered, "frames");
