#include "engine/deliver/congestion.h"

#include <fmt/core.h>

#include <algorithm>

namespace mainstay {

void CongestionMeter::begin(Instant now) {
  *this = CongestionMeter(policy_);
  catching_up_to_ = now + policy_.catch_up;
}

bool CongestionMeter::update(Instant now, Nanos waiting, Nanos below, Nanos rtt, std::int64_t dropped) {
  const Nanos excess = std::max(waiting, below - rtt);
  const std::int64_t lost = dropped - dropped_;
  dropped_ = dropped;
  if (excess <= policy_.clear) catching_up_to_ = Instant::min();
  const bool slow = excess > policy_.raise && now >= catching_up_to_;
  if (slow || lost > 0) {
    const auto ms = std::chrono::duration_cast<Millis>(excess).count();
    std::string why = lost > 0 ? fmt::format("the network carries less than the program: {} packets dropped", dropped)
                               : fmt::format("the network carries less than the program: {} ms waiting", ms);
    good_since_.reset();
    // The figure alone is no news: it would be an event every tenth of a second.
    if (congested_ && lost == 0) return false;
    congested_ = true;
    why_ = std::move(why);
    return true;
  }
  if (!congested_) return false;
  if (excess > policy_.clear) {
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
