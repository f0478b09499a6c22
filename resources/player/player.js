// The page: opens the stream by hls.js, or by the browser itself where it can; shows how it goes; keeps it going.
import { Fallback, backoff } from '/player/fallback.js';
import { Pace } from '/player/pace.js';
import { Report } from '/player/report.js';

const $ = (id) => document.getElementById(id);
const video = $('video');
const now = () => performance.now();  // ms since the page was opened
const token = new URLSearchParams(location.search).get('token');
const withToken = (address) => (token ? `${address}?token=${encodeURIComponent(token)}` : address);
const TICK_MS = 250;
const SHORTEST_STALL_MS = 120;  // below that nobody sees it
const STILL_MS = 200;
const LONG_SEEK_MS = 1000;
const LEARN_MS = 8000;
const MOST_FILL_S = 6;
const MAKING_S = 0.5;  // from a picture to the playlist that lists it: encoding and packaging

const faults = [];  // the last ones, for whoever looks for a reason
const report = new Report(withToken('/beacon'));
const pace = new Pace();
let about = null;
let clockOffset = 0;  // the server's UTC less ours
let hls = null;
let fallback = null;
let native = false;
let tries = 0;
let retry = 0;   // the timer; 0: none
let away = '';  // what is said while there is no connection
let stall = null;  // when it began; null: none
let position = 0;  // of the picture when it last moved
let movedAt = 0;
let lastLevel = -1;
let wantsPlay = true;
let aimed = false;  // this hls.js was told how far behind to be, and keeps to it

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
  const answer = await fetch('/player/show.json', { cache: 'no-store', signal: AbortSignal.timeout?.(LEARN_MS) });
  if (!answer.ok) throw new Error(`the server says ${answer.status}`);
  about = await answer.json();
  clockOffset = about.utc_ms - (asked + Date.now()) / 2;
  $('title').textContent = document.title = about.title || about.name;
}

// hls.js alone would try for half a minute; reconnect() tries for ever, and says so.
const FEW_TRIES = { maxNumRetry: 2, retryDelayMs: 500, maxRetryDelayMs: 2000 };

function config() {
  return {
    lowLatencyMode: fallback.mode === 'low_latency',
    maxLiveSyncPlaybackRate: pace.rate(now(), video.muted),  // latency that was lost is caught up
    startFragPrefetch: true,
    fragLoadPolicy: { default: { ...globalThis.Hls.DefaultConfig.fragLoadPolicy.default, errorRetry: FEW_TRIES } },
    cmcd: { sessionId: report.session, contentId: about.name, useHeaders: false },
  };
}

function open() {
  clearTimeout(retry);
  retry = 0;
  close();
  pace.opened();
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
  aimed = false;
  video.playbackRate = 1;
}

// Whatever else fails until then changes nothing: a player that lost its connection says so more than once.
function reconnect(why) {
  if (retry) return;
  hls?.stopLoad();
  const wait = backoff(tries);
  tries += 1;
  away = why === 404 ? 'Waiting for the stream' : 'Reconnecting';
  say(away, 'warn');
  // Off air is no fault: look again soon.
  retry = setTimeout(again, why === 404 ? Math.min(wait, 2000) : wait);
}

function again() {
  clearTimeout(retry);
  learn().then(open, () => {
    retry = 0;
    reconnect();
  });
}

function listen(library) {
  const { Events, ErrorTypes } = library;
  let recovered = 0;
  hls.on(Events.MANIFEST_PARSED, () => { applyMode(); listQualities(); });
  hls.on(Events.LEVEL_SWITCHED, (_, data) => {
    if (lastLevel >= 0 && lastLevel !== data.level) report.sums.switches += 1;
    lastLevel = data.level;
  });
  hls.on(Events.FRAG_BUFFERED, () => {
    tries = 0;
    away = '';
  });
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
  if (aimed) aim();
}

// How far behind the edge to be, as the playlist says; what stalls have added to it is forgotten.
function aim() {
  const details = hls.latestLevelDetails;
  if (!details) return;
  aimed = true;
  hls.targetLatency = (hls.lowLatencyMode && details.partHoldBack) || details.holdBack || 3 * details.targetduration;
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
  pace.chosen();
  endFill();
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

// Whether the picture goes on, its own time says: browsers tell of waiting once, and of playing before it does.
function watchMotion(at) {
  if (video.paused || video.ended) {
    movedAt = at;
    endStall();
  } else if (video.currentTime !== position && !video.seeking && video.readyState > 1) {
    position = video.currentTime;
    movedAt = at;
    if (pace.filling === null) endStall();
    if (native) away = '';
  } else if (at - movedAt > (video.seeking ? LONG_SEEK_MS : STILL_MS)) beginStall(movedAt);
}

function beginStall(at) {
  if (!report.shown || video.paused || video.ended || stall !== null) return;
  stall = { at, counted: false };
}

function countStall() {
  if (stall === null || now() - stall.at < SHORTEST_STALL_MS) return;
  const first = !stall.counted;
  stall.counted = true;
  if (first) report.sums.rebuffers += 1;
  if (native) return;
  // Waiting for a store, or for a connection, says nothing of how much the network carries.
  if (!(first ? fallback.stalled(now()) : pace.filling === null && !away && fallback.stands(now()))) return;
  applyMode();
  fill();
}

// The mode fell in the middle of a stall: the picture stays until there is a store to play from.
function fill() {
  const segment = hls?.latestLevelDetails?.targetduration;
  if (!segment) return;
  pace.fill(now(), Math.min(2 * segment, MOST_FILL_S));
  video.playbackRate = 0;  // hls.js leaves it at that, and loads on
}

function endFill() {
  pace.filling = null;
  if (video.playbackRate === 0) video.playbackRate = 1;
}

function endStall() {
  if (stall?.counted) {
    report.sums.rebuffer_ms += now() - stall.at;
    pace.stalled(now());
  }
  stall = null;
}

// How much is loaded beyond the picture, in seconds.
function ahead() {
  for (let i = 0; i < video.buffered.length; i += 1) {
    if (video.buffered.start(i) <= video.currentTime + 0.1 && video.buffered.end(i) > video.currentTime)
      return video.buffered.end(i) - video.currentTime;
  }
  return 0;
}

function keepPace(at, playing) {
  if (pace.filled(at, ahead())) endFill();
  if (!hls) return;
  hls.config.maxLiveSyncPlaybackRate = pace.rate(at, video.muted);
  const segment = hls.latestLevelDetails?.targetduration;
  const live = livePlace();
  if (!playing || !segment || live === null) return pace.idle();
  if (pace.forgives(at)) aim();
  const place = pace.next(at, {
    position: video.currentTime, live, loaded: video.currentTime + ahead(), segment,
  });
  if (place !== null) video.currentTime = place;
}

// Where the picture should be. Without parts, the first playlist does not say how old its end is, which may be by a whole
// segment; dates do.
function livePlace() {
  const shown = hls.playingDate?.getTime();
  if (fallback.mode === 'low_latency' || !Number.isFinite(shown) || hls.targetLatency === null) return hls.liveSyncPosition;
  return video.currentTime + (Date.now() + clockOffset - shown) / 1000 - hls.targetLatency - MAKING_S;
}

let ticked = now();
function tick() {
  const at = now();
  const passed = at - ticked;
  ticked = at;
  watchMotion(at);
  countStall();
  if (fallback?.tick(at)) applyMode();
  const playing = report.shown && !video.paused && !video.ended && stall === null;
  if (playing) report.sums.watch_ms += passed;
  if (report.shown) {
    report.latency_ms = video.ended ? null : latency();
    report.height = video.videoHeight;
  }
  keepPace(at, playing);
  show(playing);
  if (about && report.tick(at) && !retry) open();  // its requests have the new name, too
}

function show(playing) {
  if (video.ended) say('Ended');
  else if (stall?.counted) say(away || 'Waiting for data', 'warn');
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
  $('buffer').textContent = video.buffered.length ? seconds(ahead() * 1000, 1) : '–';
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

video.addEventListener('waiting', () => { if (!video.seeking) beginStall(now()); });
video.addEventListener('timeupdate', () => watchMotion(now()));
video.addEventListener('seeking', () => { position = video.currentTime; });
video.addEventListener('pause', () => { pace.chosen(); endFill(); });
video.addEventListener('ended', () => setTimeout(lookForMore, 2000));
video.addEventListener('error', () => { if (native) reconnect(); });
if (video.requestVideoFrameCallback) video.requestVideoFrameCallback(firstPicture);
else video.addEventListener('playing', firstPicture);
addEventListener('pagehide', () => { if (report.number > 0) report.send(now(), true); });
addEventListener('pageshow', (event) => { if (event.persisted) { report.begin_anew(); open(); } });

addEventListener('online', () => { if (retry) again(); });

setInterval(tick, TICK_MS);
globalThis.mainstay = { report, faults, pace, get hls() { return hls; }, get fallback() { return fallback; } };  // for tests and the curious

learn().then(() => {
  fallback = new Fallback(about.low_latency, now());
  open();
}, () => {
  const first = () => learn().then(() => { fallback = new Fallback(about.low_latency, now()); open(); }, () => setTimeout(first, 2000));
  say('Reconnecting', 'warn');
  setTimeout(first, 1000);
});
