#include "app/console_command.h"

#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <future>
#include <iostream>

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
  fmt::print(stderr, "the console cannot be interrupted where it is: the show and the program end\n");
  end_show(services.studio);
  services.log.flush();
  std::fflush(nullptr);
  std::_Exit(kFailed);
}

// The answer to a line, waited for. Ctrl-C or a limit ends it.
ui::ConsoleResult evaluate(const ScriptServices& services, script::ConsoleSession& session, std::string source) {
  constexpr Millis kLook{200};
  std::promise<ui::ConsoleResult> answer;
  if (!session.evaluate(std::move(source), [&](ui::ConsoleResult result) { answer.set_value(std::move(result)); })) {
    return {.ok = false, .error = "too much is waiting: try again"};
  }
  auto answered = answer.get_future();
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
  session.on_output([&](std::string text) { terminal.print(std::move(text)); });
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

// Statement by statement, as a script's errors would be told; it goes on after one.
int run_pipe(const ScriptServices& services, script::ConsoleSession& session, const std::stop_token& stop,
             const std::function<void(std::function<void()>)>& on_interrupt) {
  session.on_output(print_line);
  on_interrupt([&] { session.interrupt(); });
  int code = kDone;
  std::string source;
  std::string line;
  while (!stop.stop_requested() && (std::getline(std::cin, line) || !source.empty())) {
    source += (source.empty() ? "" : "\n") + line;
    line.clear();
    if (std::cin && session.unfinished(source)) continue;
    const ui::ConsoleResult result = evaluate(services, session, std::exchange(source, {}));
    show(result);
    if (!result.ok) code = kFailed;
    if (result.exit) return on_interrupt({}), session.on_output({}), result.code;
  }
  on_interrupt({});
  session.on_output({});
  return code;
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
  const int code = terminal ? run_terminal(services, *session, stop, on_interrupt)
                            : run_pipe(services, *session, stop, on_interrupt);
  if (!session->finish(script::ScriptHost::kGrace)) leave(services);
  session.reset();
  end_show(services.studio);
  return code;
}

}  // namespace mainstay
