// What scripts that play in headless Chromium share.
import puppeteer from 'puppeteer-core';

export function launch() {
  return puppeteer.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', headless: true,
    args: ['--no-sandbox', '--autoplay-policy=no-user-gesture-required', '--disable-gpu', '--disable-dev-shm-usage',
      '--mute-audio', '--window-size=960,800'],
  });
}

export function pause(ms) {
  return new Promise((resolve) => { setTimeout(resolve, ms); });
}

// Notes in `numbers`, for each picture shown, [the number that is burnt into it (engine/sources/frame_code.h), when it was
// seen by the wall clock, how old the page takes it to be]; the number is null where one of the 32 blocks was neither black
// nor white, the age where the page has no `dated()` (ms of UTC). Runs in the page.
export function count() {
  const video = document.querySelector('video');
  const canvas = Object.assign(document.createElement('canvas'), { width: 128, height: 4 });
  const context = canvas.getContext('2d', { willReadFrequently: true });
  globalThis.numbers = [];
  const read = () => {
    const rows = Math.max(8, Math.floor(video.videoHeight / 30)) & ~1;
    context.drawImage(video, 0, video.videoHeight - rows, video.videoWidth, rows, 0, 0, 128, 4);
    const { data } = context.getImageData(0, 2, 128, 1);
    let number = 0;
    for (let bit = 0; bit < 32; bit += 1) {
      const light = data[(bit * 4 + 2) * 4 + 1];
      if (light > 85 && light < 170) return null;
      number = number * 2 + (light >= 170 ? 1 : 0);
    }
    return number;
  };
  const frame = () => {
    const utc = Date.now();
    const dated = globalThis.dated?.();
    globalThis.numbers.push([read(), utc, dated ? utc - dated : null]);
    video.requestVideoFrameCallback(frame);
  };
  video.requestVideoFrameCallback(frame);
}
