#include "app/script/watchdog.h"

namespace mainstay::script {

namespace {

constexpr Nanos kLookPeriod = Millis(5);  // a loop that takes memory takes some 2 MB a millisecond

}  // namespace

Watchdog::Watchdog(Clock& wall, const Limits& limits, const ScriptMeter& meter, std::function<void(End)> trip)
    : wall_(wall),
      limits_(limits),
      meter_(meter),
      trip_(std::move(trip)),
      thread_("script-watch", [this](std::stop_token stop) { run(stop); }) {}

void Watchdog::begin() {
  {
    std::lock_guard lock(mutex_);
    watching_ = true;
    began_ = wall_.now();
  }
  changed_.notify_all();
}

void Watchdog::end() {
  std::lock_guard lock(mutex_);
  watching_ = false;
}

std::optional<End> Watchdog::broken() const {
  if (limits_.total && wall_.now() - began_ >= *limits_.total) return End::time_limit;
  if (limits_.computing && meter_.computing() >= *limits_.computing) return End::time_limit;
  if (meter_.grown_bytes() > limits_.memory_bytes) return End::memory_limit;
  return std::nullopt;
}

void Watchdog::run(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  while (!stop.stop_requested()) {
    const bool was_watching = watching_;
    wall_.wait(lock, changed_, stop, was_watching ? wall_.now() + kLookPeriod : kNever,
               [&] { return watching_ != was_watching; });
    if (!watching_) continue;
    const auto limit = broken();
    if (!limit) continue;
    watching_ = false;
    trip_(*limit);  // under the mutex: after end() nothing is told any more
  }
}

}  // namespace mainstay::script
