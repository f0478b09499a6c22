#include "engine/studio/event_log.h"

#include <algorithm>

namespace mainstay {

void EventLog::add(LogLevel level, std::string type, std::string subject, std::string message) {
  log_.write(level, subject, message);
  note(level, std::move(type), std::move(subject), std::move(message));
}

void EventLog::note(LogLevel level, std::string type, std::string subject, std::string message) {
  message = log_.redactor().redact(message);
  subject = log_.redactor().redact(subject);
  std::lock_guard lock(mutex_);
  if (level == LogLevel::error) {
    std::string line = subject + ": " + message;
    const bool known = std::find(errors_.begin(), errors_.end(), line) != errors_.end();
    if (!known && errors_.size() < kErrorsKept) errors_.push_back(std::move(line));
  }
  events_.push_back({++last_number_, clock_.utc_now(), level, std::move(type), std::move(subject), std::move(message)});
  if (events_.size() > kKept) events_.pop_front();
}

std::vector<Event> EventLog::after(std::int64_t number, std::size_t limit) const {
  std::lock_guard lock(mutex_);
  auto first = std::upper_bound(events_.begin(), events_.end(), number,
                                [](std::int64_t n, const Event& event) { return n < event.number; });
  const std::size_t count = std::min(limit, static_cast<std::size_t>(events_.end() - first));
  return {first, first + static_cast<std::ptrdiff_t>(count)};
}

std::vector<std::string> EventLog::errors() const {
  std::lock_guard lock(mutex_);
  return errors_;
}

void EventLog::reset_errors() {
  std::lock_guard lock(mutex_);
  errors_.clear();
}

}  // namespace mainstay
