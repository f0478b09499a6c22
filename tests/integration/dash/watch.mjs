// Plays a DASH manifest with dash.js in headless Chromium: node watch.mjs URL SECONDS
// Prints one JSON object: the player's figures, sampled four times a second, the periods it met, and what went wrong.
import puppeteer from 'puppeteer-core';
import { createRequire } from 'node:module';

const [url, seconds] = process.argv.slice(2);
const script = createRequire(import.meta.url).resolve('dashjs');
const browser = await puppeteer.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', headless: true,
  args: ['--no-sandbox', '--autoplay-policy=no-user-gesture-required', '--disable-gpu', '--disable-dev-shm-usage',
    '--mute-audio'],
});
const wrong = [];
const samples = [];

// Runs in the page.
function play(address) {
  const video = document.querySelector('video');
  const player = globalThis.dashjs.MediaPlayer().create();
  const events = globalThis.dashjs.MediaPlayer.events;
  globalThis.seen = { player, wrong: [], periods: [], stalls: 0 };
  player.on(events.ERROR, (event) => globalThis.seen.wrong.push(event.error?.message ?? String(event.error)));
  player.on(events.PERIOD_SWITCH_COMPLETED, (event) => globalThis.seen.periods.push(event.toStreamInfo?.id));
  video.addEventListener('waiting', () => { globalThis.seen.stalls += 1; });
  player.initialize(video, address, true);
}

// Runs in the page.
function look() {
  const video = document.querySelector('video');
  const { player, stalls } = globalThis.seen;
  return {
    at: performance.now(), time: video.currentTime, frames: video.getVideoPlaybackQuality().totalVideoFrames,
    latency_s: player.getCurrentLiveLatency(), target_s: player.getTargetLiveDelay(), rate: video.playbackRate,
    low_latency: player.getLowLatencyModeEnabled(), buffer_s: player.getBufferLength('video'), stalls,
    height: video.videoHeight,
  };
}

try {
  const page = await browser.newPage();
  page.on('pageerror', (error) => wrong.push(`page: ${error.message}`));
  await page.setContent('<!doctype html><video muted playsinline></video>');
  await page.addScriptTag({ path: script });
  await page.evaluate(play, url);
  const end = performance.now() + Number(seconds) * 1000;
  while (performance.now() < end) {
    samples.push(await page.evaluate(look));
    await new Promise((done) => { setTimeout(done, 250); });
  }
  const seen = await page.evaluate(() => ({ wrong: globalThis.seen.wrong, periods: globalThis.seen.periods }));
  wrong.push(...seen.wrong);
  console.log(JSON.stringify({ wrong, periods: seen.periods, samples }));
} finally {
  await browser.close();
}
