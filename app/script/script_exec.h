// Runs another program for a script (--allow-exec): time-limited, its output bounded, ended with the script.
// Functions without state.
// Thread-safety: from any thread.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "engine/core/clock.h"
#include "engine/core/result.h"

namespace mainstay::script {

struct ExecResult {
  int code = 0;  ///< exit code; 128 + n when a signal n ended it
  std::string out;
  std::string err;
};

struct ExecRequest {
  std::string command;
  std::vector<std::string> arguments;
  std::string folder;  ///< where it runs; empty: where this process does
  Nanos limit = Seconds(60);
};

inline constexpr std::size_t kMostExecOutput = 16 * 1024 * 1024;

/// `cancelled` is asked while it runs. Errc::cancelled then, Errc::again at the limit, Errc::io when it does not start
/// or says more than kMostExecOutput; it has been ended in each case.
Result<ExecResult> run_program(const ExecRequest& request, Clock& wall, const std::function<bool()>& cancelled);

}  // namespace mainstay::script
