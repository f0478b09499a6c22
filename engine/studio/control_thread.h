// A thread that runs commands one after the other, in the order they came: the control thread, and others like it.
// Owned by the studio.
// Thread-safety: hold() and is_held() on the thread itself; everything else from any.
//
// A command that needs what may block has it done elsewhere: it calls hold(), and whoever did it calls resume() with
// the rest of the command. Commands posted meanwhile wait, so their order stays; news and the idle work go on.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <string>

#include "engine/core/clock.h"
#include "engine/core/named_thread.h"

namespace mainstay {

class ControlThread {
 public:
  using Command = std::function<void()>;
  static constexpr std::size_t kMostWaiting = 1024;
  static constexpr std::size_t kMostNews = 4096;

  struct Options {
    std::string name = "control";
    Scheduling scheduling = Scheduling::prompt;
  };

  /// `idle` runs between commands, about every `period`.
  ControlThread(Clock& clock, Nanos period, Command idle) : ControlThread(clock, period, std::move(idle), Options{}) {}
  ControlThread(Clock& clock, Nanos period, Command idle, Options options);
  ~ControlThread();

  /// False when kMostWaiting commands wait already, or the thread is ending: the command is not run.
  bool post(Command command);
  /// News of the owner's parts: before all commands, also while they are held. False when kMostNews wait already.
  bool post_news(Command command);

  /// Commands wait from now on until resume(), which runs `rest` before them.
  void hold() { held_ = true; }
  void resume(Command rest);
  bool is_held() const { return held_; }

  /// Runs what is waiting, `last` after it, then ends the thread. No command can be posted afterwards.
  void finish(Command last = {});

 private:
  void run(const std::stop_token& stop);
  /// The next to run; none: nothing may.
  Command next();
  bool something_to_do() const;

  Clock& clock_;
  const Nanos period_;
  const Command idle_;
  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::deque<Command> waiting_;
  std::deque<Command> news_;
  bool finishing_ = false;
  bool held_ = false;  // the thread's own
  NamedThread thread_;
};

}  // namespace mainstay
