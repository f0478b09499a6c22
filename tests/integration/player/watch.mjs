// Opens the player page in headless Chromium and watches it play: node watch.mjs URL SECONDS [KEY=VALUE…]
//   screenshot=FILE         what it looks like at the end
//   narrow=KBPS@FROM-TO     the network carries so much from one second to another
//   offline=FROM-TO         it carries nothing
//   colours=yes             tells when the picture turned blue, and when it was no longer
// Prints one JSON object: what the page says of itself, sampled four times a second, and what went wrong.
import puppeteer from 'puppeteer-core';

const [url, seconds, ...more] = process.argv.slice(2);
const options = Object.fromEntries(more.map((text) => text.split(/=(.*)/s).slice(0, 2)));
const browser = await puppeteer.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', headless: true,
  args: ['--no-sandbox', '--autoplay-policy=no-user-gesture-required', '--disable-gpu', '--disable-dev-shm-usage',
    '--mute-audio', '--window-size=960,800'],
});

const wrong = [];
const samples = [];
let colours = [];

// What the page shows and tells; runs there.
function look() {
  const { report, hls, fallback } = globalThis.mainstay;
  const video = document.querySelector('video');
  const level = hls?.levels?.[hls.currentLevel];
  return {
    at: performance.now(), time: video.currentTime, paused: video.paused, ready: video.readyState, muted: video.muted,
    width: video.videoWidth, height: video.videoHeight, frames: video.getVideoPlaybackQuality().totalVideoFrames,
    startup_ms: report.startup_ms, latency_ms: report.latency_ms, sums: { ...report.sums }, mode: report.mode,
    fallback: fallback?.mode, last: report.last, session: report.session, state: document.getElementById('state').textContent,
    low_latency: hls?.lowLatencyMode ?? null, parts: level?.details?.partList?.length ?? 0, edge_s: hls?.latency ?? null,
    target_s: hls?.targetLatency ?? null, rate: video.playbackRate, notice: document.getElementById('notice').textContent,
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
function schedule(page, cdp) {
  const emulate = (conditions) => cdp.send('Network.emulateNetworkConditions',
    { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: -1, ...conditions });
  const between = (text, conditions) => {
    const [from, to] = text.split('-').map(Number);
    setTimeout(() => emulate(conditions).catch(() => {}), from * 1000);
    setTimeout(() => emulate({}).catch(() => {}), to * 1000);
  };
  if (options.narrow) {
    const [kbps, times] = options.narrow.split('@');
    between(times, { downloadThroughput: Number(kbps) * 125, latency: 100 });
  }
  if (options.offline) between(options.offline, { offline: true });
}

try {
  const page = await browser.newPage();
  await page.setViewport({ width: 960, height: 800 });
  page.on('pageerror', (error) => wrong.push(`page: ${error.message}`));
  page.on('console', (message) => { if (message.type() === 'error') wrong.push(`console: ${message.text()}`); });
  const cdp = await page.createCDPSession();
  await cdp.send('Network.enable');
  await page.goto(url, { waitUntil: 'domcontentloaded' });
  schedule(page, cdp);
  if (options.colours) await page.evaluate(follow);
  const until = Date.now() + Number(seconds) * 1000;
  while (Date.now() < until) {
    await new Promise((resolve) => { setTimeout(resolve, 250); });
    samples.push(await page.evaluate(look).catch((error) => ({ error: error.message })));
  }
  if (options.colours) colours = await page.evaluate(() => globalThis.colours);
  if (options.screenshot) await page.screenshot({ path: options.screenshot });
  samples.push(await page.evaluate(look));  // a screenshot takes seconds; the good-bye tells what is now
  await page.close({ runBeforeUnload: true });
  await new Promise((resolve) => { setTimeout(resolve, 500); });  // its good-bye is on its way
} finally {
  await browser.close();
}
process.stdout.write(JSON.stringify({ samples, wrong, colours, end: samples.at(-1) }));
