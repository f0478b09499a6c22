#include "app/console_command.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <future>
#include <memory>
#include <optional>

#include "app/console_terminal.h"
#include "app/run_command.h"
#include "app/script/console_session.h"

namespace mainstay {

namespace {

constexpr int kDone = 0;
constexpr int kFailed = 1;

void print_line(const std::string& text) {
  fmt::print("{}\n", text);
  std::fflush(stdout);
}

// The session's thread is beyond reach: the show ends in good order, the process without it.
[[noreturn]] void leave(const ScriptServices& services) {
  fmt::print(stderr, "the console cannot be interrupted where it is: {}\n",
             services.elsewhere ? "the program ends" : "the show and the program end");
  end_show(services);
  services.log.flush();
  std::fflush(nullptr);
  std::_Exit(kFailed);
}

// The answer to a line, waited for. Ctrl-C or a limit ends it.
ui::ConsoleResult evaluate(const ScriptServices& services, script::ConsoleSession& session, std::string source) {
  constexpr Millis kLook{200};
  const auto answer = std::make_shared<std::promise<ui::ConsoleResult>>();  // outlives set_value
  if (!session.evaluate(std::move(source),
                        [answer](ui::ConsoleResult result) { answer->set_value(std::move(result)); })) {
    return {.ok = false, .error = "too much is waiting: try again"};
  }
  auto answered = answer->get_future();
  while (answered.wait_for(kLook) != std::future_status::ready) {
    if (session.is_stuck()) leave(services);
  }
  return answered.get();
}

void show(const ui::ConsoleResult& result) {
  if (!result.text.empty()) print_line(result.text);
  if (!result.ok) fmt::print(stderr, "{}\n", result.error);
}

int run_terminal(const ScriptServices& services, script::ConsoleSession& session, const std::stop_token& stop,
                 const std::function<void(std::function<void()>)>& on_interrupt) {
  ConsoleTerminal terminal(session);
  session.on_output([&](ui::ConsoleLine line) { terminal.print(std::move(line.text)); });
  on_interrupt([&] {
    session.interrupt();
    terminal.interrupt();
  });
  print_line("help lists the commands, Tab completes, Ctrl-C interrupts, Ctrl-D ends");
  int code = kDone;
  while (const auto source = terminal.read(stop)) {
    const ui::ConsoleResult result = evaluate(services, session, *source);
    show(result);
    if (!result.exit) continue;
    code = result.code;
    break;
  }
  on_interrupt({});
  session.on_output({});
  return code;
}

// Lines of stdin; a stop ends the wait for one.
class InputLines {
 public:
  explicit InputLines(const std::stop_token& stop)
      : wake_fd_(eventfd(0, EFD_CLOEXEC)), wakes_(stop, [fd = wake_fd_] { eventfd_write(fd, 1); }) {}
  ~InputLines() { close(wake_fd_); }
  InputLines(const InputLines&) = delete;
  InputLines& operator=(const InputLines&) = delete;

  /// Nothing at the end, or when stopped. The last line needs no end.
  std::optional<std::string> next() {
    for (;;) {
      const std::size_t end = text_.find('\n');
      if (end != std::string::npos || (ended_ && !text_.empty())) {
        std::string line = text_.substr(0, end);
        text_.erase(0, end == std::string::npos ? end : end + 1);
        return line;
      }
      if (ended_ || !fill()) return std::nullopt;
    }
  }

 private:
  // False when stopped.
  bool fill() {
    pollfd both[2] = {{STDIN_FILENO, POLLIN, 0}, {wake_fd_, POLLIN, 0}};
    if (poll(both, 2, -1) < 0 && errno != EINTR) return false;
    if (both[1].revents != 0) return false;
    if (both[0].revents == 0) return true;
    char buffer[4096];
    const ssize_t count = read(STDIN_FILENO, buffer, sizeof buffer);
    ended_ = count <= 0 || text_.size() > kMostInput;
    if (count > 0) text_.append(buffer, static_cast<std::size_t>(count));
    return true;
  }

  static constexpr std::size_t kMostInput = 16 * 1024 * 1024;
  const int wake_fd_;
  std::string text_;
  bool ended_ = false;
  std::stop_callback<std::function<void()>> wakes_;
};

// Statement by statement; it goes on after an error.
int run_pipe(const ScriptServices& services, script::ConsoleSession& session, const std::stop_token& stop) {
  // What a listener throws is no output: a pipe behind this one must not take it for some.
  session.on_output([](const ui::ConsoleLine& line) {
    line.is_error ? fmt::print(stderr, "{}\n", line.text) : print_line(line.text);
  });
  InputLines lines(stop);
  int code = kDone;
  std::string source;
  for (bool more = true; more && !stop.stop_requested();) {
    const auto line = lines.next();
    more = line.has_value();
    if (line) source += (source.empty() ? "" : "\n") + *line;
    // What is still open at the end is told as the error that it is.
    if (source.empty() || (more && session.unfinished(source))) continue;
    const ui::ConsoleResult result = evaluate(services, session, std::exchange(source, {}));
    show(result);
    if (!result.ok) code = kFailed;
    if (!result.exit) continue;
    code = result.code;
    break;
  }
  session.on_output({});
  return stop.stop_requested() ? kFailed : code;
}

}  // namespace

int run_console(const ScriptServices& services, const Options& options, std::stop_token stop,
                const std::function<void(std::function<void()>)>& on_interrupt) {
  if (!options.show.empty()) {
    if (const int code = check_show(services.studio, options); code != kDone) return code;
  }
  const bool terminal = isatty(STDIN_FILENO) != 0 && isatty(STDOUT_FILENO) != 0;
  script::Options given;
  given.folder = ".";
  given.arguments = options.arguments;
  given.allow_exec = options.allow_exec;
  given.caller.face = Face::console;
  given.limits.total = options.time_limit;
  auto session = std::make_unique<script::ConsoleSession>(
      script::Services{services.clock, services.wall, services.log, services.studio}, given,
      terminal ? script::default_history_path() : std::string());
  int code = kDone;
  {
    const std::stop_callback ends(stop, [&] { session->interrupt(); });
    code = terminal ? run_terminal(services, *session, stop, on_interrupt) : run_pipe(services, *session, stop);
  }
  if (!session->finish(script::ScriptHost::kGrace)) leave(services);
  session.reset();
  end_show(services);
  return code;
}

}  // namespace mainstay
