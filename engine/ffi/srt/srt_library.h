// The token that keeps libsrt running, and the way of libsrt's own log lines into ours.
// Owned by main() (or by a test) and outlives every SRT socket; several may exist at once.
// Thread-safety: create and destroy from any thread.
//
// libsrt has one log handler a process, whoever else uses the library (libavformat does). The newest token holds it;
// when any token goes, the handler is taken out, so that libsrt never writes to a log that is gone.
#pragma once

#include <memory>

#include "engine/core/clock.h"
#include "engine/core/log.h"
#include "engine/core/result.h"

namespace mainstay::ffi {

/// Lets `burst` lines through in each `window`, and says how many it held back.
/// Thread-safety: one thread at a time.
class LineLimiter {
 public:
  LineLimiter(int burst, Nanos window) : burst_(burst), window_(window) {}

  struct Verdict {
    bool pass = false;
    int held_back = 0;  ///< lines of the window before that were not shown; set on the first line of a new one
  };
  Verdict offer(Instant now);

 private:
  const int burst_;
  const Nanos window_;
  Instant window_start_ = Instant::min();
  int shown_ = 0;
  int held_back_ = 0;
};

class SrtLibrary {
 public:
  /// Starts libsrt (counted, so a second token is cheap). Errc::io when its threads cannot start.
  static Result<std::unique_ptr<SrtLibrary>> start(Clock& clock, Log& log);
  ~SrtLibrary();
  SrtLibrary(const SrtLibrary&) = delete;
  SrtLibrary& operator=(const SrtLibrary&) = delete;

  /// "1.5.1".
  static std::string version();

 private:
  struct Sink;
  explicit SrtLibrary(std::unique_ptr<Sink> sink);
  std::unique_ptr<Sink> sink_;
};

}  // namespace mainstay::ffi
