// Looks after a running script in real time: when it goes past a limit it is told to end.
// Owned by the script host; runs one thread, "script-watch".
// Thread-safety: all members from any thread.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>

#include "app/script/script_meter.h"
#include "app/script/script_types.h"
#include "engine/core/named_thread.h"

namespace mainstay::script {

class Watchdog {
 public:
  /// `trip` is called once a watch, on the watchdog's thread.
  Watchdog(Clock& wall, const Limits& limits, const ScriptMeter& meter, std::function<void(End)> trip);

  void begin();
  void end();

 private:
  void run(const std::stop_token& stop);
  std::optional<End> broken() const;

  Clock& wall_;
  const Limits limits_;
  const ScriptMeter& meter_;
  const std::function<void(End)> trip_;
  std::mutex mutex_;
  std::condition_variable_any changed_;
  bool watching_ = false;
  Instant began_{};
  NamedThread thread_;  // last: uses all of the above
};

}  // namespace mainstay::script
