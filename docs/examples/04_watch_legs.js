// Tells of every leg that is lost and comes back, for as many seconds as the first argument says.
//   mainstay script docs/examples/04_watch_legs.js SHOW -- 3600
const seconds = Number(args[0] || 10);
const lost = {};

on("leg.state", (event) => {
  if (event.data.from === "live") lost[event.subject] = now();
  log(event.subject, event.data.from, "→", event.data.state);
});
on("leg.recovered", (event) => {
  print(event.subject, "was away for", event.data.outage_s, "s");
  delete lost[event.subject];
});

program.start();
sleep(seconds);
Object.keys(lost).forEach((leg) => print(leg, "is still away"));
exit(Object.keys(lost).length === 0 ? 0 : 1);
