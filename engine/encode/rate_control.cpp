#include "engine/encode/rate_control.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

namespace mainstay {

namespace {

constexpr double kSmallestBufferSeconds = 0.2;
// x264 predicts a picture's size and misses by a little; measured on noise with a cut every second.
constexpr double kMargin = 0.02;

}  // namespace

RatePlan plan_rate(const RateWish& wish) {
  const int vbv_ms = wish.max_vbv_ms ? std::min(wish.vbv_ms, *wish.max_vbv_ms) : wish.vbv_ms;
  RatePlan plan{wish.kbps, wish.kbps, std::max(1, wish.kbps * vbv_ms / 1000), {}};
  if (vbv_ms < wish.vbv_ms) {
    plan.note = fmt::format("VBV {} ms instead of {} ms: cap max_vbv_ms", vbv_ms, wish.vbv_ms);
  }
  if (!wish.max_kbps) return plan;
  const double cap = *wish.max_kbps;
  if (wish.kbps * (1 + vbv_ms / 1000.0) <= cap) return plan;

  // In one second the buffer is filled up once less often than pictures are taken out of it.
  const double second = std::max(0.5, 1 - 1 / wish.rate.fps());
  const double budget = cap * (1 - kMargin);
  const double room = budget - wish.kbps * second;
  const double smallest = std::min(kSmallestBufferSeconds, vbv_ms / 1000.0);
  if (room >= wish.kbps * smallest) {
    plan.vbv_kbits = std::min(plan.vbv_kbits, static_cast<int>(room));
  } else {
    plan.kbps = plan.maxrate_kbps = std::max(1, static_cast<int>(budget / (second + smallest)));
    plan.kbps = plan.maxrate_kbps = std::min(plan.kbps, wish.kbps);
    plan.vbv_kbits = std::max(1, static_cast<int>(plan.kbps * smallest));
  }
  if (!plan.note.empty()) plan.note += "; ";
  plan.note +=
      fmt::format("{} kb/s with {} ms of VBV instead of {} kb/s with {} ms, so that no second exceeds {} kb/s",
                  plan.kbps, std::lround(plan.vbv_kbits * 1000.0 / plan.kbps), wish.kbps, vbv_ms, *wish.max_kbps);
  return plan;
}

}  // namespace mainstay
