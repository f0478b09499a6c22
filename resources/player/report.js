// What this page tells the server of itself: sums since it opened, every few seconds, at its first picture and at its
// end. No name, no cookie: the session lives as long as the page.
const EVERY_MS = 5000;
const LONGEST_SILENCE_MS = 25_000;  // after more (a laptop that slept, no network), the server has closed the session

export function newSession() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (b) => b.toString(16).padStart(2, '0')).join('');
}

export class Report {
  constructor(address) {
    this.address = address;
    this.session = newSession();
    this.number = 0;
    this.sums = { rebuffers: 0, rebuffer_ms: 0, switches: 0, watch_ms: 0, errors: 0 };
    this.startup_ms = null;
    this.latency_ms = null;
    this.mode = 'plain';
    this.height = 0;
    this.failed = false;
    this.sent = 0;
    this.heard = { at: 0, sums: { ...this.sums } };  // what of it the server has, and since when
    this.last = null;  // what was sent, for whoever compares
  }

  // Called about four times a second. True: the session is another one from now on.
  tick(now) {
    const anew = this.number > 0 && now - this.heard.at > LONGEST_SILENCE_MS;
    if (anew) this.begin_anew();
    if (now - this.sent >= EVERY_MS) this.send(now);
    return anew;
  }

  // What the server has of the sums is told; the new session has the rest.
  begin_anew() {
    this.session = newSession();
    this.number = 0;
    for (const key of Object.keys(this.sums)) this.sums[key] -= this.heard.sums[key] ?? 0;
    this.heard.sums = {};
    this.startup_ms = null;  // it was told once
  }

  send(now, ended = false) {
    this.number += 1;
    this.sent = now;
    if (this.number === 1) this.heard = { at: now, sums: {} };
    const told = { session: this.session, heard: { at: now, sums: { ...this.sums } } };
    const round = (value) => (value === null ? null : Math.round(value));
    this.last = {
      session: this.session, number: this.number, mode: this.mode, startup_ms: round(this.startup_ms),
      rebuffers: this.sums.rebuffers, rebuffer_ms: round(this.sums.rebuffer_ms), switches: this.sums.switches,
      watch_ms: round(this.sums.watch_ms), errors: this.sums.errors, failed: this.failed,
      latency_ms: this.latency_ms === null ? null : Math.max(0, round(this.latency_ms)), height: this.height, ended,
    };
    const body = JSON.stringify(this.last);
    if (ended && navigator.sendBeacon) {
      this.heard = told.heard;
      return void navigator.sendBeacon(this.address, body);
    }
    fetch(this.address, { method: 'POST', body, keepalive: true }).then((answer) => {
      if (answer.ok && told.session === this.session) this.heard = told.heard;
    }, () => {});  // the next one holds it all
  }
}
