#include "engine/remote/mirror.h"

#include <algorithm>

namespace mainstay::remote {

void Mirror::publish(show::Json state, std::vector<Event> events) {
  {
    std::lock_guard lock(mutex_);
    state_ = std::make_shared<const show::Json>(std::move(state));
    std::move(events.begin(), events.end(), std::back_inserter(events_));
    while (events_.size() > kKept) events_.pop_front();
  }
  if (!events.empty()) listeners_.tell();
}

show::Json Mirror::state() const {
  std::unique_lock lock(mutex_);
  const auto state = state_;
  lock.unlock();
  return *state;
}

std::vector<Event> Mirror::events(std::int64_t after, std::size_t limit) const {
  std::lock_guard lock(mutex_);
  const auto first = std::upper_bound(events_.begin(), events_.end(), after,
                                      [](std::int64_t n, const Event& event) { return n < event.number; });
  const std::size_t count = std::min(limit, static_cast<std::size_t>(events_.end() - first));
  return {first, first + static_cast<std::ptrdiff_t>(count)};
}

}  // namespace mainstay::remote
