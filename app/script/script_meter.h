// What a script itself uses: how long it has computed without a wait, and by how much the process has grown while it
// did. What the engine takes while the script waits for it is not the script's.
// Owned by the script host.
// Thread-safety: all members from any thread; resume() and pause() are called by the script thread.
#pragma once

#include <cstdint>
#include <mutex>

#include "engine/core/clock.h"

namespace mainstay::script {

class ScriptMeter {
 public:
  explicit ScriptMeter(Clock& wall) : wall_(wall) {}

  /// An evaluation begins: nothing is used yet.
  void reset();
  /// The script computes from here on.
  void resume();
  /// The script waits from here on.
  void pause();

  Nanos computing() const;
  std::int64_t grown_bytes() const;

  /// Pauses for as long as it lives.
  class Pause {
   public:
    explicit Pause(ScriptMeter& meter) : meter_(meter) { meter_.pause(); }
    ~Pause() { meter_.resume(); }
    Pause(const Pause&) = delete;
    Pause& operator=(const Pause&) = delete;

   private:
    ScriptMeter& meter_;
  };

 private:
  Clock& wall_;
  mutable std::mutex mutex_;
  bool running_ = false;
  Instant resumed_{};
  std::int64_t at_resume_ = 0;
  std::int64_t grown_ = 0;  // in the runs before this one
};

}  // namespace mainstay::script
