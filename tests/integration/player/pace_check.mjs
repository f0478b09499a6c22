// Where the page keeps the picture, alone, with time handed in: node pace_check.mjs RESOURCES/player
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

const source = readFileSync(`${process.argv[2]}/pace.js`, 'utf8');
const { Pace } = await import(`data:text/javascript,${encodeURIComponent(source)}`);
const at = (position, live, loaded) => ({ position, live, loaded, segment: 2 });

// What the start cost is made good as soon as enough is loaded, once.
let p = new Pace();
assert.equal(p.next(1000, at(10, 10.8, 10.9)), null);
assert.equal(p.next(1250, at(10.25, 11.05, 11.5)), 11.05);
assert.equal(p.next(1500, at(10.5, 11.3, 12)), null);

// A start at its place is left alone, also later on.
p = new Pace();
assert.equal(p.next(1000, at(10, 10.1, 12)), null);
assert.equal(p.next(1250, at(10, 10.9, 12)), null);

// One that stays a little behind is left to the rate; one that is far behind goes forward.
p = new Pace();
assert.equal(p.next(1000, at(10, 11.5, 11.6)), null);
assert.equal(p.next(6000, at(15, 16.5, 16.6)), null);
assert.equal(p.next(9000, at(15, 19.5, 20)), null);
p = new Pace();
assert.equal(p.next(1000, at(10, 14, 11)), null);
assert.equal(p.next(6000, at(15, 19, 16)), null);
assert.equal(p.next(11_000, at(20, 24, 25)), 24);

// A loss that lasts five seconds after a stall is made good; what somebody chose is left as it is.
for (const byHand of [false, true]) {
  p = new Pace();
  p.next(0, at(10, 10, 12));
  p.stalled(20_000);
  if (byHand) p.chosen();
  assert.equal(p.next(21_000, at(10, 13, 14)), null);
  assert.equal(p.next(25_999, at(15, 18, 19)), null);
  assert.equal(p.next(26_000, at(15, 18, 19)), byHand ? null : 18);
  assert.equal(p.next(40_000, at(15, 40, 41)), null);
}

// It goes only where there is something to play.
for (const loaded of [18.1, 19]) {
  p = new Pace();
  p.next(0, at(10, 10, 12));
  p.stalled(20_000);
  p.next(21_000, at(10, 13, 14));
  assert.equal(p.next(26_000, at(15, 18, loaded)), loaded === 19 ? 18 : null);
}

// Faster at the start and without sound, hardly noticeable later on.
p = new Pace();
p.next(1000, at(10, 10, 12));
assert.ok(p.rate(5000, false) > 1.2);
assert.ok(p.rate(60_000, true) > 1.2);
assert.ok(p.rate(60_000, false) <= 1.1);

// Stalls are forgiven after half a minute without one, once.
assert.equal(p.forgives(60_000), false);
p.stalled(60_000);
p.stalled(70_000);
assert.equal(p.forgives(99_999), false);
assert.equal(p.forgives(100_000), true);
assert.equal(p.forgives(200_000), false);

// Waits for what it was told to wait for, but not for ever.
assert.equal(p.filled(200_000, 0), false);
p.fill(200_000, 4);
assert.equal(p.filled(201_000, 3.9), false);
assert.equal(p.filled(202_000, 4), true);
assert.equal(p.filled(203_000, 9), false);
p.fill(210_000, 4);
assert.equal(p.filled(217_999, 1), false);
assert.equal(p.filled(218_000, 1), true);
process.stdout.write('ok');
