#include "app/run_command.h"

#include <condition_variable>
#include <cstdio>
#include <future>
#include <mutex>

namespace mainstay {

namespace {

constexpr int kDone = 0;
constexpr int kFailed = 1;
constexpr int kWrongInput = 2;

void say(const std::string& line) {
  fmt::print(stderr, "{}\n", line);
}

std::vector<show::ShowError> open(Studio& studio, const std::string& path) {
  std::promise<std::vector<show::ShowError>> opened;
  studio.open_show(path, [&](std::vector<show::ShowError> errors) { opened.set_value(std::move(errors)); });
  return opened.get_future().get();
}

// "00:01:23  frames 2490 late 0 repeated 0 | platform/main live 6012 kb/s | platform/backup backoff 0 kb/s, retry in 2
// s"
std::string status_line(const Snapshot& s) {
  const auto total = std::chrono::duration_cast<Seconds>(s.elapsed).count();
  std::string line = fmt::format("{:02}:{:02}:{:02}  frames {} late {} repeated {}", total / 3600, total / 60 % 60,
                                 total % 60, s.program.rendered, s.program.late, s.program.repeated);
  for (const LegSnapshot& leg : s.legs) {
    line += fmt::format(" | {}/{} {} {:.0f} kb/s", leg.destination, leg.role, to_string(leg.state), leg.kbps);
    if (leg.retry_in) line += fmt::format(", retry in {:.0f} s", seconds(*leg.retry_in));
  }
  for (const SourceSnapshot& source : s.sources) {
    if (source.type == "ingest") {
      line +=
          fmt::format(" | {} {}{}{}", source.name, source.state, source.input.empty() ? "" : " from ", source.input);
    }
  }
  return line;
}

}  // namespace

bool write_report(const Studio& studio, const std::string& path) {
  if (path.empty()) return true;
  const std::string text = studio.report_json();
  if (path == "-") {
    fmt::print("{}", text);
    return true;
  }
  std::FILE* file = std::fopen(path.c_str(), "wb");
  const bool written = file != nullptr && std::fwrite(text.data(), 1, text.size(), file) == text.size();
  const bool closed = file != nullptr && std::fclose(file) == 0;
  if (!written || !closed) say(fmt::format("cannot write the report {}: {}", path, std::strerror(errno)));
  return written && closed;
}

int check_show(Studio& studio, const Options& options) {
  const auto errors = open(studio, options.show);
  for (const show::ShowError& error : errors) say(to_line(error));
  return errors.empty() ? kDone : kWrongInput;
}

int run_show(Studio& studio, Clock& clock, const Options& options, std::stop_token stop) {
  if (const int code = check_show(studio, options); code != kDone) return code;

  std::mutex mutex;
  std::condition_variable_any changed;
  bool ended = false;
  studio.on_ended([&] {
    std::lock_guard lock(mutex);
    ended = true;
    changed.notify_all();
  });
  const Rate rate = studio.snapshot().program.rate;
  std::promise<Status> started;
  studio.start(options.duration ? rate.frames_in(*options.duration) : 0,
               [&](Status status) { started.set_value(std::move(status)); });
  Status start = started.get_future().get();
  if (!start) say(start.error().describe());

  std::unique_lock lock(mutex);
  while (start && !ended && !stop.stop_requested()) {
    const Instant next = options.status ? clock.now() + Seconds(1) : kNever;
    clock.wait(lock, changed, stop, next, [&] { return ended; });
    if (!options.status || ended) continue;
    lock.unlock();
    say(status_line(studio.snapshot()));
    lock.lock();
  }
  if (start && !ended) {
    studio.stop();
    clock.wait(lock, changed, {}, kNever, [&] { return ended; });
  }
  lock.unlock();
  studio.on_ended({});
  const bool reported = write_report(studio, options.report);
  const std::string failure = studio.failure();
  if (!failure.empty()) say(failure);
  return start && failure.empty() && reported ? kDone : kFailed;
}

}  // namespace mainstay
