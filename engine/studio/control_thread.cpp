#include "engine/studio/control_thread.h"

namespace mainstay {

ControlThread::ControlThread(Clock& clock, Nanos period, Command idle, Options options)
    : clock_(clock), period_(period), idle_(std::move(idle)) {
  // Offline it is as busy as the script that drives it.
  const Scheduling scheduling = clock.offline() ? Scheduling::normal : options.scheduling;
  thread_ = NamedThread(std::move(options.name), scheduling, [this](std::stop_token stop) { run(stop); });
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

bool ControlThread::post_news(Command command) {
  {
    std::lock_guard lock(mutex_);
    if (news_.size() >= kMostNews) return false;
    news_.push_back(std::move(command));
  }
  changed_.notify_all();
  return true;
}

void ControlThread::resume(Command rest) {
  {
    std::lock_guard lock(mutex_);
    news_.push_front([this, rest = std::move(rest)] {
      held_ = false;
      rest();
    });
  }
  changed_.notify_all();
}

void ControlThread::finish(Command last) {
  {
    std::lock_guard lock(mutex_);
    finishing_ = true;
    if (last) waiting_.push_back(std::move(last));
  }
  changed_.notify_all();
  thread_.join();
}

ControlThread::Command ControlThread::next() {
  Command command;
  if (!news_.empty()) {
    command = std::move(news_.front());
    news_.pop_front();
  } else if (!held_ && !waiting_.empty()) {
    command = std::move(waiting_.front());
    waiting_.pop_front();
  }
  return command;
}

bool ControlThread::something_to_do() const {
  return !news_.empty() || (!held_ && (finishing_ || !waiting_.empty()));
}

void ControlThread::run(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  Instant next_idle = clock_.now() + period_;
  while (true) {
    clock_.wait(lock, changed_, stop, next_idle, [this] { return something_to_do(); });
    if (clock_.now() >= next_idle) {  // also when commands never cease
      lock.unlock();
      idle_();
      lock.lock();
      next_idle = clock_.now() + period_;
    }
    const Command command = next();
    if (!command && finishing_ && !held_) return;
    if (!command) continue;
    lock.unlock();
    command();
    lock.lock();
  }
}

}  // namespace mainstay
