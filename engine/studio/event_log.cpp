#include "engine/studio/event_log.h"

#include <algorithm>

namespace mainstay {

namespace {

void redact(show::Json& json, const Redactor& redactor) {
  if (json.is_string()) json = redactor.redact(json.get_ref<const std::string&>());
  if (json.is_structured()) {
    for (auto& child : json) redact(child, redactor);
  }
}

}  // namespace

void EventLog::add(LogLevel level, std::string type, std::string subject, std::string message, show::Json data) {
  log_.write(level, subject, message);
  note(level, std::move(type), std::move(subject), std::move(message), std::move(data));
}

void EventLog::note(LogLevel level, std::string type, std::string subject, std::string message, show::Json data) {
  message = log_.redactor().redact(message);
  subject = log_.redactor().redact(subject);
  redact(data, log_.redactor());
  {
    std::lock_guard lock(mutex_);
    if (level == LogLevel::error) {
      std::string line = subject + ": " + message;
      const bool known =
          std::any_of(errors_.begin(), errors_.end(), [&](const Kept& kept) { return kept.line == line; });
      if (!known && errors_.size() < kErrorsKept) errors_.push_back({type, subject, std::move(line)});
    }
    events_.push_back({++last_number_, clock_.utc_now(), level, std::move(type), std::move(subject), std::move(message),
                       std::move(data)});
    if (events_.size() > kKept) events_.pop_front();
  }
  listeners_.tell();
}

std::vector<Event> EventLog::after(std::int64_t number, std::size_t limit) const {
  std::lock_guard lock(mutex_);
  auto first = std::upper_bound(events_.begin(), events_.end(), number,
                                [](std::int64_t n, const Event& event) { return n < event.number; });
  const std::size_t count = std::min(limit, static_cast<std::size_t>(events_.end() - first));
  return {first, first + static_cast<std::ptrdiff_t>(count)};
}

std::vector<std::string> EventLog::errors() const {
  std::vector<std::string> lines;
  std::lock_guard lock(mutex_);
  for (const Kept& kept : errors_) lines.push_back(kept.line);
  return lines;
}

void EventLog::forgive(const std::string& type, const std::string& subject) {
  const std::string name = log_.redactor().redact(subject);
  std::lock_guard lock(mutex_);
  std::erase_if(errors_, [&](const Kept& kept) { return kept.type == type && kept.subject == name; });
}

void EventLog::reset_errors() {
  std::lock_guard lock(mutex_);
  errors_.clear();
}

}  // namespace mainstay
