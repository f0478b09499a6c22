// How the stream is played while the network carries less and less: low latency, plain HLS, the lowest rendition; and
// up again after a while without a stall. A plain value with time handed in, so that it can be tested alone.
export const MODES = ['low_latency', 'plain', 'lowest'];

const WINDOW_MS = 30_000;  // stalls count for so long
const STALLS = { low_latency: 3, plain: 2, lowest: Infinity };
const STANDING_MS = 5000;  // of one stall weigh as much as another
const CALM_MS = 90_000;    // without a stall before a step up
const LONGEST_CALM_MS = 15 * 60_000;

export class Fallback {
  constructor(lowLatency, now) {
    this.first = lowLatency ? 0 : 1;
    this.at = this.first;
    this.stalls = [];
    this.since = now;
    this.calm = CALM_MS;
  }

  get mode() { return MODES[this.at]; }

  // True when the mode changed.
  stalled(now) {
    this.stalls = this.stalls.filter((at) => now - at < WINDOW_MS);
    this.stalls.push(now);
    this.since = now;
    if (this.stalls.length < STALLS[this.mode]) return false;
    this.stalls = [];
    // One that did not hold what it promised waits longer for its next chance.
    if (this.raised === this.at) this.calm = Math.min(this.calm * 2, LONGEST_CALM_MS);
    this.at += 1;
    return true;
  }

  // Called while the picture stands: few long stalls are no better than many short ones. True when the mode changed.
  stands(now) {
    return now - this.since >= STANDING_MS && this.stalled(now);
  }

  // True when the mode changed.
  tick(now) {
    if (this.at === this.first || now - this.since < this.calm) return false;
    this.at -= 1;
    this.raised = this.at;
    this.since = now;
    this.stalls = [];
    return true;
  }
}

// How long to wait before the next try to connect, in ms.
export function backoff(tries) {
  return Math.min(1000 * 2 ** Math.min(tries, 5), 30_000);
}
