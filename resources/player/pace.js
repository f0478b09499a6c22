// Where the picture is kept while the stream is live: put right at the start, a little faster while it is behind, forward
// after a loss that lasts, and still for a moment where the network needs a store. A plain value with time handed in, so
// that it can be tested alone. Times of the video are in seconds, of the clock in milliseconds.
const NEAR_S = 0.2;         // closer to its place is at its place
const AHEAD_S = 0.4;        // must be loaded beyond a place to go on from there without a stall
const FRESH_MS = 5000;      // a start that was not put right by then is left to the rate
const EARLY_MS = 15_000;
const EARLY_RATE = 1.3;     // nobody minds at the start, nor without sound
const LATER_RATE = 1.1;
const LOST_MS = 5000;
const FORGIVEN_MS = 30_000;
const LONGEST_FILL_MS = 8000;

export class Pace {
  constructor() {
    this.lastStall = null;  // when it was; null: none
    this.owed = false;      // what it cost was not made good
    this.opened();
  }

  // The stream is opened, anew or for the first time. A player picks its place when it has the first playlist; until
  // it plays, the stream has gone on by all that it had to load.
  opened() {
    this.fresh = true;
    this.since = null;    // it plays since then
    this.behind = null;   // since when it is further behind than a faster rate makes good; null: it is not
    this.filling = null;  // how much is wanted, and since when; null: it is not waiting for that
    this.increased = false;  // hls.js stays further behind because of stalls
  }

  // Somebody chose where to be, or to stand still: that is left as it is.
  chosen() {
    this.fresh = false;
    this.behind = null;
    this.filling = null;
    this.owed = false;
  }

  stalled(at) {
    this.lastStall = at;
    this.owed = true;
    this.increased = true;
  }

  // What to do with a picture that plays at `position`, while it should be at `live` and what is loaded ends at `loaded`;
  // `segment` is the longest one's length. Where to go on from; null: from where it is. Only to what is loaded: where
  // the network does not carry it, going forward would be the next stall.
  next(at, { position, live, loaded, segment }) {
    this.since ??= at;
    const late = live - position;
    const there = loaded >= live + AHEAD_S;
    if (this.fresh) {
      const over = at - this.since >= FRESH_MS;
      const go = !over && late > NEAR_S && there;
      this.fresh = !go && !over && late > NEAR_S;
      this.owed ||= over && late > segment;
      if (go) return live;
    }
    // What somebody left behind by hand is theirs; what a stall cost is not.
    this.behind = this.owed && late > segment ? this.behind ?? at : null;
    if (this.behind === null || at - this.behind < LOST_MS || !there) return null;
    this.behind = null;
    this.owed = false;
    return live;
  }

  // It does not play: nothing lasts.
  idle() { this.behind = null; }

  // The fastest that may be played to catch up.
  rate(at, muted) {
    return muted || this.since === null || at - this.since < EARLY_MS ? EARLY_RATE : LATER_RATE;
  }

  // Each stall makes hls.js stay further behind, and nothing makes it come back. True, once: it may.
  forgives(at) {
    if (!this.increased || at - this.lastStall < FORGIVEN_MS) return false;
    this.increased = false;
    return true;
  }

  // At the live edge there is never more to load than what just came, so every gap in the network stands on the screen.
  // One longer wait, until `seconds` are loaded, is better than many.
  fill(at, seconds) { this.filling = { at, seconds }; }

  // True, once: it has waited enough.
  filled(at, ahead) {
    if (this.filling === null || ahead < this.filling.seconds && at - this.filling.at < LONGEST_FILL_MS) return false;
    this.filling = null;
    return true;
  }
}
