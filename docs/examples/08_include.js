// Several files: include() runs another one of the script's folder.
//   mainstay script docs/examples/08_include.js docs/examples/show.json --offline
include("lib/rundown.js");

program.start();
play([{scene: "Bars", seconds: 5}, {scene: "Break", seconds: 3}, {scene: "Bars", seconds: 2}]);
expect(program.frames).toBe(100);
print("played", program.frames, "frames");
