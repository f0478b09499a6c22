// The page: opens the stream by hls.js, or by the browser itself where it can; shows how it goes; keeps it going.
import { Fallback, backoff } from '/player/fallback.js';
import { Report } from '/player/report.js';

const $ = (id) => document.getElementById(id);
const video = $('video');
const now = () => performance.now();  // ms since the page was opened
const token = new URLSearchParams(location.search).get('token');
const withToken = (address) => (token ? `${address}?token=${encodeURIComponent(token)}` : address);
const TICK_MS = 250;
const SHORTEST_STALL_MS = 120;  // below that nobody sees it
const CATCH_UP_MS = 5000;

const faults = [];  // the last ones, for whoever looks for a reason
const report = new Report(withToken('/beacon'));
let about = null;
let clockOffset = 0;  // the server's UTC less ours
let hls = null;
let fallback = null;
let native = false;
let tries = 0;
let retry = 0;
let stall = null;  // when it began; null: none
let lastLevel = -1;
let wantsPlay = true;
let lost = null;  // since when it is further behind than hls.js makes good, after a stall; null: it is not
let stalledLately = false;

function say(words, tone = '') {
  if ($('state').textContent !== words) $('state').textContent = words;
  $('state').dataset.tone = tone;
}

function notice(words) {
  $('notice').hidden = !words;
  $('notice').textContent = words || '';
}

// --- opening and keeping open ----------------------------------------------------------------------------------------

async function learn() {
  const asked = Date.now();
  const answer = await fetch('/player/show.json', { cache: 'no-store' });
  if (!answer.ok) throw new Error(`the server says ${answer.status}`);
  about = await answer.json();
  clockOffset = about.utc_ms - (asked + Date.now()) / 2;
  $('title').textContent = document.title = about.title || about.name;
}

function config() {
  return {
    lowLatencyMode: fallback.mode === 'low_latency',
    maxLiveSyncPlaybackRate: 1.1,  // latency that was lost to a stall is caught up
    startFragPrefetch: true,
    cmcd: { sessionId: report.session, contentId: about.name, useHeaders: false },
  };
}

function open() {
  clearTimeout(retry);
  close();
  const stream = withToken(about.stream);
  const library = globalThis.Hls;
  if (library?.isSupported()) {
    hls = new library(config());
    listen(library);
    hls.loadSource(stream);
    hls.attachMedia(video);
  } else if (video.canPlayType('application/vnd.apple.mpegurl')) {
    native = true;
    report.mode = 'native';
    video.src = stream;
  } else {
    say('Cannot play', 'warn');
    notice(about.hls_js ? 'This browser cannot play the stream.'
      : 'This server was built without hls.js, and this browser plays no HLS by itself. Open the stream in a player: '
        + new URL(about.stream, location));
    return;
  }
  if (wantsPlay) play();
}

function close() {
  hls?.destroy();
  hls = null;
  native = false;
}

function reconnect(why) {
  const wait = backoff(tries);
  tries += 1;
  say(why === 404 ? 'Waiting for the stream' : 'Reconnecting', 'warn');
  clearTimeout(retry);
  // Off air is no fault: look again soon.
  retry = setTimeout(() => learn().then(open, () => reconnect()), why === 404 ? Math.min(wait, 2000) : wait);
}

function listen(library) {
  const { Events, ErrorTypes } = library;
  let recovered = 0;
  hls.on(Events.MANIFEST_PARSED, () => { applyMode(); listQualities(); });
  hls.on(Events.LEVEL_SWITCHED, (_, data) => {
    if (lastLevel >= 0 && lastLevel !== data.level) report.sums.switches += 1;
    lastLevel = data.level;
  });
  hls.on(Events.FRAG_BUFFERED, () => { tries = 0; });
  hls.on(Events.ERROR, (_, data) => {
    const status = data.response?.code;
    faults.push(`${Math.round(now())} ${data.details}`);
    if (faults.length > 20) faults.shift();
    if (data.details !== 'bufferStalledError' && status !== 404) report.sums.errors += 1;
    if (!data.fatal) return;
    if (status === 403) return refused();
    if (data.type === ErrorTypes.MEDIA_ERROR && now() - recovered > 5000) {
      recovered = now();
      hls.recoverMediaError();
      return;
    }
    reconnect(status);
  });
}

function refused() {
  report.failed = true;
  report.send(now());
  close();
  say('Not allowed', 'warn');
  notice(token ? 'The token of this address is wrong or has expired.' : 'This stream is for those who have a token.');
}

// A stream that ended may begin again.
async function lookForMore() {
  if (!video.ended) return;
  try {
    const level = hls?.levels?.[0]?.url?.[0] ?? hls?.levels?.[0]?.uri;
    const text = level ? await (await fetch(level, { cache: 'no-store' })).text() : '#EXT-X-ENDLIST';
    if (!text.startsWith('#EXTM3U') || text.includes('#EXT-X-ENDLIST')) throw new Error('still over');
    open();
  } catch {
    setTimeout(lookForMore, 5000);
  }
}

// --- how it is played ------------------------------------------------------------------------------------------------

function applyMode() {
  if (native) return;
  report.mode = fallback.mode;
  if (!hls) return;
  hls.lowLatencyMode = fallback.mode === 'low_latency';
  hls.autoLevelCapping = fallback.mode === 'lowest' ? 0 : -1;
}

function listQualities() {
  const list = $('quality');
  list.replaceChildren(new Option('Automatic', -1));
  hls.levels.forEach((level, index) => list.add(new Option(levelWords(level), index)));
}

function levelWords(level) {
  return `${level.height ? `${level.height}p` : 'sound'} · ${Math.round(level.bitrate / 1000)} kb/s`;
}

function play() {
  wantsPlay = true;
  video.play().catch(() => {});  // a browser may want a click first: the button says so
}

function goLive() {
  if (hls?.liveSyncPosition) video.currentTime = hls.liveSyncPosition;
  else if (video.seekable.length) video.currentTime = video.seekable.end(video.seekable.length - 1) - 1;
  play();
}

function setMuted(muted) {
  video.muted = muted;
  $('sound').hidden = !muted;
  $('mute').textContent = muted ? 'Sound on' : 'Sound off';
}

// --- what is seen of it ----------------------------------------------------------------------------------------------

// What the picture's own time says, by the server's clock; where nothing says it, how far behind the edge it is.
function latency() {
  const shown = hls ? hls.playingDate?.getTime()
    : video.getStartDate ? video.getStartDate().getTime() + video.currentTime * 1000 : NaN;
  if (Number.isFinite(shown)) return Date.now() + clockOffset - shown;
  return hls && Number.isFinite(hls.latency) && hls.latency > 0 ? hls.latency * 1000 : null;
}

function firstPicture() {
  if (report.startup_ms !== null || report.shown) return;
  report.shown = true;
  report.startup_ms = now();
  setMuted(video.muted);
  report.latency_ms = latency();
  report.height = video.videoHeight;
  report.send(now());
}

function beginStall() {
  if (!report.shown || video.paused || video.seeking || video.ended || stall !== null) return;
  stall = { at: now(), counted: false };
}

function countStall() {
  if (stall === null || stall.counted || now() - stall.at < SHORTEST_STALL_MS) return;
  stall.counted = true;
  report.sums.rebuffers += 1;
  if (!native && fallback.stalled(now())) applyMode();
}

function endStall() {
  if (stall?.counted) {
    report.sums.rebuffer_ms += now() - stall.at;
    stalledLately = true;
  }
  stall = null;
}

// hls.js plays faster while it is behind by less than a target duration; a long stall would stay for good. What somebody
// chose (a pause, a place further back) is left as it is.
function catchUp(at, playing) {
  const target = hls?.levels?.[hls.currentLevel]?.details?.targetduration;
  const behind = stalledLately && playing && fallback?.mode === 'low_latency' && target > 0
    && hls.latency > hls.targetLatency + target && hls.liveSyncPosition !== null;
  lost = behind ? lost ?? at : null;
  if (lost === null || at - lost < CATCH_UP_MS) return;
  lost = null;
  stalledLately = false;
  video.currentTime = hls.liveSyncPosition;
}

let ticked = now();
function tick() {
  const at = now();
  const passed = at - ticked;
  ticked = at;
  countStall();
  if (fallback?.tick(at)) applyMode();
  const playing = report.shown && !video.paused && !video.ended && stall === null;
  if (playing) report.sums.watch_ms += passed;
  if (report.shown) {
    report.latency_ms = video.ended ? null : latency();
    report.height = video.videoHeight;
  }
  catchUp(at, playing);
  show(playing);
  if (about && report.tick(at)) open();  // its requests have the new name, too
}

function show(playing) {
  if (video.ended) say('Ended');
  else if (stall?.counted) say('Waiting for data', 'warn');
  else if (playing) say('Live', 'live');
  else if (report.shown && video.paused) say('Paused');
  const seconds = (ms, digits) => `${(ms / 1000).toFixed(digits)} s`;
  $('latency').textContent = report.latency_ms === null ? '–' : seconds(report.latency_ms, 2);
  const level = hls?.levels?.[hls.currentLevel];
  $('rendition').textContent = level ? levelWords(level) : video.videoHeight ? `${video.videoHeight}p` : '–';
  $('rebuffers').textContent = report.sums.rebuffers
    ? `${report.sums.rebuffers} (${seconds(report.sums.rebuffer_ms, 1)})` : '0';
  $('startup').textContent = report.shown ? seconds(report.startup_ms ?? 0, 2) : '–';
  $('mode').textContent = { low_latency: 'Low latency', plain: 'Plain', lowest: 'Lowest rendition', native: 'Browser' }[report.mode];
  const ranges = video.buffered;
  $('buffer').textContent = ranges.length ? seconds(Math.max(0, ranges.end(ranges.length - 1) - video.currentTime) * 1000, 1) : '–';
  $('play').textContent = video.paused ? 'Play' : 'Pause';
  $('live').dataset.tone = playing && report.latency_ms !== null && report.latency_ms < 10_000 ? 'live' : '';
}

// --- hands -----------------------------------------------------------------------------------------------------------

const actions = {
  ' ': () => { if (video.paused) play(); else { wantsPlay = false; video.pause(); } },
  m: () => setMuted(!video.muted),
  l: goLive,
  f: () => (document.fullscreenElement ? document.exitFullscreen() : $('stage').requestFullscreen?.()),
};
document.addEventListener('keydown', (event) => {
  const action = actions[event.key.toLowerCase()];
  if (!action || event.ctrlKey || event.altKey || event.metaKey || event.target.matches('button, select')) return;
  event.preventDefault();
  action();
});
$('play').onclick = actions[' '];
$('live').onclick = goLive;
$('mute').onclick = $('sound').onclick = actions.m;
$('full').onclick = actions.f;
$('quality').onchange = () => { if (hls) hls.nextLevel = Number($('quality').value); };

for (const name of ['waiting', 'stalled']) video.addEventListener(name, () => { if (name === 'waiting') beginStall(); });
video.addEventListener('playing', endStall);
video.addEventListener('timeupdate', () => { if (video.readyState > 2) endStall(); });
video.addEventListener('seeking', endStall);
video.addEventListener('pause', () => { stalledLately = false; });
video.addEventListener('ended', () => setTimeout(lookForMore, 2000));
video.addEventListener('error', () => { if (native) reconnect(); });
if (video.requestVideoFrameCallback) video.requestVideoFrameCallback(firstPicture);
else video.addEventListener('playing', firstPicture);
addEventListener('pagehide', () => { if (report.number > 0) report.send(now(), true); });
addEventListener('pageshow', (event) => { if (event.persisted) { report.begin_anew(); open(); } });

setInterval(tick, TICK_MS);
globalThis.mainstay = { report, faults, get hls() { return hls; }, get fallback() { return fallback; } };  // for tests and the curious

learn().then(() => {
  fallback = new Fallback(about.low_latency, now());
  open();
}, () => {
  const again = () => learn().then(() => { fallback = new Fallback(about.low_latency, now()); open(); }, () => setTimeout(again, 2000));
  say('Reconnecting', 'warn');
  setTimeout(again, 1000);
});
