// A thread that runs commands one after the other, in the order they came: the control thread, and others like it.
// Owned by the studio.
// Thread-safety: post() and after() from any thread; neither blocks.
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

  /// `idle` runs between commands, about every `period`.
  ControlThread(Clock& clock, Nanos period, Command idle, std::string name = "control");
  ~ControlThread();

  /// False when kMostWaiting commands wait already, or the thread is ending: the command is not run.
  bool post(Command command);
  /// Runs what is waiting, then ends the thread. Nothing can be posted afterwards.
  void finish();

 private:
  void run(const std::stop_token& stop);

  Clock& clock_;
  const Nanos period_;
  const Command idle_;
  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::deque<Command> waiting_;
  bool finishing_ = false;
  NamedThread thread_;
};

}  // namespace mainstay
