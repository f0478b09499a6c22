// SIGINT and SIGTERM as calls on a thread of their own; SIGPIPE is ignored.
// Owned by main(), made before any other thread, so that all threads inherit the blocked signals.
// Thread-safety: construct and destroy on the main thread; `on_signal` is called on the thread "signals".
#pragma once

#include <functional>

#include "engine/core/named_thread.h"

namespace mainstay {

class Signals {
 public:
  /// Blocks the signals for this thread and all that it starts.
  Signals();
  /// From now on each signal calls `on_signal` with its number, which says whether it was taken as asking for the end
  /// of the process; the second one taken so ends it at once with exit code 1.
  void listen(std::function<bool(int)> on_signal);

 private:
  NamedThread thread_;
};

}  // namespace mainstay
