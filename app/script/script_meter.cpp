#include "app/script/script_meter.h"

#include <algorithm>

#include "engine/monitor/process_usage.h"

namespace mainstay::script {

void ScriptMeter::reset() {
  std::lock_guard lock(mutex_);
  running_ = false;
  grown_ = 0;
}

void ScriptMeter::resume() {
  const std::int64_t now = resident_bytes();
  std::lock_guard lock(mutex_);
  running_ = true;
  resumed_ = wall_.now();
  at_resume_ = now;
}

void ScriptMeter::pause() {
  const std::int64_t now = resident_bytes();
  std::lock_guard lock(mutex_);
  if (!running_) return;
  running_ = false;
  grown_ = std::max<std::int64_t>(0, grown_ + now - at_resume_);
}

Nanos ScriptMeter::computing() const {
  std::lock_guard lock(mutex_);
  return running_ ? wall_.now() - resumed_ : Nanos{0};
}

std::int64_t ScriptMeter::grown_bytes() const {
  const std::int64_t now = resident_bytes();
  std::lock_guard lock(mutex_);
  return running_ ? grown_ + now - at_resume_ : grown_;
}

}  // namespace mainstay::script
