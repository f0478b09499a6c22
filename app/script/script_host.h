// Runs JavaScript against the studio: one engine, one session of evaluations that share their variables, one at a time.
// Owned by whoever runs the script (a subcommand, a console, a macro). Runs two threads, "script" and "script-watch".
// Thread-safety: all members from any thread. A QCoreApplication has to live as long as any host.
//
// Whatever happens in a script (endless loop, memory, an error) ends that evaluation with an Outcome; the studio and
// what is on air are not touched. One thing is out of reach: a single call of the language's own library that does not
// end cannot be interrupted; finish() says so, and the owner can only leave the process.
#pragma once

#include <atomic>
#include <deque>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "app/script/script_engine.h"
#include "app/script/watchdog.h"
#include "engine/core/named_thread.h"

namespace mainstay::script {

struct Evaluation {
  std::string source;
  std::string file;    ///< how messages name it
  bool shown = false;  ///< the result is wanted as text
};

class ScriptHost {
 public:
  using Done = std::function<void(Outcome)>;
  static constexpr std::size_t kMostWaiting = 64;

  ScriptHost(const Services& services, Options options);
  /// Interrupts what runs and waits for it.
  ~ScriptHost();
  ScriptHost(const ScriptHost&) = delete;
  ScriptHost& operator=(const ScriptHost&) = delete;

  /// `done` is called once, on the script thread. False, and never called, when too many are waiting.
  bool evaluate(Evaluation evaluation, Done done);
  /// The same, and waits for it; `stop` interrupts it. Nothing when an interruption or a limit has not ended it within
  /// kGrace of real time: a single call that cannot be interrupted. Not on the script thread.
  std::optional<Outcome> run(Evaluation evaluation, std::stop_token stop = {});
  static constexpr Nanos kGrace = Seconds(2);

  /// True when what runs was told to end kGrace ago and goes on.
  bool is_stuck() const;

  /// What runs now ends; what waits is dropped with End::interrupted.
  void interrupt();
  /// Interrupts for good. False when the script thread does not end within `limit` of real time.
  bool finish(Nanos limit);

  std::vector<TestResult> tests() const;
  /// Names that scripts have put into the global object, for completion; as of the last evaluation.
  std::vector<std::string> globals() const;
  /// Told of errors in event listeners that run between evaluations; on the script thread.
  void on_error(std::function<void(const Outcome&)> listener);

 private:
  struct Task {
    Evaluation evaluation;
    Done done;
  };

  void run_thread(const std::stop_token& stop);
  void run_task(ScriptEngine& engine, Task task);
  void run_listeners(ScriptEngine& engine);
  Outcome guarded(ScriptEngine& engine, const std::function<Outcome()>& act);
  void end_running(End why);
  std::vector<Task> take_waiting();

  static constexpr std::size_t kMostTests = 100'000;

  Services services_;
  const Options options_;
  ScriptMeter meter_;
  ScriptTime time_;
  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  std::deque<Task> waiting_;
  std::vector<TestResult> tests_;
  std::vector<std::string> globals_;
  std::function<void(const Outcome&)> on_error_;
  ScriptEngine* engine_ = nullptr;       // while an evaluation runs
  std::optional<Instant> asked_to_end_;  // while an evaluation runs
  bool finished_ = false;
  bool closing_ = false;
  Watchdog watchdog_;
  NamedThread thread_;  // last: uses all of the above
};

}  // namespace mainstay::script
