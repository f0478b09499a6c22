// The numbered stream of what happened, bounded, so that a client can resume from a number.
// Owned by the studio.
// Thread-safety: all members from any thread; none blocks.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "engine/core/clock.h"
#include "engine/studio/listeners.h"
#include "engine/studio/snapshot.h"

namespace mainstay {

class EventLog {
 public:
  static constexpr std::size_t kKept = 2000;

  EventLog(Clock& clock, Log& log) : clock_(clock), log_(log) {}

  /// `type` is one of event_types(); `data` has its keys, as docs/events.md lists them.
  void add(LogLevel level, std::string type, std::string subject, std::string message,
           show::Json data = show::Json::object());
  /// The same for what the part it happened in has logged itself.
  void note(LogLevel level, std::string type, std::string subject, std::string message,
            show::Json data = show::Json::object());
  /// `listener` is called after each event, on the thread it happened on, until the handle is gone.
  std::shared_ptr<void> listen(std::function<void()> listener) { return listeners_.add(std::move(listener)); }
  std::vector<Event> after(std::int64_t number, std::size_t limit) const;
  /// What was told of `subject` by events of this type is no error any more: it is well again. The events stay.
  void forgive(const std::string& type, const std::string& subject);
  /// Messages of level error since the last reset_errors() that were not forgiven, at most `kErrorsKept`, each once.
  std::vector<std::string> errors() const;
  void reset_errors();

 private:
  static constexpr std::size_t kErrorsKept = 100;

  Clock& clock_;
  Log& log_;
  Listeners listeners_;
  mutable std::mutex mutex_;
  std::deque<Event> events_;
  struct Kept {
    std::string type;
    std::string subject;
    std::string line;
  };
  std::vector<Kept> errors_;
  std::int64_t last_number_ = 0;
};

}  // namespace mainstay
