// The log: one line an entry on stderr, as text or JSON, written by a thread of its own from a bounded queue.
// Owned by main(); passed down by reference.
// Thread-safety: all members from any thread; write() never blocks (when the queue is full, the oldest entries go).
#pragma once

#include <fmt/core.h>

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/result.h"

namespace mainstay {

enum class LogLevel { debug, info, warning, error, off };

Result<LogLevel> parse_log_level(std::string_view text);
const char* to_string(LogLevel level);

/// Replaces secrets by "***" wherever they would be shown. Filled as secrets are resolved.
class Redactor {
 public:
  void add(std::string secret);
  std::string redact(std::string_view text) const;

 private:
  mutable std::mutex mutex_;
  std::vector<std::string> secrets_;
};

class Log {
 public:
  struct Options {
    LogLevel level = LogLevel::info;
    bool json = false;
    /// Where lines go; stderr when empty. Called by the log's own thread.
    std::function<void(std::string_view line)> sink = {};
  };

  explicit Log(Options options);
  ~Log();
  Log(const Log&) = delete;
  Log& operator=(const Log&) = delete;

  Redactor& redactor() { return redactor_; }
  const Redactor& redactor() const { return redactor_; }
  bool enabled(LogLevel level) const { return level >= level_; }

  /// `subject` is who speaks: "leg platform/main", "source clip".
  void write(LogLevel level, std::string_view subject, std::string_view message);

  template <class... Args>
  void debug(std::string_view subject, fmt::format_string<Args...> format, Args&&... args) {
    if (enabled(LogLevel::debug)) write(LogLevel::debug, subject, fmt::format(format, std::forward<Args>(args)...));
  }
  template <class... Args>
  void info(std::string_view subject, fmt::format_string<Args...> format, Args&&... args) {
    if (enabled(LogLevel::info)) write(LogLevel::info, subject, fmt::format(format, std::forward<Args>(args)...));
  }
  template <class... Args>
  void warning(std::string_view subject, fmt::format_string<Args...> format, Args&&... args) {
    if (enabled(LogLevel::warning)) write(LogLevel::warning, subject, fmt::format(format, std::forward<Args>(args)...));
  }
  template <class... Args>
  void error(std::string_view subject, fmt::format_string<Args...> format, Args&&... args) {
    if (enabled(LogLevel::error)) write(LogLevel::error, subject, fmt::format(format, std::forward<Args>(args)...));
  }

  /// Returns when all that was written before is out (or after a second: a stuck reader of stderr holds nobody up).
  void flush();

 private:
  struct Impl;
  const LogLevel level_;
  Redactor redactor_;
  std::unique_ptr<Impl> impl_;
};

}  // namespace mainstay
