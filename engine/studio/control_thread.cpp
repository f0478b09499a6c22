#include "engine/studio/control_thread.h"

namespace mainstay {

ControlThread::ControlThread(Clock& clock, Nanos period, Command idle, std::string name)
    : clock_(clock), period_(period), idle_(std::move(idle)) {
  thread_ = NamedThread(std::move(name), [this](std::stop_token stop) { run(stop); });
}

ControlThread::~ControlThread() {
  finish();
}

bool ControlThread::post(Command command) {
  {
    std::lock_guard lock(mutex_);
    if (finishing_ || waiting_.size() >= kMostWaiting) return false;
    waiting_.push_back(std::move(command));
  }
  changed_.notify_all();
  return true;
}

void ControlThread::finish() {
  {
    std::lock_guard lock(mutex_);
    finishing_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void ControlThread::run(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  while (true) {
    clock_.wait(lock, changed_, stop, clock_.now() + period_, [&] { return finishing_ || !waiting_.empty(); });
    if (waiting_.empty()) {
      if (finishing_) return;
      lock.unlock();
      idle_();
    } else {
      const Command command = std::move(waiting_.front());
      waiting_.pop_front();
      lock.unlock();
      command();
    }
    lock.lock();
  }
}

}  // namespace mainstay
