#include "app/console_terminal.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
// readline's headers need stdio first.
#include <readline/history.h>
#include <readline/readline.h>

namespace mainstay {

namespace {

constexpr std::size_t kMostOutput = 1000;

// readline calls plain functions.
ui::ConsolePort* g_console = nullptr;
bool g_line_done = false;
char* g_line = nullptr;

void take_line(char* line) {
  g_line = line;
  g_line_done = true;
  rl_callback_handler_remove();  // no prompt until the next read
}

char** candidates(const char* text, int start, int end) {
  (void)text;
  rl_attempted_completion_over = 1;  // never file names
  rl_completion_append_character = '\0';
  rl_completion_suppress_quote = 1;
  const auto completion = g_console->complete(rl_line_buffer, static_cast<std::size_t>(end));
  if (completion.candidates.empty()) return nullptr;
  // readline replaces its own word, from `start`; ours may begin later ("legs.pl" in one word of readline's).
  const std::size_t begin = static_cast<std::size_t>(start);
  const std::string kept =
      completion.begin > begin ? std::string(rl_line_buffer + begin, rl_line_buffer + completion.begin) : std::string();
  std::string common = completion.candidates.front().text;
  for (const auto& candidate : completion.candidates) {
    std::size_t same = 0;
    while (same < common.size() && same < candidate.text.size() && common[same] == candidate.text[same]) ++same;
    common.resize(same);
  }
  const std::size_t count = completion.candidates.size();
  auto** const list = static_cast<char**>(std::calloc(count + 2, sizeof(char*)));
  list[0] = strdup((kept + common).c_str());
  if (count == 1) return list;
  for (std::size_t i = 0; i < count; ++i) list[i + 1] = strdup(completion.candidates[i].text.c_str());
  return list;
}

}  // namespace

ConsoleTerminal::ConsoleTerminal(ui::ConsolePort& console)
    : console_(console), wake_fd_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  g_console = &console;
  rl_readline_name = "mainstay";
  rl_catch_signals = 0;  // they come to the signals thread
  rl_catch_sigwinch = 0;
  rl_attempted_completion_function = candidates;
  rl_completer_word_break_characters = " \t\n()[]{},;:=+-*/%!<>&|?\"'`";
  using_history();
  stifle_history(1000);
  for (const std::string& entry : console.history()) add_history(entry.c_str());
}

ConsoleTerminal::~ConsoleTerminal() {
  rl_callback_handler_remove();
  g_console = nullptr;
  if (wake_fd_ >= 0) close(wake_fd_);
}

void ConsoleTerminal::wake() {
  const std::uint64_t one = 1;
  if (write(wake_fd_, &one, sizeof one) < 0) return;  // full: it is awake
}

void ConsoleTerminal::interrupt() {
  {
    std::lock_guard lock(mutex_);
    interrupted_ = true;
  }
  wake();
}

void ConsoleTerminal::print(std::string text) {
  {
    std::lock_guard lock(mutex_);
    if (!prompting_) {
      std::printf("%s\n", text.c_str());
      std::fflush(stdout);
      return;
    }
    output_.push_back(std::move(text));
    if (output_.size() > kMostOutput) output_.pop_front();
  }
  wake();
}

void ConsoleTerminal::handle_wake() {
  std::uint64_t count = 0;
  if (::read(wake_fd_, &count, sizeof count) < 0) return;
  std::lock_guard lock(mutex_);
  if (!output_.empty()) {
    rl_clear_visible_line();
    for (const std::string& text : output_) std::printf("%s\n", text.c_str());
    output_.clear();
    rl_forced_update_display();
  }
  std::fflush(stdout);
}

ConsoleTerminal::Line ConsoleTerminal::read_line(const char* prompt, std::string& line, const std::stop_token& stop) {
  const std::stop_callback wakes(stop, [this] { wake(); });
  g_line_done = false;
  {
    std::lock_guard lock(mutex_);
    interrupted_ = false;
    prompting_ = true;
  }
  rl_callback_handler_install(prompt, take_line);
  Line result = Line::ended;
  while (!g_line_done && !stop.stop_requested()) {
    pollfd both[2] = {{STDIN_FILENO, POLLIN, 0}, {wake_fd_, POLLIN, 0}};
    if (poll(both, 2, -1) < 0 && errno != EINTR) break;
    if (both[1].revents != 0) handle_wake();
    std::unique_lock lock(mutex_);
    if (interrupted_) {
      result = Line::abandoned;
      break;
    }
    lock.unlock();
    if (both[0].revents != 0) rl_callback_read_char();
  }
  {
    std::lock_guard lock(mutex_);
    prompting_ = false;
    interrupted_ = false;
  }
  if (g_line_done) {
    if (g_line == nullptr) return Line::ended;
    line = g_line;
    std::free(g_line);
    g_line = nullptr;
    return Line::typed;
  }
  rl_free_line_state();
  rl_callback_handler_remove();
  std::printf("%s\n", result == Line::abandoned ? "^C" : "");
  return result;
}

std::optional<std::string> ConsoleTerminal::read(const std::stop_token& stop) {
  std::string source;
  for (;;) {
    std::string line;
    switch (read_line(source.empty() ? "mainstay> " : "      ... ", line, stop)) {
      case Line::ended:
        std::printf("\n");
        return std::nullopt;
      case Line::abandoned:
        source.clear();
        continue;
      case Line::typed:
        break;
    }
    source += (source.empty() ? "" : "\n") + line;
    if (source.find_first_not_of(" \t\n") == std::string::npos) {
      source.clear();
    } else if (!console_.unfinished(source)) {
      add_history(source.c_str());
      console_.remember(source);
      return source;
    }
  }
}

}  // namespace mainstay
