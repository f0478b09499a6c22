// A clock for tests with threads: it moves only when told to, and can say when every thread has come to rest at the
// present time. So a test with five threads gives the same result on every run, and waits for nothing in real time.
#pragma once

#include <list>
#include <mutex>

#include "engine/core/clock.h"

namespace mainstay::test {

class SteppedClock final : public Clock {
 public:
  explicit SteppedClock(bool offline = false) : offline_(offline) {}

  Instant now() const override { return Instant(Nanos(now_ns_.load())); }
  UtcInstant utc_now() const override { return UtcInstant(Seconds(1'800'000'000) + now().time_since_epoch()); }
  bool offline() const override { return offline_; }

  bool wait(std::unique_lock<std::mutex>& lock, std::condition_variable_any& cv, std::stop_token stop, Instant deadline,
            const std::function<bool()>& ready) override {
    std::list<Waiter>::iterator self;
    {
      std::lock_guard guard(mutex_);
      self = waiters_.insert(waiters_.end(), {lock.mutex(), &cv, &ready, stop, deadline});
    }
    // Spelled out, as a wait with a stop token and no deadline would sleep through a change of time.
    std::stop_callback wake(stop, [&] { cv.notify_all(); });
    bool is_ready = ready();
    while (!is_ready && !stop.stop_requested() && now() < deadline) {
      // The millisecond only catches what a notification without the lock may miss.
      cv.wait_for(lock, Millis(1));
      is_ready = ready();
    }
    std::lock_guard guard(mutex_);
    waiters_.erase(self);
    return is_ready;
  }

  void advance(Nanos by) {
    now_ns_ += by.count();
    std::lock_guard guard(mutex_);
    for (Waiter& w : waiters_) w.cv->notify_all();
  }

  /// True when `threads` threads wait here, each for something that only time or the test can bring.
  bool at_rest(int threads) {
    std::lock_guard guard(mutex_);
    if (static_cast<int>(waiters_.size()) < threads) return false;
    for (Waiter& w : waiters_) {
      std::unique_lock lock(*w.mutex, std::try_to_lock);
      if (!lock || w.deadline <= now() || w.stop.stop_requested() || (*w.ready)()) return false;
    }
    return true;
  }

 private:
  struct Waiter {
    std::mutex* mutex;
    std::condition_variable_any* cv;
    const std::function<bool()>* ready;
    std::stop_token stop;
    Instant deadline;
  };

  const bool offline_;
  std::atomic<std::int64_t> now_ns_{0};
  std::mutex mutex_;
  std::list<Waiter> waiters_;
};

}  // namespace mainstay::test
