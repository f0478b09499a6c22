#include "engine/ffi/av/av_init.h"

#include <algorithm>
#include <array>
#include <cstdarg>
#include <cstdlib>
#include <shared_mutex>

#include "engine/ffi/av/av_common.h"

namespace mainstay::ffi {

namespace {

constexpr int kLinesPerSecond = 50;
constexpr std::size_t kComplaintsKept = 4;

// The innermost AvComplaints of this thread. The callback has no other way to know for whom a line is.
thread_local AvComplaints* complaints = nullptr;

LogLevel to_log_level(int av_level) {
  return av_level <= AV_LOG_ERROR ? LogLevel::warning : LogLevel::debug;
}

std::string trimmed(const char* text) {
  std::string line(text);
  for (char& c : line) {
    if (static_cast<unsigned char>(c) < 0x20) c = ' ';
  }
  const auto last = line.find_last_not_of(' ');
  line.erase(last == std::string::npos ? 0 : last + 1);
  return line;
}

}  // namespace

struct AvInit::Impl {
  Impl(Log& l, Clock& c) : log(l), clock(c) {}

  void write(int level, const std::string& subject, const std::string& line) {
    const LogLevel ours = to_log_level(level);
    if (!log.enabled(ours)) return;
    int kept_back = 0;
    {
      std::lock_guard lock(mutex);
      const Instant now = clock.now();
      if (now - second_began >= Seconds(1)) {
        kept_back = std::max(0, lines - kLinesPerSecond);
        second_began = now;
        lines = 0;
      }
      if (++lines > kLinesPerSecond) return;
    }
    if (kept_back > 0) log.write(LogLevel::warning, "ffmpeg", fmt::format("{} more lines were left out", kept_back));
    log.write(ours, subject, line);
  }

  static void callback(void* object, int level, const char* format, va_list arguments);

  Log& log;
  Clock& clock;
  std::mutex mutex;
  Instant second_began{};
  int lines = 0;
};

namespace {

// FFmpeg's callback carries no user pointer. Held shared while a line is written, so that ~AvInit can wait for them.
std::shared_mutex hook_mutex;
void* hook = nullptr;

}  // namespace

void AvInit::Impl::callback(void* object, int level, const char* format, va_list arguments) {
  if (level > av_log_get_level()) return;
  std::array<char, 1024> text{};
  std::vsnprintf(text.data(), text.size(), format, arguments);
  const std::string line = trimmed(text.data());
  if (line.empty()) return;
  if (level <= AV_LOG_ERROR && complaints != nullptr && complaints->lines_.size() < kComplaintsKept) {
    complaints->lines_.push_back(line);
  }
  const AVClass* type = object != nullptr ? *static_cast<AVClass**>(object) : nullptr;
  const std::string subject =
      type != nullptr ? fmt::format("ffmpeg {}", type->item_name(object)) : std::string("ffmpeg");
  std::shared_lock lock(hook_mutex);
  if (hook != nullptr) static_cast<Impl*>(hook)->write(level, subject, line);
}

AvInit::AvInit(Log& log, Clock& clock) : impl_(std::make_unique<Impl>(log, clock)) {
  // SVT-AV1 writes to stderr by itself; 1 keeps its errors. Not overwritten when the operator has set it.
  ::setenv("SVT_LOG", "1", 0);
  {
    std::unique_lock lock(hook_mutex);
    hook = impl_.get();
  }
  av_log_set_level(log.enabled(LogLevel::debug) ? AV_LOG_VERBOSE : AV_LOG_ERROR);
  av_log_set_callback(&Impl::callback);
  avformat_network_init();
}

AvInit::~AvInit() {
  av_log_set_callback(av_log_default_callback);
  std::unique_lock lock(hook_mutex);
  hook = nullptr;
}

AvComplaints::AvComplaints() : outer_(complaints) {
  complaints = this;
}

AvComplaints::~AvComplaints() {
  complaints = outer_;
}

std::string AvComplaints::text() const {
  std::string joined;
  for (const std::string& line : lines_) {
    if (!joined.empty()) joined += "; ";
    joined += line;
  }
  return joined;
}

}  // namespace mainstay::ffi
