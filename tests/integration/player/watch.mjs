// Opens the player page in headless Chromium and watches it play: node watch.mjs URL SECONDS [KEY=VALUE…]
//   screenshot=FILE         what it looks like at the end
//   offline=FROM-TO         the network carries nothing from one second to another
//   colours=yes             tells when the picture turned blue, and when it was no longer
//   numbers=yes             reads the number that is burnt into each picture shown (engine/sources/frame_code.h)
// Lines on standard input: calm MS: from now on, how long without a stall until the page tries more of the network again.
// Ends after SECONDS, or once standard input is closed. Prints JSON, an object a line: what the page says of itself, four
// times a second, and last {"end": …} with what was seen and what went wrong.
import { count, launch, pause } from './chromium.mjs';

const [url, seconds, ...more] = process.argv.slice(2);
const options = Object.fromEntries(more.map((text) => text.split(/=(.*)/s).slice(0, 2)));
const browser = await launch();

const wrong = [];
let colours = [];
let numbers = [];
const tell = (object) => process.stdout.write(`${JSON.stringify(object)}\n`);

// What the page shows and tells; runs there.
function look() {
  const { report, hls, fallback } = globalThis.mainstay;
  const video = document.querySelector('video');
  const level = hls?.levels?.[hls.currentLevel];
  const text = (id) => document.getElementById(id).textContent;
  return {
    at: performance.now(), time: video.currentTime, paused: video.paused, ready: video.readyState, muted: video.muted,
    width: video.videoWidth, height: video.videoHeight, frames: video.getVideoPlaybackQuality().totalVideoFrames,
    startup_ms: report.startup_ms, latency_ms: report.latency_ms, sums: { ...report.sums }, mode: report.mode,
    fallback: fallback?.mode, last: report.last, session: report.session, state: text('state'), says: text('mode'),
    low_latency: hls?.lowLatencyMode ?? null, parts: level?.details?.partList?.length ?? 0, edge_s: hls?.latency ?? null,
    target_s: hls?.targetLatency ?? null, rate: video.playbackRate, notice: text('notice'), buffer: text('buffer'),
    faults: globalThis.mainstay.faults,
  };
}

// Notes each change of the picture's middle from or to blue, by the wall clock; runs there.
function follow() {
  const video = document.querySelector('video');
  const canvas = Object.assign(document.createElement('canvas'), { width: 4, height: 4 });
  const context = canvas.getContext('2d', { willReadFrequently: true });
  globalThis.colours = [];
  let was = null;
  const frame = () => {
    context.drawImage(video, 0, 0, 4, 4);
    const [r, g, b] = context.getImageData(2, 2, 1, 1).data;
    const blue = b > 150 && r < 80 && g < 80;
    if (was !== null && blue !== was) globalThis.colours.push({ blue, utc_ms: Date.now() });
    was = blue;
    video.requestVideoFrameCallback(frame);
  };
  video.requestVideoFrameCallback(frame);
}

// Times of the schedule count from the page's opening.
function schedule(cdp) {
  const emulate = (conditions) => cdp.send('Network.emulateNetworkConditions',
    { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: -1, ...conditions });
  if (!options.offline) return;
  const [from, to] = options.offline.split('-').map(Number);
  setTimeout(() => emulate({ offline: true }).catch(() => {}), from * 1000);
  setTimeout(() => emulate({}).catch(() => {}), to * 1000);
}

let told = false;  // to end
let calm = null;
process.stdin.on('end', () => { told = true; });
process.stdin.on('data', (text) => { calm = Number(/calm (\d+)/.exec(text)?.[1] ?? calm); });

try {
  const page = await browser.newPage();
  await page.setViewport({ width: 960, height: 800 });
  page.on('pageerror', (error) => wrong.push(`page: ${error.message}`));
  page.on('console', (message) => { if (message.type() === 'error') wrong.push(`console: ${message.text()}`); });
  const cdp = await page.createCDPSession();
  await cdp.send('Network.enable');
  await page.goto(url, { waitUntil: 'domcontentloaded' });
  schedule(cdp);
  if (options.colours) await page.evaluate(follow);
  if (options.numbers) {
    await page.evaluate(() => { globalThis.dated = () => globalThis.mainstay.hls?.playingDate?.getTime(); });
    await page.evaluate(count);
  }
  const until = Date.now() + Number(seconds) * 1000;
  while (Date.now() < until && !told) {
    await pause(250);
    tell(await page.evaluate(look).catch((error) => ({ error: error.message })));
    if (calm !== null) await page.evaluate((ms) => { globalThis.mainstay.fallback.calm = ms; }, calm);
  }
  if (options.colours) colours = await page.evaluate(() => globalThis.colours);
  if (options.numbers) numbers = await page.evaluate(() => globalThis.numbers);
  if (options.screenshot) await page.screenshot({ path: options.screenshot });
  const end = await page.evaluate(look);  // a screenshot takes seconds; the good-bye tells what is now
  await page.close({ runBeforeUnload: true });
  await pause(500);  // its good-bye is on its way
  tell({ end, wrong, colours, numbers });
} finally {
  await browser.close();
}
process.exit(0);  // standard input may still be open
