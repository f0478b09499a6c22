#include "engine/remote/obs/auth_throttle.h"

#include <algorithm>

namespace mainstay::obs {

std::optional<Nanos> AuthThrottle::wait(const std::string& address) const {
  const auto found = entries_.find(address);
  if (found == entries_.end()) return std::nullopt;
  const Nanos left = found->second.until - clock_.now();
  return left > Nanos(0) ? std::optional(left) : std::nullopt;
}

void AuthThrottle::failed(const std::string& address) {
  if (!entries_.contains(address)) make_room();
  Entry& entry = entries_[address];
  const Instant now = clock_.now();
  if (entry.failures > 0 && now - entry.last > kForgotten) entry.failures = 0;
  ++entry.failures;
  entry.last = now;
  if (entry.failures < kFree) return;
  const int doublings = std::min(entry.failures - kFree, 10);
  entry.until = now + std::min(kFirst * (1 << doublings), kLongest);
}

// Whoever must still wait stays, as long as there are others; the oldest go first.
void AuthThrottle::make_room() {
  if (entries_.size() < kKept) return;
  const Instant now = clock_.now();
  std::erase_if(entries_, [now](const auto& entry) { return entry.second.until <= now; });
  if (entries_.size() < kKept) return;
  const auto oldest = std::min_element(entries_.begin(), entries_.end(), [](const auto& a, const auto& b) {
    return a.second.last < b.second.last;
  });
  entries_.erase(oldest);
}

}  // namespace mainstay::obs
