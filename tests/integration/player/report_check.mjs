// The page's reports alone, with time and the network handed in: node report_check.mjs RESOURCES/player
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

const source = readFileSync(`${process.argv[2]}/report.js`, 'utf8');
const { Report } = await import(`data:text/javascript,${encodeURIComponent(source)}`);
const sent = [];
let network = true;
globalThis.fetch = (_, request) => {
  if (!network) return Promise.reject(new Error('gone'));
  sent.push(JSON.parse(request.body));
  return Promise.resolve({ ok: true });
};
const settled = () => new Promise((resolve) => { setImmediate(resolve); });

// Every five seconds, with sums since the page opened.
const report = new Report('/beacon');
report.send(1000);
await settled();
report.sums.watch_ms = 5000;
assert.equal(report.tick(5999), false);
assert.equal(report.tick(6000), false);
await settled();
assert.deepEqual(sent.map((r) => [r.number, r.watch_ms]), [[1, 0], [2, 5000]]);

// What was not heard for a while is the same session's; for longer, a new one's, with what the server does not have yet.
const first = report.session;
network = false;
report.sums.watch_ms = 7000;
report.sums.rebuffers = 1;
for (let at = 11_000; at <= 31_000; at += 5000) {
  assert.equal(report.tick(at), false);
  await settled();
}
assert.equal(report.session, first);
assert.equal(report.tick(31_001), true);
assert.notEqual(report.session, first);
await settled();
network = true;
report.sums.watch_ms += 1000;
assert.equal(report.tick(36_100), false);
await settled();
const last = sent.at(-1);
assert.deepEqual([last.session, last.watch_ms, last.rebuffers, last.startup_ms], [report.session, 3000, 1, null]);
process.stdout.write('ok');
