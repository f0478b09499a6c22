#include "engine/core/backoff.h"

#include <algorithm>
#include <limits>

namespace mainstay {

Nanos Backoff::next() {
  Nanos full = policy_.first;
  for (int i = 0; i < failures_ && full < policy_.longest; ++i) full *= 2;
  full = std::min(full, policy_.longest);
  if (failures_ < std::numeric_limits<int>::max()) ++failures_;
  // Not std::uniform_int_distribution: its values differ between standard libraries, and a seed should mean one thing.
  const auto spread = static_cast<std::uint64_t>(full.count() / 100 * policy_.jitter_pct);
  return full - Nanos(static_cast<std::int64_t>(random_() % (spread + 1)));
}

}  // namespace mainstay
