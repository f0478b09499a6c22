// Builds the parts and passes them on by reference; one subcommand a run.
#include <cstdio>
#if defined(__GLIBC__)
#include <malloc.h>
#endif

#include "app/options.h"
#include "app/run_command.h"
#include "app/signals.h"
#include "engine/ffi/av/av_init.h"
#include "engine/ffi/srt/srt_library.h"
#include "engine/show/reference.h"
#include "engine/studio/studio.h"
#ifdef MAINSTAY_UI
#include "ui/ui_main.h"
#endif

namespace mainstay {
namespace {

constexpr int kDone = 0;
constexpr int kFailed = 1;
constexpr int kWrongInput = 2;

int open_window(int argc, char** argv, Studio& studio, Clock& clock, const Options& options, std::stop_token stop) {
#ifdef MAINSTAY_UI
  WindowOptions window;
  window.show_path = options.show;
  window.on_air = options.on_air;
  window.duration = options.duration;
  window.quit_at_end = options.duration.has_value() || !options.report.empty();
  window.screenshot = options.screenshot;
  window.stop = std::move(stop);
  const int code = run_window(argc, argv, studio, clock, window);
  return write_report(studio, options.report) ? code : kFailed;
#else
  (void)argc, (void)argv, (void)studio, (void)clock, (void)options, (void)stop;
  fmt::print(stderr, "this build has no window: use mainstay run SHOW\n");
  return kWrongInput;
#endif
}

int run(int argc, char** argv, const Options& options) {
  Signals signals;
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
  Studio studio(clock, log, secrets, {.keep_history = options.subcommand != Subcommand::check});
  std::stop_source stop;
  signals.listen([&] { stop.request_stop(); });
  switch (options.subcommand) {
    case Subcommand::run:
      return run_show(studio, clock, options, stop.get_token());
    case Subcommand::check:
      return check_show(studio, options);
    default:
      return open_window(argc, argv, studio, clock, options, stop.get_token());
  }
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
      return fmt::print("{}", show::reference_markdown()), kDone;
    default:
      return run(argc, argv, *options);
  }
}

}  // namespace
}  // namespace mainstay

int main(int argc, char** argv) {
  return mainstay::main(argc, argv);
}
