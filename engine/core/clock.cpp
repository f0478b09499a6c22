#include "engine/core/clock.h"

#include <algorithm>
#include <vector>

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

class ManualClock::Hold final : public TimeHold {
 public:
  Hold(ManualClock& clock, std::function<void()> reached)
      : clock_(clock),
        reached_(std::make_shared<const std::function<void()>>(std::move(reached))),
        instant_(clock.now()) {
    std::lock_guard lock(clock_.mutex_);
    clock_.holds_.push_back(this);
  }
  ~Hold() override {
    {
      std::lock_guard lock(clock_.mutex_);
      clock_.holds_.remove(this);
    }
    clock_.hold_moved_.notify_all();
  }
  void set(Instant instant) override {
    {
      std::lock_guard lock(clock_.mutex_);
      instant_ = instant;
    }
    clock_.hold_moved_.notify_all();
  }
  void drive() override {
    std::unique_lock lock(clock_.mutex_);
    clock_.come_to_hold(lock, this);
  }

 private:
  friend class ManualClock;
  ManualClock& clock_;
  const std::shared_ptr<const std::function<void()>> reached_;  // shared: it may be called while the hold goes
  Instant instant_;                                             // under the clock's mutex
};

std::unique_ptr<TimeHold> ManualClock::hold(std::function<void()> reached) {
  if (drive_ == Drive::test) return nullptr;
  return std::make_unique<Hold>(*this, std::move(reached));
}

Instant ManualClock::earliest_hold() const {
  Instant earliest = kNever;
  for (const Hold* hold : holds_) earliest = std::min(earliest, hold->instant_);
  return earliest;
}

void ManualClock::come_to_hold(std::unique_lock<std::mutex>& lock, const Hold* self) {
  const Instant held = earliest_hold();
  if (held == kNever) return;
  advance_to(held);
  std::vector<std::shared_ptr<const std::function<void()>>> reached;
  for (const Hold* hold : holds_) {
    if (hold != self && hold->instant_ <= now()) reached.push_back(hold->reached_);
  }
  lock.unlock();  // a holder may take its own mutex, under which it calls set()
  for (const auto& tell : reached) (*tell)();
  lock.lock();
}

bool ManualClock::pace_until(Instant deadline, std::stop_token stop) {
  if (drive_ == Drive::test) return wait_until(deadline, std::move(stop));
  std::unique_lock lock(mutex_);
  while (!stop.stop_requested() && earliest_hold() <= deadline) {
    const Instant held = earliest_hold();
    come_to_hold(lock, nullptr);
    hold_moved_.wait(lock, stop, [&] { return earliest_hold() > held; });
  }
  if (stop.stop_requested()) return false;
  advance_to(deadline);
  return true;
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
