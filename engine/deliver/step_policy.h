// Which rung of the ladder a leg shall send: down fast when its network does not carry what is sent, up again after
// calm, one rung at a time, and more and more rarely when the higher one does not hold.
// Owned by a Leg; outlives its connections. Pure: no thread and no clock inside.
// Thread-safety: one thread at a time (the leg's).
//
// The goals pull apart. A rung too high makes what is sent late, and then drops it; a rung too low gives viewers a
// worse picture than they could have; each change is seen. So down goes straight to the rung that fits what the network
// was measured to carry while it was full, not rung by rung at a key frame each. What waits after that step is old and
// says nothing about the new rung: only that it does not get less does. Up is a guess, as an idle line does not say
// what it could carry: it is tried after calm, and each try that does not hold doubles the wait for the next one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/core/time.h"
#include "engine/deliver/congestion.h"

namespace mainstay {

/// A video rendition that a leg may send.
struct Rung {
  std::string name;
  int kbps = 0;  ///< of the sound too
  friend bool operator==(const Rung&, const Rung&) = default;
};

/// What a leg may send, the one it shall send first. Of one or none there is nothing to step to.
struct LegLadder {
  std::vector<Rung> rungs;
  Nanos up_after = Seconds(10);  ///< calm before the next higher one is tried

  bool steps() const { return rungs.size() > 1; }
  friend bool operator==(const LegLadder&, const LegLadder&) = default;
};

struct StepLimits {
  Nanos raise = Millis(500);       ///< media time waiting from which the rung is too high, when it does not fall
  Nanos clear = Millis(100);       ///< below this it is calm
  Nanos trend = Seconds(1);        ///< over which what waits is compared,
  Nanos least_fall = Millis(100);  ///< and has to fall by this
  Nanos settle = Seconds(2);       ///< after a change, until the new rung is judged
  double resent_pct = 10;          ///< as in CongestionPolicy
  Nanos resent_for = Seconds(3);   ///< when it lasts
  double resent_clear_pct = 5;
  double headroom = 0.85;              ///< of the rate measured, a rung may take so much
  Nanos most_up_after = Seconds(300);  ///< the wait for the next try grows up to this
  Nanos least_holding = Seconds(20);   ///< a try that lasts that long, and as long as it was waited for, has held
};

class StepPolicy {
 public:
  explicit StepPolicy(LegLadder ladder) : StepPolicy(std::move(ladder), StepLimits{}) {}
  StepPolicy(LegLadder ladder, StepLimits limits);

  /// Another ladder: goes on with the rung of the same name, or wants the first.
  void change(LegLadder ladder);
  /// A new connection; it starts with wanted().
  void begin(Instant now);
  /// A connection that was made is lost. A rung that was just tried has not held.
  void lost(Instant now);
  /// About every tenth of a second. `kbps`: what the network took over the last second.
  void update(Instant now, const CongestionReading& reading, double kbps);
  /// From now on this rung is sent.
  void took(Instant now, std::size_t rung);

  const std::vector<Rung>& rungs() const { return ladder_.rungs; }
  /// Index of the rung that shall be sent from its next key frame on, and why not the one there is, in words.
  std::size_t wanted() const { return wanted_; }
  const std::string& why() const { return why_; }
  std::size_t current() const { return current_; }
  /// Calm that it waits for now before the next higher rung is tried.
  Nanos wait() const { return wait_for(current_ == 0 ? 0 : current_ - 1); }

 private:
  enum class Trouble { none, slow, lossy, dropped };
  struct Sample {
    Instant at;
    Nanos excess;
  };

  void settle(Instant now);
  bool falls(Instant now, Nanos excess) const;
  bool lossy(Instant now, double resent_pct);
  void judge_loss(Instant now, double resent_pct);
  Trouble trouble(Instant now, Nanos excess, std::int64_t lost, double resent_pct);
  void down(Trouble trouble, const CongestionReading& reading, Nanos excess, double kbps);
  void stay_or_up(Instant now, bool calm, Nanos excess);
  void judge_try(Instant now);
  void try_failed();
  Nanos wait_for(std::size_t rung) const;
  std::size_t fitting(double kbps) const;

  LegLadder ladder_;
  const StepLimits limits_;
  std::size_t current_ = 0;
  std::size_t wanted_ = 0;
  std::string why_;
  std::deque<Sample> samples_;  // of the last `trend`
  Instant settled_from_{};      // of the last change or connection
  std::int64_t dropped_ = 0;
  std::optional<Instant> calm_since_;
  // A lower rung is wanted, and not there yet.
  Trouble trouble_ = Trouble::none;
  Nanos peak_{0};  // most that waited since
  // Loss that a lower rung does not lessen is the line's, not ours: it moves nothing any more.
  std::optional<Instant> lossy_since_;
  double resent_before_ = 0;  // of the step that is to be judged by it; 0: none is
  bool lines_loss_ = false;
  // Tries to go up.
  std::optional<Instant> tried_at_;    // the rung there is was tried then, and is on trial
  std::optional<std::size_t> failed_;  // the lowest rung that did not hold
  Nanos backoff_;                      // calm before that one is tried again
};

}  // namespace mainstay
