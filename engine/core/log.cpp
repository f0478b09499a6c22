#include "engine/core/log.h"

#include <spdlog/async.h>
#include <spdlog/details/null_mutex.h>
#include <spdlog/sinks/base_sink.h>
#include <spdlog/sinks/stdout_sinks.h>

#include <algorithm>
#include <condition_variable>

namespace mainstay {

namespace {

constexpr std::size_t kQueuedLines = 8192;
constexpr std::chrono::seconds kLongestFlush{1};
constexpr std::size_t kShortestSecret = 4;  // shorter ones would blank out ordinary words

spdlog::level::level_enum to_spdlog(LogLevel level) {
  switch (level) {
    case LogLevel::debug:
      return spdlog::level::debug;
    case LogLevel::info:
      return spdlog::level::info;
    case LogLevel::warning:
      return spdlog::level::warn;
    case LogLevel::error:
      return spdlog::level::err;
    case LogLevel::off:
      break;
  }
  return spdlog::level::off;
}

class FunctionSink final : public spdlog::sinks::base_sink<std::mutex> {
 public:
  explicit FunctionSink(std::function<void(std::string_view)> write) : sink_(std::move(write)) {}

 protected:
  void sink_it_(const spdlog::details::log_msg& message) override {
    spdlog::memory_buf_t line;
    formatter_->format(message, line);
    std::string_view text(line.data(), line.size());
    while (!text.empty() && text.back() == '\n') text.remove_suffix(1);
    sink_(text);
  }
  void flush_() override {}

 private:
  std::function<void(std::string_view)> sink_;
};

// The last of a logger's sinks: tells flush() that the log's thread has come as far as its request.
class FlushGate final : public spdlog::sinks::base_sink<spdlog::details::null_mutex> {
 public:
  std::int64_t passed() {
    std::lock_guard lock(gate_mutex_);
    return passed_;
  }
  void wait_beyond(std::int64_t seen) {
    std::unique_lock lock(gate_mutex_);
    opened_.wait_for(lock, kLongestFlush, [&] { return passed_ > seen; });
  }

 protected:
  void sink_it_(const spdlog::details::log_msg&) override {}
  void flush_() override {
    std::lock_guard lock(gate_mutex_);
    ++passed_;
    opened_.notify_all();
  }

 private:
  std::mutex gate_mutex_;
  std::condition_variable opened_;
  std::int64_t passed_ = 0;
};

std::string json_escaped(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    switch (c) {
      case '"':
        out += "\\\"";
        break;
      case '\\':
        out += "\\\\";
        break;
      case '\n':
        out += "\\n";
        break;
      default:
        if (static_cast<unsigned char>(c) < 0x20) {
          out += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
        } else {
          out += c;
        }
    }
  }
  return out;
}

// One entry is one line, whatever a library or a peer put into the message.
std::string one_line(std::string text) {
  for (char& c : text) {
    if (static_cast<unsigned char>(c) < 0x20 && c != '\t') c = ' ';
  }
  while (!text.empty() && text.back() == ' ') text.pop_back();
  return text;
}

}  // namespace

Result<LogLevel> parse_log_level(std::string_view text) {
  for (const LogLevel level : {LogLevel::debug, LogLevel::info, LogLevel::warning, LogLevel::error, LogLevel::off}) {
    if (text == to_string(level)) return level;
  }
  return make_error(Errc::invalid, "unknown log level '{}': use debug, info, warning, error or off", text);
}

const char* to_string(LogLevel level) {
  switch (level) {
    case LogLevel::debug:
      return "debug";
    case LogLevel::info:
      return "info";
    case LogLevel::warning:
      return "warning";
    case LogLevel::error:
      return "error";
    case LogLevel::off:
      break;
  }
  return "off";
}

void Redactor::add(std::string secret) {
  if (secret.size() < kShortestSecret) return;
  std::lock_guard lock(mutex_);
  if (std::find(secrets_.begin(), secrets_.end(), secret) != secrets_.end()) return;
  secrets_.push_back(std::move(secret));
  // Longest first, so that a secret that holds another goes as a whole.
  std::sort(secrets_.begin(), secrets_.end(), [](const auto& a, const auto& b) { return a.size() > b.size(); });
}

std::string Redactor::redact(std::string_view text) const {
  std::string out(text);
  std::lock_guard lock(mutex_);
  for (const std::string& secret : secrets_) {
    for (std::size_t at = out.find(secret); at != std::string::npos; at = out.find(secret, at + 3)) {
      out.replace(at, secret.size(), "***");
    }
  }
  return out;
}

struct Log::Impl {
  std::shared_ptr<spdlog::details::thread_pool> pool = std::make_shared<spdlog::details::thread_pool>(kQueuedLines, 1);
  std::shared_ptr<FlushGate> gate = std::make_shared<FlushGate>();
  std::shared_ptr<spdlog::async_logger> logger;
  bool json = false;
};

Log::Log(Options options) : level_(options.level), impl_(std::make_unique<Impl>()) {
  spdlog::sink_ptr sink;
  if (options.sink) {
    sink = std::make_shared<FunctionSink>(std::move(options.sink));
  } else {
    sink = std::make_shared<spdlog::sinks::stderr_sink_mt>();
  }
  impl_->json = options.json;
  impl_->logger =
      std::make_shared<spdlog::async_logger>("mainstay", spdlog::sinks_init_list{std::move(sink), impl_->gate},
                                             impl_->pool, spdlog::async_overflow_policy::overrun_oldest);
  impl_->logger->set_level(to_spdlog(options.level));
  impl_->logger->set_pattern(options.json ? "%v" : "%Y-%m-%d %H:%M:%S.%e %L %v", spdlog::pattern_time_type::utc);
}

Log::~Log() = default;

void Log::write(LogLevel level, std::string_view subject, std::string_view message) {
  if (!enabled(level)) return;
  const std::string text = one_line(redactor_.redact(message));
  const std::string who = redactor_.redact(subject);
  if (impl_->json) {
    const auto now = spdlog::log_clock::now();
    const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(now.time_since_epoch()).count();
    impl_->logger->log(to_spdlog(level), R"({{"utc_ms":{},"level":"{}","subject":"{}","message":"{}"}})", ms,
                       to_string(level), json_escaped(who), json_escaped(text));
  } else {
    impl_->logger->log(to_spdlog(level), "{}: {}", who, text);
  }
}

void Log::flush() {
  const std::int64_t seen = impl_->gate->passed();
  impl_->logger->flush();
  impl_->gate->wait_beyond(seen);
}

}  // namespace mainstay
