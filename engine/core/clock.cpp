#include "engine/core/clock.h"

namespace mainstay {

namespace {

using Steady = std::chrono::steady_clock;

Steady::time_point to_steady(Instant t) {
  return Steady::time_point(std::chrono::duration_cast<Steady::duration>(t.time_since_epoch()));
}

}  // namespace

bool Clock::wait_until(Instant deadline, std::stop_token stop) {
  std::mutex mutex;
  std::condition_variable_any cv;
  std::unique_lock lock(mutex);
  wait(lock, cv, stop, deadline, [] { return false; });
  return !stop.stop_requested();
}

Instant SteadyClock::now() const {
  return Instant(Steady::now().time_since_epoch());
}

UtcInstant SteadyClock::utc_now() const {
  return std::chrono::time_point_cast<Nanos>(std::chrono::system_clock::now());
}

bool SteadyClock::wait(std::unique_lock<std::mutex>& lock, std::condition_variable_any& cv, std::stop_token stop,
                       Instant deadline, const std::function<bool()>& ready) {
  if (deadline == kNever) return cv.wait(lock, std::move(stop), ready);
  return cv.wait_until(lock, std::move(stop), to_steady(deadline), ready);
}

ManualClock::ManualClock(Drive drive, UtcInstant utc_at_zero)
    : drive_(drive), utc_offset_ns_(utc_at_zero.time_since_epoch().count()) {}

Instant ManualClock::now() const {
  return Instant(Nanos(now_ns_.load()));
}

UtcInstant ManualClock::utc_now() const {
  return UtcInstant(Nanos(now_ns_.load() + utc_offset_ns_.load()));
}

bool ManualClock::wait(std::unique_lock<std::mutex>& lock, std::condition_variable_any& cv, std::stop_token stop,
                       Instant deadline, const std::function<bool()>& ready) {
  // A waiter looks at the time itself every millisecond of real time: a notification from advance() would need the
  // waiter's own mutex, whose owner may be the one who advances.
  constexpr Millis kLook{1};
  decltype(waiting_)::iterator self;
  {
    std::lock_guard guard(mutex_);
    self = waiting_.emplace(deadline, &cv);
  }
  bool is_ready = ready();
  while (!is_ready && !stop.stop_requested() && now() < deadline) {
    is_ready = cv.wait_until(lock, stop, Steady::now() + kLook, ready);
  }
  std::lock_guard guard(mutex_);
  waiting_.erase(self);
  return is_ready;
}

bool ManualClock::pace_until(Instant deadline, std::stop_token stop) {
  if (drive_ == Drive::test) return wait_until(deadline, std::move(stop));
  advance_to(deadline);
  return !stop.stop_requested();
}

void ManualClock::advance(Nanos by) {
  now_ns_ += by.count();
}

void ManualClock::advance_to(Instant to) {
  const std::int64_t target = to.time_since_epoch().count();
  std::int64_t current = now_ns_.load();
  while (current < target && !now_ns_.compare_exchange_weak(current, target)) {
  }
}

void ManualClock::step_utc(Nanos by) {
  utc_offset_ns_ += by.count();
}

int ManualClock::waiters() const {
  std::lock_guard guard(mutex_);
  return static_cast<int>(waiting_.size());
}

Instant ManualClock::next_deadline() const {
  std::lock_guard guard(mutex_);
  return waiting_.empty() ? kNever : waiting_.begin()->first;
}

}  // namespace mainstay
