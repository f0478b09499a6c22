// Plays a DASH manifest with dash.js, as it comes, in headless Chromium: node dash.mjs MANIFEST SECONDS
// The page comes from an origin of its own, as players' pages do. Prints one JSON object:
//   samples    what dash.js and the video say, four times a second
//   numbers    what is burnt into each picture shown (chromium.mjs)
//   stalls     how long the picture stood, in ms, each time after it had begun
//   switches   to which representation, as shown
//   periods    that were begun
//   refused    requests that were answered with an error
//   wrong      errors of the player and the page
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { count, launch, pause } from './chromium.mjs';

const [manifest, seconds] = process.argv.slice(2);
const script = readFileSync(createRequire(import.meta.url).resolve('dashjs'));
const server = createServer((request, response) => {
  const is_script = request.url === '/dash.js';
  response.setHeader('Content-Type', is_script ? 'text/javascript' : 'text/html');
  response.end(is_script ? script : '<!doctype html><link rel="icon" href="data:,"><video muted playsinline></video><script src="/dash.js"></script>');
});
await new Promise((resolve) => { server.listen(0, '127.0.0.1', resolve); });
const browser = await launch();

// Runs in the page.
function play(address) {
  const video = document.querySelector('video');
  const player = globalThis.dashjs.MediaPlayer().create();
  const { events } = globalThis.dashjs.MediaPlayer;
  const seen = { player, wrong: [], periods: [], switches: [], stalls: [], began: null, stood: null };
  globalThis.seen = seen;
  player.on(events.ERROR, (event) => seen.wrong.push(event.error?.message ?? String(event.error)));
  player.on(events.PLAYBACK_ERROR, (event) => seen.wrong.push(event.error?.message ?? String(event.error)));
  player.on(events.PERIOD_SWITCH_COMPLETED, (event) => seen.periods.push(event.toStreamInfo?.id));
  player.on(events.QUALITY_CHANGE_RENDERED, (event) => seen.switches.push(event.newRepresentation?.id));
  video.addEventListener('playing', () => {
    seen.began ??= performance.now();
    if (seen.stood !== null) seen.stalls.push(Math.round(performance.now() - seen.stood));
    seen.stood = null;
  });
  video.addEventListener('waiting', () => { if (seen.began !== null) seen.stood ??= performance.now(); });
  player.initialize(video, address, true);
}

// Runs in the page.
function look() {
  const video = document.querySelector('video');
  const { player, began, stood } = globalThis.seen;
  return {
    at: performance.now(), began, stood: stood !== null, time: video.currentTime, rate: video.playbackRate,
    frames: video.getVideoPlaybackQuality().totalVideoFrames, height: video.videoHeight,
    latency_s: player.getCurrentLiveLatency(), target_s: player.getTargetLiveDelay(),
    low_latency: player.getLowLatencyModeEnabled(), buffer_s: player.getBufferLength('video'),
  };
}

const refused = [];
const samples = [];
try {
  const page = await browser.newPage();
  const wrong = [];
  page.on('pageerror', (error) => wrong.push(`page: ${error.message}`));
  page.on('response', (response) => { if (response.status() >= 400) refused.push(`${response.status()} ${response.url()}`); });
  await page.goto(`http://127.0.0.1:${server.address().port}/`);
  await page.evaluate(count);
  await page.evaluate(play, manifest);
  const end = performance.now() + Number(seconds) * 1000;
  while (performance.now() < end) {
    await pause(250);
    samples.push(await page.evaluate(look));
  }
  const seen = await page.evaluate(() => {
    const { wrong: errors, periods, switches, stalls, stood } = globalThis.seen;
    if (stood !== null) stalls.push(Math.round(performance.now() - stood));
    return { errors, periods, switches, stalls, numbers: globalThis.numbers };
  });
  const { errors, ...rest } = seen;
  process.stdout.write(`${JSON.stringify({ ...rest, samples, refused, wrong: [...wrong, ...errors] })}\n`);
} finally {
  await browser.close();
  server.close();
}
process.exit(0);  // connections that a browser kept open
