// The page's fallback alone, with time handed in: node fallback_check.mjs RESOURCES/player
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

const source = readFileSync(`${process.argv[2]}/fallback.js`, 'utf8');
const { Fallback, backoff } = await import(`data:text/javascript,${encodeURIComponent(source)}`);

// Three stalls within half a minute: low latency is given up; two more: the lowest rendition; then nothing lower.
let f = new Fallback(true, 0);
assert.equal(f.mode, 'low_latency');
assert.equal(f.stalled(1000), false);
assert.equal(f.stalled(2000), false);
assert.equal(f.stalled(3000), true);
assert.equal(f.mode, 'plain');
assert.equal(f.stalled(4000), false);
assert.equal(f.stalled(5000), true);
assert.equal(f.mode, 'lowest');
for (let i = 0; i < 10; i += 1) assert.equal(f.stalled(6000 + i), false);

// Calm for a minute and a half brings one step up.
assert.equal(f.tick(6009 + 89_999), false);
assert.equal(f.tick(6009 + 90_000), true);
assert.equal(f.mode, 'plain');

// A step up that does not hold waits twice as long for the next.
f.stalled(100_000);
assert.equal(f.stalled(100_001), true);
assert.equal(f.mode, 'lowest');
assert.equal(f.tick(100_001 + 179_999), false);
assert.equal(f.tick(100_001 + 180_000), true);

// Stalls far apart are none.
f = new Fallback(true, 0);
for (let i = 0; i < 20; i += 1) assert.equal(f.stalled(i * 31_000), false);
assert.equal(f.mode, 'low_latency');

// One that lasts is several.
f = new Fallback(true, 0);
assert.equal(f.stalled(1000), false);
assert.equal(f.stands(5999), false);
assert.equal(f.stands(6000), false);
assert.equal(f.stands(10_999), false);
assert.equal(f.stands(11_000), true);
assert.equal(f.mode, 'plain');

// A stream without low latency begins, and ends, with plain.
f = new Fallback(false, 0);
assert.equal(f.mode, 'plain');
assert.equal(f.tick(1e9), false);

assert.deepEqual([0, 1, 2, 3, 4, 5, 50].map(backoff), [1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]);
process.stdout.write('ok');
