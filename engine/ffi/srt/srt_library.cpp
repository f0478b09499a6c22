#include "engine/ffi/srt/srt_library.h"

#include <srt/srt.h>

#include <mutex>
#include <string>

namespace mainstay::ffi {

namespace {

constexpr int kLinesPerWindow = 20;
constexpr Nanos kWindow = Seconds{10};

// One step down from libsrt's own view: what it calls an error (a caller with a wrong passphrase) is everyday business,
// and the leg or the ingest says it again in words.
LogLevel to_level(int syslog_level) {
  if (syslog_level <= LOG_CRIT) return LogLevel::error;
  if (syslog_level <= LOG_ERR) return LogLevel::warning;
  return LogLevel::debug;
}

}  // namespace

LineLimiter::Verdict LineLimiter::offer(Instant now) {
  Verdict verdict;
  if (window_start_ == Instant::min() || now - window_start_ >= window_) {
    verdict.held_back = std::exchange(held_back_, 0);
    window_start_ = now;
    shown_ = 0;
  }
  if (shown_ < burst_) {
    ++shown_;
    verdict.pass = true;
  } else {
    ++held_back_;
  }
  return verdict;
}

struct SrtLibrary::Sink {
  Sink(Clock& c, Log& l) : clock(c), log(l) {}

  Clock& clock;
  Log& log;
  LineLimiter limiter{kLinesPerWindow, kWindow};
  std::mutex mutex = {};

  // Called on libsrt's threads.
  static void line(void* opaque, int level, const char*, int, const char* area, const char* message) noexcept {
    try {
      Sink& sink = *static_cast<Sink*>(opaque);
      const LogLevel to = to_level(level);
      if (!sink.log.enabled(to)) return;
      const std::lock_guard lock(sink.mutex);
      const auto [pass, held_back] = sink.limiter.offer(sink.clock.now());
      if (held_back > 0) sink.log.warning("libsrt", "{} lines were not shown", held_back);
      if (pass) sink.log.write(to, "libsrt", fmt::format("{}: {}", area ? area : "", message ? message : ""));
    } catch (...) {
      // Nothing can be done about a line that cannot be logged.
    }
  }
};

SrtLibrary::SrtLibrary(std::unique_ptr<Sink> sink) : sink_(std::move(sink)) {
  srt_setlogflags(SRT_LOGF_DISABLE_TIME | SRT_LOGF_DISABLE_THREADNAME | SRT_LOGF_DISABLE_SEVERITY |
                  SRT_LOGF_DISABLE_EOL);
  srt_setloglevel(sink_->log.enabled(LogLevel::debug) ? LOG_NOTICE : LOG_ERR);
  srt_setloghandler(sink_.get(), &Sink::line);
}

Result<std::unique_ptr<SrtLibrary>> SrtLibrary::start(Clock& clock, Log& log) {
  if (srt_startup() < 0) {
    return make_error(Errc::io, "SRT cannot start: {}: is this machine out of threads or memory?",
                      srt_getlasterror_str());
  }
  return std::unique_ptr<SrtLibrary>(new SrtLibrary(std::make_unique<Sink>(clock, log)));
}

SrtLibrary::~SrtLibrary() {
  // Without a handler libsrt would write to stderr by itself.
  srt_setloglevel(LOG_CRIT);
  srt_setloghandler(nullptr, nullptr);
  srt_cleanup();
}

std::string SrtLibrary::version() {
  const auto v = srt_getversion();
  return fmt::format("{}.{}.{}", v >> 16, (v >> 8) & 0xFF, v & 0xFF);
}

}  // namespace mainstay::ffi
