// A terminal with line editing (readline): prompts, completion, history, output above the prompt.
// Owned by run_console(); one in a process, since readline has one state.
// Thread-safety: read() and the destructor on the main thread; interrupt(), print() and wake() from any thread.
#pragma once

#include <deque>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>

#include "ui/console_port.h"

namespace mainstay {

class ConsoleTerminal {
 public:
  explicit ConsoleTerminal(ui::ConsolePort& console);
  ~ConsoleTerminal();
  ConsoleTerminal(const ConsoleTerminal&) = delete;
  ConsoleTerminal& operator=(const ConsoleTerminal&) = delete;

  /// One statement, of as many lines as it takes. Nothing at the end of the input or when `stop` is requested.
  std::optional<std::string> read(const std::stop_token& stop);
  /// Throws away what is being typed.
  void interrupt();
  /// A line of output, above the prompt when there is one.
  void print(std::string text);

 private:
  enum class Line { typed, abandoned, ended };

  Line read_line(const char* prompt, std::string& line, const std::stop_token& stop);
  void handle_wake();
  void wake();

  ui::ConsolePort& console_;
  int wake_fd_ = -1;
  std::mutex mutex_;
  std::deque<std::string> output_;  // while a prompt is shown; bounded
  bool prompting_ = false;
  bool interrupted_ = false;
};

}  // namespace mainstay
