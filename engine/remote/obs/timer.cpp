#include "engine/remote/obs/timer.h"

#include <utility>

namespace mainstay::obs {

Timer::Timer(Clock& clock, Post post)
    : clock_(clock), post_(std::move(post)), thread_("remote/obs", [this](std::stop_token stop) { run(stop); }) {}

Timer::~Timer() {
  thread_.stop();
}

void Timer::after(Nanos delay, std::function<void()> work) {
  {
    std::lock_guard lock(mutex_);
    if (waiting_.size() >= kMost) return;
    waiting_.emplace(clock_.now() + delay, std::move(work));
  }
  changed_.notify_all();
}

void Timer::run(std::stop_token stop) {
  std::unique_lock lock(mutex_);
  while (!stop.stop_requested()) {
    const Instant due = waiting_.empty() ? kNever : waiting_.begin()->first;
    // Woken early when something is due before that.
    clock_.wait(lock, changed_, stop, due, [&] { return !waiting_.empty() && waiting_.begin()->first < due; });
    while (!waiting_.empty() && waiting_.begin()->first <= clock_.now()) {
      auto work = std::move(waiting_.begin()->second);
      waiting_.erase(waiting_.begin());
      lock.unlock();
      post_(std::move(work));
      lock.lock();
    }
  }
}

}  // namespace mainstay::obs
