// The injected clock: the only way to read time or to wait.
// Owned by main() (or by a test) and passed down by reference.
// Thread-safety: all members from any thread.
#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <stop_token>

#include "engine/core/time.h"

namespace mainstay {

/// Keeps time that the program drives from passing an instant before whoever holds it has acted there (a script that
/// cuts after an hour). The rule: time comes to the instant and stands there; a tick that is due at or after it waits
/// until the hold is moved on or gone. So what the holder does at that instant is done before the first frame that is
/// due then, in every run.
class TimeHold {
 public:
  virtual ~TimeHold() = default;  ///< lets time go

  virtual void set(Instant instant) = 0;
  /// For when no program drives the time (off air): moves it to the earliest hold there is.
  virtual void drive() = 0;
};

class Clock {
 public:
  virtual ~Clock() = default;

  virtual Instant now() const = 0;
  virtual UtcInstant utc_now() const = 0;

  /// Blocks until `ready()` holds, `deadline` has come or `stop` is requested. `lock` is held when `ready` is called
  /// and on return. Returns ready(). Whoever makes `ready` true notifies `cv`.
  virtual bool wait(std::unique_lock<std::mutex>& lock, std::condition_variable_any& cv, std::stop_token stop,
                    Instant deadline, const std::function<bool()>& ready) = 0;

  /// Waits until `deadline`; false when stopped before.
  bool wait_until(Instant deadline, std::stop_token stop);

  /// The program thread's wait for the next tick. On a clock that is driven by the program (offline), this moves time
  /// to `deadline` instead of waiting. False when stopped.
  virtual bool pace_until(Instant deadline, std::stop_token stop) { return wait_until(deadline, std::move(stop)); }

  /// A hold, first at the present, on time that is driven by the program; null when time passes by itself. `reached` is
  /// called, on the thread that moves the time, when it has come to the hold; it must not block or touch the hold.
  virtual std::unique_ptr<TimeHold> hold(std::function<void()> reached) {
    (void)reached;
    return nullptr;
  }

  /// True when time is driven by the program: queues block instead of dropping, nothing is ever late.
  virtual bool offline() const { return false; }
};

/// The machine's monotonic clock.
class SteadyClock final : public Clock {
 public:
  Instant now() const override;
  UtcInstant utc_now() const override;
  bool wait(std::unique_lock<std::mutex>& lock, std::condition_variable_any& cv, std::stop_token stop, Instant deadline,
            const std::function<bool()>& ready) override;
};

/// Time that moves only when told to: by a test (`advance`), or by the program thread (`Drive::program`, offline runs).
class ManualClock final : public Clock {
 public:
  enum class Drive { test, program };

  explicit ManualClock(Drive drive = Drive::test, UtcInstant utc_at_zero = UtcInstant{});

  Instant now() const override;
  UtcInstant utc_now() const override;
  bool wait(std::unique_lock<std::mutex>& lock, std::condition_variable_any& cv, std::stop_token stop, Instant deadline,
            const std::function<bool()>& ready) override;
  bool pace_until(Instant deadline, std::stop_token stop) override;
  std::unique_ptr<TimeHold> hold(std::function<void()> reached) override;
  bool offline() const override { return drive_ == Drive::program; }

  void advance(Nanos by);
  /// Moves time forward to `to`; never backward.
  void advance_to(Instant to);
  /// Moves UTC against the monotonic clock, as an operator or NTP would.
  void step_utc(Nanos by);

  /// Threads waiting in `wait` now, and the earliest of their deadlines (kNever when none has one).
  int waiters() const;
  Instant next_deadline() const;

 private:
  class Hold;

  Instant earliest_hold() const;
  /// Moves time to the earliest hold and tells those that stand there, but not `self`.
  void come_to_hold(std::unique_lock<std::mutex>& lock, const Hold* self);

  const Drive drive_;
  std::atomic<std::int64_t> now_ns_{0};
  std::atomic<std::int64_t> utc_offset_ns_;
  mutable std::mutex mutex_;
  std::multimap<Instant, std::condition_variable_any*> waiting_;
  std::list<Hold*> holds_;
  std::condition_variable_any hold_moved_;
};

}  // namespace mainstay
