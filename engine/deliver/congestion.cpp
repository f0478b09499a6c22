#include "engine/deliver/congestion.h"

#include <fmt/core.h>

#include <algorithm>

namespace mainstay {

void CongestionMeter::begin(Instant now) {
  *this = CongestionMeter(policy_);
  catching_up_to_ = now + policy_.catch_up;
}

bool CongestionMeter::update(Instant now, const CongestionReading& reading) {
  const Nanos excess = std::max(reading.waiting, reading.below - reading.rtt);
  const std::int64_t lost = reading.dropped - dropped_;
  dropped_ = reading.dropped;
  if (excess <= policy_.clear) catching_up_to_ = Instant::min();
  const bool slow = excess > policy_.raise && now >= catching_up_to_;
  if (reading.resent_pct < policy_.resent_pct) {
    resending_since_.reset();
  } else if (!resending_since_) {
    resending_since_ = now;
  }
  const bool lossy = resending_since_ && now - *resending_since_ >= policy_.resent_for;
  if (slow || lossy || lost > 0) {
    good_since_.reset();
    // The figure alone is no news: it would be an event every tenth of a second.
    if (congested_ && lost == 0) return false;
    congested_ = true;
    why_ = "the network carries less than the program: ";
    if (lost > 0) {
      why_ += fmt::format("{} packets dropped", reading.dropped);
    } else if (slow) {
      why_ += fmt::format("{} ms waiting", std::chrono::duration_cast<Millis>(excess).count());
    } else {
      why_ += fmt::format("{:.0f} % of what is sent got lost before", reading.resent_pct);
    }
    return true;
  }
  if (!congested_) return false;
  if (excess > policy_.clear || reading.resent_pct > policy_.resent_clear_pct) {
    good_since_.reset();
    return false;
  }
  if (!good_since_) good_since_ = now;
  if (now - *good_since_ < policy_.hold) return false;
  congested_ = false;
  why_.clear();
  return true;
}

}  // namespace mainstay
