#include "app/script/script_time.h"

#include <cmath>

namespace mainstay::script {

namespace {

// How soon a script that waits for driven time notices that the show has ended and nobody drives it any more.
constexpr Nanos kLookPeriod = Millis(20);

}  // namespace

ScriptTime::ScriptTime(const Services& services, ScriptMeter& meter)
    : services_(services), meter_(meter), origin_(services.clock.now()), shared_(std::make_shared<Shared>()) {
  hold_ = services_.clock.hold([shared = shared_] {
    { std::lock_guard lock(shared->mutex); }  // not between a waiter's look at the time and its sleep
    shared->changed.notify_all();
  });
  listening_ = services_.studio.on_event([this] {
    {
      std::lock_guard lock(shared_->mutex);
      shared_->event = true;
      if (hold_) hold_->set(services_.clock.now());
    }
    shared_->changed.notify_all();
  });
}

ScriptTime::~ScriptTime() {
  listening_.reset();  // before the hold that it sets
}

double ScriptTime::now() const {
  return seconds(services_.clock.now() - origin_);
}

Instant ScriptTime::instant_of(double at) const {
  constexpr double kFarthest = 10.0 * 366 * 24 * 3600;
  if (!(at < kFarthest)) return kNever;
  // To the nearest nanosecond: sleep(1 / 3) ends where a frame is due, also after weeks.
  return origin_ + Nanos(std::llround(at * 1e9));
}

void ScriptTime::hold_until(Instant instant) {
  if (hold_) hold_->set(instant);
}

ScriptTime::Woke ScriptTime::wait(double deadline) {
  const ScriptMeter::Pause pause(meter_);
  const Instant until = instant_of(deadline);
  Clock& clock = services_.clock;
  std::unique_lock lock(shared_->mutex);
  const auto over = [&] { return shared_->interrupted || shared_->event || clock.now() >= until; };
  while (!over()) {
    hold_until(until);
    if (!hold_) {
      clock.wait(lock, shared_->changed, {}, until, over);
      continue;
    }
    lock.unlock();
    const bool off_air = services_.studio.snapshot().phase == Phase::off;
    // An event on the way may have moved the hold back to the present: then this moves nothing.
    if (off_air) hold_->drive();
    lock.lock();
    services_.wall.wait(lock, shared_->changed, {}, services_.wall.now() + kLookPeriod, over);
  }
  hold_until(clock.now());
  if (shared_->interrupted) return Woke::interrupted;
  if (!shared_->event) return Woke::deadline;
  shared_->event = false;
  return Woke::event;
}

Result<CallResult> ScriptTime::call(const std::string& command, Json params, const Caller& caller, Nanos limit) {
  const ScriptMeter::Pause pause(meter_);
  auto answer = std::make_shared<std::optional<CallResult>>();
  services_.studio.call(command, std::move(params), caller, [answer, shared = shared_](CallResult result) {
    {
      std::lock_guard lock(shared->mutex);
      *answer = std::move(result);
    }
    shared->changed.notify_all();
  });
  std::unique_lock lock(shared_->mutex);
  services_.wall.wait(lock, shared_->changed, {}, services_.wall.now() + limit,
                      [&] { return shared_->interrupted || answer->has_value(); });
  if (answer->has_value()) return std::move(**answer);
  if (shared_->interrupted) return Error{Errc::cancelled, "interrupted", nullptr};
  return make_error(Errc::again, "no answer within {:.0f} s", seconds(limit));
}

bool ScriptTime::idle(std::stop_token stop) {
  std::unique_lock lock(shared_->mutex);
  hold_until(kNever);
  services_.wall.wait(lock, shared_->changed, stop, kNever, [&] { return shared_->woken || shared_->event; });
  hold_until(services_.clock.now());
  shared_->woken = false;
  shared_->event = false;
  return !stop.stop_requested();
}

void ScriptTime::interrupt() {
  {
    std::lock_guard lock(shared_->mutex);
    shared_->interrupted = true;
  }
  shared_->changed.notify_all();
}

void ScriptTime::resume() {
  std::lock_guard lock(shared_->mutex);
  shared_->interrupted = false;
}

void ScriptTime::wake() {
  {
    std::lock_guard lock(shared_->mutex);
    shared_->woken = true;
  }
  shared_->changed.notify_all();
}

}  // namespace mainstay::script
