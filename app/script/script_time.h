// How a script waits: for an instant of the program's time, for an event, for the answer to a call.
// Owned by the script host.
// Thread-safety: interrupt(), resume() and wake() from any thread; everything else on the script thread.
//
// On time that the program drives (offline) a script that computes holds it: nothing goes on air until the script
// waits. A script that waits lets it go up to where the wait ends, and an event stops it at once, on the thread the
// event happened on. So what a script does at an instant, or in answer to an event of the program thread, falls on the
// same frame in each run. Off air, where nobody drives the time, a waiting script does.
#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "app/script/script_meter.h"
#include "app/script/script_types.h"

namespace mainstay::script {

class ScriptTime {
 public:
  enum class Woke { deadline, event, interrupted };

  ScriptTime(const Services& services, ScriptMeter& meter);
  ~ScriptTime();
  ScriptTime(const ScriptTime&) = delete;
  ScriptTime& operator=(const ScriptTime&) = delete;

  /// Seconds on the program's clock since this was made.
  double now() const;
  /// Until now() is `deadline`, or something else comes first. Infinity: no deadline.
  Woke wait(double deadline);
  /// Calls a command and waits for its answer: Errc::cancelled when interrupted, Errc::again after `limit` real time.
  Result<CallResult> call(const std::string& command, Json params, const Caller& caller, Nanos limit);
  /// Waits, with time let go, until wake() or an event; false when `stop` is requested.
  bool idle(std::stop_token stop);

  /// Waits end at once, until resume().
  void interrupt();
  void resume();
  /// Ends idle().
  void wake();

 private:
  struct Shared {  // outlives this while a reply or a listener still has it
    std::mutex mutex;
    std::condition_variable_any changed;
    bool event = false;
    bool interrupted = false;
    bool woken = false;
  };

  Instant instant_of(double seconds) const;
  void hold_until(Instant instant);

  Services services_;
  ScriptMeter& meter_;
  const Instant origin_;
  const std::shared_ptr<Shared> shared_;
  std::unique_ptr<TimeHold> hold_;
  std::shared_ptr<void> listening_;
};

}  // namespace mainstay::script
