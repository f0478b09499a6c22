// What a console's view asks of the session behind it: a window's panel and the terminal are two views of the same.
// Owned by main() (or by a test); outlives its views.
// Thread-safety: all members from any thread; none blocks. Callbacks come on the session's own thread.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace mainstay::ui {

struct ConsoleResult {
  bool ok = true;
  std::string text;   ///< the value, lists of objects as a table; empty: nothing to show
  std::string error;  ///< one line with its place ("console:2: …"); empty when ok
  std::string stack;  ///< "function place" a line
  bool exit = false;  ///< exit() was called: the view closes
  int code = 0;       ///< of exit()
};

/// What is said between results.
struct ConsoleLine {
  std::string text;
  bool is_error = false;  ///< of an event listener of the script's; else printed
};

struct ConsoleCandidate {
  std::string text;  ///< takes the place of what was typed from `begin` on
  std::string help;  ///< one line; may be empty
};

struct ConsoleCompletion {
  std::size_t begin = 0;
  std::vector<ConsoleCandidate> candidates;  ///< sorted
};

class ConsolePort {
 public:
  virtual ~ConsolePort() = default;

  /// Runs a line (or several). False when too much is waiting; then `done` is not called.
  virtual bool evaluate(std::string source, std::function<void(ConsoleResult)> done) = 0;
  /// Ends what runs.
  virtual void interrupt() = 0;
  /// True when what runs was told to end a while ago and goes on: a single call that cannot be interrupted.
  virtual bool is_stuck() const = 0;
  /// True when a bracket, template or comment is still open: the view asks for another line.
  virtual bool unfinished(std::string_view source) const = 0;
  virtual ConsoleCompletion complete(std::string_view line, std::size_t cursor) const = 0;

  /// Oldest first.
  virtual std::vector<std::string> history() const = 0;
  virtual void remember(std::string source) = 0;

  /// `listener` gets the lines of print() and the errors of event listeners. At most one; empty: none.
  virtual void on_output(std::function<void(ConsoleLine)> listener) = 0;
};

}  // namespace mainstay::ui
