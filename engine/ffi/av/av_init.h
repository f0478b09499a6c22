// FFmpeg's libraries as a whole: their log goes to ours, their global tables are set up.
// Owned by main() (or a test): one object a process, made before any thread, gone after the last one.
// Thread-safety: construct and destroy from one thread; AvComplaints belongs to the thread that made it.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine/core/clock.h"
#include "engine/core/log.h"

namespace mainstay::ffi {

/// FFmpeg has one log callback a process, so this token is the one place where that is hooked. What the libraries call
/// an error is a warning here (the caller's Result says what it meant for the program); the rest is for debugging.
/// A broken file can complain thousands of times a second: past a number of lines a second the rest are only counted.
class AvInit {
 public:
  AvInit(Log& log, Clock& clock);
  ~AvInit();
  AvInit(const AvInit&) = delete;
  AvInit& operator=(const AvInit&) = delete;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// Gathers what FFmpeg calls errors on this thread while it lives: often the only place where the reason of a failed
/// open is told ("Cannot load libcuda.so.1"). Gathers nothing without an AvInit.
class AvComplaints {
 public:
  AvComplaints();
  ~AvComplaints();
  AvComplaints(const AvComplaints&) = delete;
  AvComplaints& operator=(const AvComplaints&) = delete;

  /// The lines in the order they came, joined by "; "; empty when there were none.
  std::string text() const;

 private:
  friend class AvInit;
  AvComplaints* outer_;
  std::vector<std::string> lines_;
};

}  // namespace mainstay::ffi
