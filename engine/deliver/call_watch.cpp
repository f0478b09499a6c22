#include "engine/deliver/call_watch.h"

#include <algorithm>

namespace mainstay {

CallWatch::CallWatch(Clock& clock, std::string thread_name)
    : clock_(clock), thread_(std::move(thread_name), [this](std::stop_token stop) { run(std::move(stop)); }) {}

CallWatch::~CallWatch() {
  thread_.stop();
}

Instant CallWatch::due() const {
  return transport_ != nullptr ? std::min(deadline_, cap_) : kNever;
}

void CallWatch::begin(Transport& transport, Nanos limit) {
  bool wake = false;
  {
    std::lock_guard lock(mutex_);
    transport_ = &transport;
    fired_ = false;
    // Offline, time runs as fast as the program: a call's length in it means nothing.
    deadline_ = clock_.offline() ? kNever : clock_.now() + limit;
    wake = due() < sleeping_to_;
    woken_ = woken_ || wake;
  }
  if (wake) changed_.notify_all();
}

void CallWatch::end() {
  // An abort runs under the lock, so the transport is not gone before it is over.
  std::lock_guard lock(mutex_);
  transport_ = nullptr;
}

void CallWatch::cap(Instant deadline) {
  {
    std::lock_guard lock(mutex_);
    cap_ = deadline;
    woken_ = true;
  }
  changed_.notify_all();
}

bool CallWatch::fired() const {
  std::lock_guard lock(mutex_);
  return fired_;
}

void CallWatch::run(std::stop_token stop) {
  std::unique_lock lock(mutex_);
  while (!stop.stop_requested()) {
    woken_ = false;
    if (due() <= clock_.now() && !fired_) {
      fired_ = true;
      transport_->abort();
    }
    sleeping_to_ = fired_ ? kNever : due();
    clock_.wait(lock, changed_, stop, sleeping_to_, [&] { return woken_; });
  }
}

}  // namespace mainstay
