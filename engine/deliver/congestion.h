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
  Nanos raise = Millis(200);  ///< media time waiting, in our queue or below, from which the leg is degraded
  Nanos clear = Millis(100);  ///< below this it recovers,
  Nanos hold = Seconds(3);    ///< when that long nothing waits, nothing is dropped and little is sent again
  /// SRT may spend a quarter of the rate on sending again, a good line a few percent of it: from here on the line drops
  /// what it cannot carry,
  double resent_pct = 10;
  Nanos resent_for = Seconds(1);  ///< when it lasts; one burst of loss, mended in time, is what SRT is for
  double resent_clear_pct = 5;    ///< below this it recovers
  Nanos catch_up = Seconds(8);    ///< at most so long a new connection may take to work off the GOP it starts with
};

struct CongestionReading {
  Nanos waiting{0};          ///< media time in our queue
  Nanos below{0};            ///< in the transport's buffers,
  Nanos rtt{0};              ///< of which so much is in flight on any good day
  std::int64_t dropped = 0;  ///< packets lost so far
  double resent_pct = 0;     ///< of what the transport sent over the last second
};

class CongestionMeter {
 public:
  explicit CongestionMeter(CongestionPolicy policy) : policy_(policy) {}

  /// A new connection: what waits now is the GOP it starts with.
  void begin(Instant now);
  /// Returns true when congested() or why() changed.
  bool update(Instant now, const CongestionReading& reading);

  bool congested() const { return congested_; }
  /// In words, for the operator.
  const std::string& why() const { return why_; }

 private:
  CongestionPolicy policy_;
  Instant catching_up_to_{};
  std::optional<Instant> good_since_;
  std::optional<Instant> resending_since_;
  std::int64_t dropped_ = 0;
  bool congested_ = false;
  std::string why_;
};

}  // namespace mainstay
