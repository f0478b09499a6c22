#include "engine/deliver/srt_watchdog.h"

#include <algorithm>

namespace mainstay {

namespace {

constexpr Nanos kShortestLimit = Millis{1500};
constexpr int kRoundTrips = 4;
// A longer gap between two looks is our own stall (a suspended machine), in which no acknowledgement could be counted:
// it must not pass for the receiver's silence.
constexpr Nanos kLongestLook = Millis{250};

}  // namespace

void AckWatchdog::update(Instant now, std::int64_t answers, bool waiting, Nanos rtt) {
  const Nanos passed = std::clamp(now - last_look_, Nanos{0}, kLongestLook);
  last_look_ = now;
  limit_ = std::max(kShortestLimit, rtt * kRoundTrips);
  if (answers != answers_ || !waiting) {
    answers_ = answers;
    silence_ = Nanos{0};
    last_ack_ = now;
    return;
  }
  silence_ += passed;
}

}  // namespace mainstay
