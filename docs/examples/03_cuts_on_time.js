// A rundown: what is done after sleep() falls on exactly that frame, in each run.
//   mainstay script docs/examples/03_cuts_on_time.js docs/examples/show.json --offline
const rundown = [
  {at: 2, scene: "Break"},
  {at: 5, scene: "Bars"},
  {at: 60, scene: "Break"},
];

program.start();
const began = now();
const taken = [];
rundown.forEach((item) => {
  sleep(began + item.at - now());
  program.cut(item.scene);
  taken.push({scene: item.scene, frame: program.frames});  // time stands still: this is the frame that shows it
});
sleep(1);
table(taken);
