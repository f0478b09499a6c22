// Builds the parts and passes them on by reference; one subcommand a run.
#include <signal.h>
#include <sys/resource.h>

#include <cstdio>
#include <functional>
#include <mutex>
#include <optional>
#if defined(__GLIBC__)
#include <malloc.h>
#endif

#include "app/call_command.h"
#include "app/options.h"
#include "app/origin_keeper.h"
#include "app/remote_keeper.h"
#include "app/run_command.h"
#include "app/signals.h"
#include "engine/ffi/av/av_init.h"
#include "engine/ffi/srt/srt_library.h"
#include "engine/remote/remote_studio.h"
#include "engine/show/reference.h"
#include "engine/studio/reference_pages.h"
#include "engine/studio/studio.h"
#ifdef MAINSTAY_UI
#include <QCoreApplication>

#include "app/console_command.h"
#include "app/console_window.h"
#include "app/script/macros.h"
#include "app/script_command.h"
#include "ui/ui_main.h"
#endif

namespace mainstay {
namespace {

constexpr int kDone = 0;
constexpr int kFailed = 1;
constexpr int kWrongInput = 2;

struct Clocks {
  Clock& program;
  Clock& wall;  ///< real time
};

int open_window(int argc, char** argv, Studio& studio, const Clocks& clocks, Log& log, const Options& options,
                std::stop_token stop) {
#ifdef MAINSTAY_UI
  WindowOptions window;
  window.show_path = options.show;
  window.on_air = options.on_air;
  window.duration = options.duration;
  window.quit_at_end = options.duration.has_value() || !options.report.empty();
  window.screenshot = options.screenshot;
  window.panel = options.panel;
  window.console = [&] { return make_window_console({clocks.program, clocks.wall, log, studio}, options); };
  window.beside = [&] { return std::make_shared<Macros>(studio, clocks.program, clocks.wall, log); };
  window.stop = std::move(stop);
  const int code = run_window(argc, argv, studio, clocks.program, window);
  return write_report(studio, options.report) ? code : kFailed;
#else
  (void)argc, (void)argv, (void)studio, (void)clocks, (void)log, (void)options, (void)stop;
  fmt::print(stderr, "this build has no window: use mainstay run SHOW\n");
  return kWrongInput;
#endif
}

// What Ctrl-C does: ends the program, or what a console says instead.
class InterruptHook {
 public:
  void set(std::function<void()> hook) {
    std::lock_guard lock(mutex_);
    hook_ = std::move(hook);
  }
  /// False when there is none.
  bool run() {
    std::lock_guard lock(mutex_);  // during the call too: once set({}) has returned, none is under way
    if (hook_) hook_();
    return static_cast<bool>(hook_);
  }

 private:
  std::mutex mutex_;
  std::function<void()> hook_;
};

void end_by_signal(Signals& ending, InterruptHook& interrupts, std::stop_source& stop) {
  ending.listen([&](int signal) {
    if (signal == SIGINT && interrupts.run()) return false;
    stop.request_stop();
    return true;
  });
}

int run_scripts(StudioPort& studio, const Clocks& clocks, Log& log, const Options& options, InterruptHook& interrupts,
                std::stop_token stop) {
#ifdef MAINSTAY_UI
  const ScriptServices services{clocks.program, clocks.wall, log, studio, !options.connect.empty()};
  if (options.subcommand == Subcommand::script) return run_script(services, options, std::move(stop));
  return run_console(services, options, std::move(stop),
                     [&](std::function<void()> hook) { interrupts.set(std::move(hook)); });
#else
  (void)studio, (void)clocks, (void)log, (void)options, (void)interrupts, (void)stop;
  fmt::print(stderr, "this build runs no scripts: they come with the window (MAINSTAY_UI)\n");
  return kWrongInput;
#endif
}

// Each viewer is an open file or two; shells allow a thousand by habit, the system many more.
void allow_open_files() {
  rlimit files{};
  if (::getrlimit(RLIMIT_NOFILE, &files) != 0) return;
  files.rlim_cur = files.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &files);  // without it, the origin takes as many viewers as there is room for
}

int run(int argc, char** argv, const Options& options) {
  allow_open_files();
  Signals ending;  // not "signals": a keyword of Qt
  Log log(options.log);
  SteadyClock steady;
  ManualClock manual(ManualClock::Drive::program, steady.utc_now());
  Clock& clock = options.offline ? static_cast<Clock&>(manual) : steady;

  const ffi::AvInit av(log, steady);
  const auto srt = ffi::SrtLibrary::start(steady, log);
  if (!srt) {
    log.error("srt", "{}", srt.error().describe());
    return kFailed;
  }
  show::Secrets secrets(log.redactor(), {.file = options.secrets});
  // A check and a screenshot leave nothing behind.
  const bool keep_history = options.subcommand != Subcommand::check && options.screenshot.empty();
  Studio studio(clock, log, secrets, {.keep_history = keep_history});
  std::stop_source stop;
  InterruptHook interrupts;
  end_by_signal(ending, interrupts, stop);
  // A check answers and ends; offline there is no network.
  std::optional<RemoteKeeper> remote;
  std::optional<OriginKeeper> origin;
  if (options.subcommand != Subcommand::check && !options.offline && options.screenshot.empty()) {
    remote.emplace(studio, clock, log, secrets, RemoteKeeper::Options{.listen = options.remote});
    origin.emplace(studio, clock, log, secrets);
  }
#ifdef MAINSTAY_UI
  // JavaScript wants an application object; the window makes its own, and the macros with it.
  std::optional<QCoreApplication> application;
  std::optional<Macros> macros;
  if (options.subcommand != Subcommand::window) {
    application.emplace(argc, argv);
    if (options.subcommand != Subcommand::check) macros.emplace(studio, clock, steady, log);
  }
#endif
  switch (options.subcommand) {
    case Subcommand::run:
      return run_show(studio, clock, options, stop.get_token());
    case Subcommand::check:
      return check_show(studio, options);
    case Subcommand::script:
    case Subcommand::console:
      return run_scripts(studio, {clock, steady}, log, options, interrupts, stop.get_token());
    default:
      return open_window(argc, argv, studio, {clock, steady}, log, options, stop.get_token());
  }
}

// A script or the console about an instance that runs elsewhere.
int run_elsewhere(int argc, char** argv, const Options& options) {
  const auto target = remote::parse_target(options.connect);
  if (!target) return fmt::print(stderr, "{}\n", target.error().describe()), kWrongInput;
  Signals ending;
  Log log(options.log);
  SteadyClock clock;
  std::stop_source stop;
  InterruptHook interrupts;
  end_by_signal(ending, interrupts, stop);
#ifdef MAINSTAY_UI
  const QCoreApplication application(argc, argv);
#else
  (void)argc, (void)argv;
#endif
  show::Secrets secrets(log.redactor());
  const Studio here(clock, log, secrets, {.keep_history = false});  // for its declarations
  remote::RemoteStudio::Options made{.target = *target};
  made.connection = connection_of(options);
  made.connection.client = options.subcommand == Subcommand::script ? "mainstay script" : "mainstay console";
  remote::RemoteStudio studio(here.registry(), clock, log, std::move(made));
  if (const Status connected = studio.connect(stop.get_token()); !connected)
    return fmt::print(stderr, "{}\n", connected.error().describe()), kFailed;
  return run_scripts(studio, {clock, clock}, log, options, interrupts, stop.get_token());
}

int print_reference(const std::string& topic) {
  if (topic == "show") return fmt::print("{}", show::reference_markdown()), kDone;
  if (topic == "events") return fmt::print("{}", events_markdown()), kDone;
  Log log({.level = LogLevel::off});
  SteadyClock clock;
  show::Secrets secrets(log.redactor());
  const Studio studio(clock, log, secrets, {.keep_history = false});
  return fmt::print("{}", commands_markdown(studio.registry())), kDone;
}

int main(int argc, char** argv) {
#if defined(__GLIBC__)
  // Pictures are few and large: a heap for each of the many threads would only spread what is free (5 % of the memory).
  mallopt(M_ARENA_MAX, 2);
#endif
  const auto options = parse_options({argv + 1, argv + argc});
  if (!options) {
    fmt::print(stderr, "{}\n", options.error().describe());
    return kWrongInput;
  }
  switch (options->subcommand) {
    case Subcommand::help:
      return fmt::print("{}", help_text()), kDone;
    case Subcommand::version:
      return fmt::print("mainstay {}\n", MAINSTAY_VERSION), kDone;
    case Subcommand::reference:
      return print_reference(options->topic);
    case Subcommand::call: {
      SteadyClock clock;
      return call_command(clock, *options, {});
    }
    default:
      return options->connect.empty() ? run(argc, argv, *options) : run_elsewhere(argc, argv, *options);
  }
}

}  // namespace
}  // namespace mainstay

int main(int argc, char** argv) {
  return mainstay::main(argc, argv);
}
