// How fast an encoder may run so that no second of its stream exceeds a cap.
// Plain functions and values.
// Thread-safety: any thread.
#pragma once

#include <optional>
#include <string>

#include "engine/media/rate.h"

namespace mainstay {

struct RateWish {
  int kbps = 0;    ///< mean
  int vbv_ms = 0;  ///< size of the decoder's buffer at that rate
  Rate rate;
  std::optional<int> max_kbps;    ///< what the highest sliding second may hold
  std::optional<int> max_vbv_ms;  ///< largest buffer
};

struct RatePlan {
  int kbps = 0;
  int maxrate_kbps = 0;
  int vbv_kbits = 0;
  std::string note;  ///< what was changed and why; empty: nothing
};

/// A buffer of size B filled at rate R lets through at most R·T + B in any time T. When the configured rate and buffer
/// could break the cap, the buffer gives way first, down to 0.2 s (a smaller one starves key frames), then the rate.
RatePlan plan_rate(const RateWish& wish);

}  // namespace mainstay
