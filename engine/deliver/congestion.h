// Says when a connection carries less than the program makes: quick to raise, slow to clear, so that the state of a leg
// does not flutter.
// Owned by a leg's session.
// Thread-safety: one thread at a time.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "engine/core/time.h"

namespace mainstay {

struct CongestionPolicy {
  Nanos raise = Millis(200);    ///< media time waiting, in our queue or below, from which the leg is degraded
  Nanos clear = Millis(100);    ///< below this it recovers,
  Nanos hold = Seconds(3);      ///< when that long nothing waits and nothing is dropped
  Nanos catch_up = Seconds(8);  ///< at most so long a new connection may take to work off the GOP it starts with
};

class CongestionMeter {
 public:
  explicit CongestionMeter(CongestionPolicy policy) : policy_(policy) {}

  /// A new connection: what waits now is the GOP it starts with.
  void begin(Instant now);
  /// `waiting`: media time in our queue; `below`: in the transport's buffers, `rtt` of which is in flight on any good
  /// day; `dropped`: packets lost so far. Returns true when congested() or why() changed.
  bool update(Instant now, Nanos waiting, Nanos below, Nanos rtt, std::int64_t dropped);

  bool congested() const { return congested_; }
  /// In words, for the operator.
  const std::string& why() const { return why_; }

 private:
  CongestionPolicy policy_;
  Instant catching_up_to_{};
  std::optional<Instant> good_since_;
  std::int64_t dropped_ = 0;
  bool congested_ = false;
  std::string why_;
};

}  // namespace mainstay
