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

// The answer to a command, waited for.
CallResult call(StudioPort& studio, const std::string& command, Json params) {
  std::promise<CallResult> answer;
  studio.call(command, std::move(params), {.face = Face::command_line},
              [&](CallResult result) { answer.set_value(std::move(result)); });
  return answer.get_future().get();
}

// "00:01:23  frames 2490 late 0 repeated 0 | platform/main live 6012 kb/s | platform/backup backoff 0 kb/s, retry in 2
// s"
std::string status_line(const Snapshot& s) {
  const auto total = std::chrono::duration_cast<Seconds>(s.elapsed).count();
  std::string line = fmt::format("{:02}:{:02}:{:02}  frames {} late {} repeated {}", total / 3600, total / 60 % 60,
                                 total % 60, s.program.rendered, s.program.late, s.program.repeated);
  for (const LegSnapshot& leg : s.legs) {
    line += fmt::format(" | {}/{} {} {:.0f} kb/s", leg.destination, leg.role, to_string(leg.state), leg.kbps);
    if (leg.stepped_down()) line += fmt::format(" of {} instead of {}", leg.rendition, leg.full);
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

bool write_report(StudioPort& studio, const std::string& path) {
  if (path.empty()) return true;
  const std::string text =
      call(studio, "state.report", nullptr).value.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
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

int check_show(StudioPort& studio, const Options& options) {
  const CallResult opened = call(studio, "show.open", {{"path", options.show}});
  if (opened.ok()) return kDone;
  for (const show::ShowError& error : opened.error->errors) say(to_line(error));
  if (opened.error->errors.empty()) say(opened.error->message);
  return kWrongInput;
}

int run_show(StudioPort& studio, Clock& clock, const Options& options, std::stop_token stop) {
  if (const int code = check_show(studio, options); code != kDone) return code;
  const Rate rate = studio.snapshot().program.rate;
  const std::int64_t frames = options.duration ? rate.frames_in(*options.duration) : 0;
  const CallResult start = call(studio, "program.start", {{"frames", frames}});
  if (!start.ok()) say(start.error->message);

  std::mutex mutex;
  std::condition_variable_any changed;
  bool news = false;
  const auto listening = studio.on_event([&] {
    {
      std::lock_guard lock(mutex);
      news = true;
    }
    changed.notify_all();
  });
  const auto ended = [&] { return studio.snapshot().phase == Phase::off; };
  Instant next_line = options.status ? clock.now() + Seconds(1) : kNever;
  while (start.ok() && !ended() && !stop.stop_requested()) {
    std::unique_lock lock(mutex);
    clock.wait(lock, changed, stop, next_line, [&] { return news; });
    news = false;
    lock.unlock();
    if (clock.now() < next_line || ended()) continue;
    say(status_line(studio.snapshot()));
    next_line += Seconds(1);
  }
  if (start.ok() && !ended()) call(studio, "program.stop", nullptr);
  const bool reported = write_report(studio, options.report);
  const std::string failure = start.ok() ? studio.snapshot().failure : std::string();
  if (!failure.empty()) say(failure);
  return start.ok() && failure.empty() && reported ? kDone : kFailed;
}

}  // namespace mainstay
