// Runs the show's macros: on command, at an event, at a time of day. Each run is a script host of its own.
// Owned by main(), or by the window's run, whose end it must come before: scripts need Qt's application object, which
// lives longer, as the studio does.
// Thread-safety: the members of MacroHost from any thread; the work is done on a thread of its own ("macros").
//
// Bounds: kMostRunning at a time, a macro runs once at a time, and kMostStarts starts a second in all, so that macros
// that set each other off come to rest. Events about macros start none.
#pragma once

#include <condition_variable>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "app/script/script_host.h"
#include "engine/core/named_thread.h"
#include "engine/studio/macro_host.h"
#include "engine/studio/studio.h"

namespace mainstay {

class Macros final : public MacroHost {
 public:
  static constexpr std::size_t kMostRunning = 8;
  static constexpr int kMostStarts = 10;

  /// `wall`: real time, for limits and times of day.
  Macros(Studio& studio, Clock& clock, Clock& wall, Log& log);
  /// Ends what runs.
  ~Macros() override;

  Status run(const std::string& name) override;
  Status stop(const std::string& name) override;
  std::vector<std::string> running() const override;

 private:
  struct Running {
    std::shared_ptr<script::ScriptHost> host;
    bool begun = false;
    bool ended = false;
    script::Outcome outcome;
  };

  void work(const std::stop_token& stop);
  void take_events();
  void take_times();
  void reap();
  void start(const std::string& name);
  void ended(const std::string& name, script::Outcome outcome);
  void interrupted_before(const std::string& name, Running& running);
  bool may_start();
  Instant next_time() const;

  Studio& studio_;
  Clock& clock_;
  Clock& wall_;
  Log& log_;
  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  bool news_ = false;
  std::deque<std::string> wanted_;
  std::map<std::string, Running> running_;
  // macros thread
  std::int64_t last_event_ = 0;
  UtcInstant looked_at_;
  Instant second_{};
  int starts_ = 0;
  std::shared_ptr<void> listening_;
  NamedThread thread_;  // last: uses all of the above
};

}  // namespace mainstay
