// What a script is run with, and how it ended.
// Plain values.
// Thread-safety: as any value.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/clock.h"
#include "engine/core/log.h"
#include "engine/core/time.h"
#include "engine/studio/studio_port.h"

namespace mainstay::script {

/// What a script host is given; all of it outlives the host.
struct Services {
  Clock& clock;  ///< the program's: scripts wait on it
  Clock& wall;   ///< real time: limits are measured on it, also when the program's time stands still
  Log& log;
  StudioPort& studio;
};

struct Limits {
  std::optional<Nanos> total;      ///< real time from the start of an evaluation to its end
  std::optional<Nanos> computing;  ///< real time without a wait or a call in between
  std::int64_t memory_bytes = std::int64_t{512} * 1024 * 1024;  ///< growth of the process while the script computes
  Nanos call = Seconds(30);                                     ///< real time until a command is answered
};

struct Options {
  std::string folder;  ///< files are read and written under it only; empty: none are
  std::vector<std::string> arguments;
  bool allow_exec = false;
  Caller caller{Face::script, Role::admin, {}};
  Limits limits;
  /// Lines of print(); called on the script thread.
  std::function<void(std::string_view)> print;
};

struct TestResult {
  std::string name;
  double seconds = 0;   ///< on the program's clock
  std::string type;     ///< of the error; empty: it passed
  std::string message;  ///< FILE:LINE: message
  std::string stack;
  bool ok() const { return type.empty(); }
};

enum class End {
  done,
  syntax,       ///< the source is not JavaScript
  failed,       ///< an error that nothing caught, or a rejection
  exited,       ///< exit(code)
  interrupted,  ///< from outside
  time_limit,
  memory_limit,
};

struct Outcome {
  End end = End::done;
  int code = 0;         ///< of exit()
  std::string message;  ///< FILE:LINE: message, one line; empty when done
  std::string stack;    ///< "function file:line" a line
  std::string value;    ///< the result as the console shows it; empty: none
  bool ok() const { return end == End::done; }
};

}  // namespace mainstay::script
