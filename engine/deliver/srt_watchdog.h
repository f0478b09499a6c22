// Tells a dead SRT receiver from a slow one by its answers: a live one acknowledges every 10 ms for as long as anything
// is on its way to it, or says what it misses. libsrt itself takes over 5 s to give up, whatever its options say.
// Owned by an SRT transport.
// Thread-safety: one thread at a time.
#pragma once

#include <cstdint>

#include "engine/core/time.h"

namespace mainstay {

class AckWatchdog {
 public:
  explicit AckWatchdog(Instant now) : last_look_(now), last_ack_(now) {}

  /// To be called every 50 ms or so. `answers`: acknowledgements and reports of loss since the connection was made;
  /// `waiting`: something was sent that is not acknowledged; `rtt`: the round trip as it is now.
  void update(Instant now, std::int64_t answers, bool waiting, Nanos rtt);

  /// For how long nothing was answered although something was sent.
  Nanos silence() const { return silence_; }
  /// The silence that a live receiver does not keep: 1.5 s, or four round trips where those are longer.
  Nanos limit() const { return limit_; }
  bool lost() const { return silence_ >= limit_; }
  /// When the receiver last showed that it takes what we send.
  Instant last_ack() const { return last_ack_; }

 private:
  Instant last_look_;
  Instant last_ack_;
  std::int64_t answers_ = 0;
  Nanos silence_{0};
  Nanos limit_ = Millis{1500};
};

}  // namespace mainstay
