#include "app/console_window.h"

#include <cstdio>
#include <cstdlib>

#include "app/run_command.h"
#include "app/script/console_session.h"

namespace mainstay {

namespace {

constexpr int kFailed = 1;

// The session's thread is beyond reach, and uses what main() is about to take away: the process ends without it.
[[noreturn]] void leave(const ScriptServices& services, const Options& options) {
  fmt::print(stderr, "a line in the console could not be interrupted: the program ends without it\n");
  end_show(services.studio);
  write_report(services.studio, options.report);
  services.log.flush();
  std::fflush(nullptr);
  std::_Exit(kFailed);
}

}  // namespace

std::shared_ptr<ui::ConsolePort> make_window_console(const ScriptServices& services, const Options& options) {
  script::Options given;
  given.folder = ".";
  given.caller.face = Face::console;
  const bool kept = options.screenshot.empty();
  auto* const session =
      new script::ConsoleSession(script::Services{services.clock, services.wall, services.log, services.studio}, given,
                                 kept ? script::default_history_path() : std::string());
  return {session, [services, options](script::ConsoleSession* ending) {
            if (!ending->finish(script::ScriptHost::kGrace)) leave(services, options);
            delete ending;
          }};
}

}  // namespace mainstay
