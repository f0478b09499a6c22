#include "engine/studio/reaper.h"

#include <algorithm>

namespace mainstay {

namespace {

constexpr Nanos kLookAgain = Millis(20);  // at what somebody still holds

}  // namespace

Reaper::Reaper(Clock& clock) : clock_(clock) {
  thread_ = NamedThread("reaper", [this](std::stop_token stop) { run(stop); });
}

Reaper::~Reaper() {
  finish();
}

void Reaper::take(std::shared_ptr<void> part, std::shared_ptr<void> needs) {
  if (!part) return;
  {
    std::lock_guard lock(mutex_);
    waiting_.push_back({std::move(needs), std::move(part)});
  }
  changed_.notify_all();
}

std::size_t Reaper::waiting() const {
  std::lock_guard lock(mutex_);
  return waiting_.size() + (ending_ ? 1 : 0);
}

void Reaper::finish() {
  {
    std::lock_guard lock(mutex_);
    finishing_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void Reaper::run(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  while (!finishing_ || !waiting_.empty()) {
    const auto free =
        std::find_if(waiting_.begin(), waiting_.end(), [](const Part& part) { return part.part.use_count() == 1; });
    if (free != waiting_.end()) {
      Part part = std::move(*free);
      waiting_.erase(free);
      ending_ = true;
      lock.unlock();
      part.part.reset();
      part.needs.reset();
      lock.lock();
      ending_ = false;
      continue;
    }
    const std::size_t seen = waiting_.size();
    const bool finishing = finishing_;
    const Instant again = waiting_.empty() ? kNever : clock_.now() + kLookAgain;
    clock_.wait(lock, changed_, stop, again, [&] { return finishing_ != finishing || waiting_.size() != seen; });
    if (stop.stop_requested()) return;
  }
}

}  // namespace mainstay
