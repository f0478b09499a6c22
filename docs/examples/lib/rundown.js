// Used by 08_include.js. What it declares with var or function is there for whoever includes it.
function play(rundown) {
  rundown.forEach((item) => {
    program.cut(item.scene);
    sleep(item.seconds);
  });
}
