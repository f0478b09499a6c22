#include "engine/monitor/monitor_output.h"

#include <utility>

namespace mainstay {

namespace {

constexpr std::size_t kBlocksQueued = 16;
constexpr Nanos kLook = Millis(200);

}  // namespace

MonitorOutput::MonitorOutput(Clock& clock, Log& log, const std::optional<show::Monitor>& settings, OpenAudioOutput open)
    : clock_(clock), log_(log), open_(std::move(open)), queue_(clock, {.items = kBlocksQueued}, Overflow::drop_oldest) {
  use(settings);
}

MonitorOutput::~MonitorOutput() {
  queue_.close();
  thread_.stop();
}

void MonitorOutput::use(const std::optional<show::Monitor>& settings) {
  if (clock_.offline()) return;
  const bool on = settings && settings->enabled;
  {
    std::lock_guard lock(mutex_);
    settings_ = settings;
    fresh_ = true;
    if (!on && !thread_.joinable()) return;
    if (!thread_.joinable()) thread_ = NamedThread("monitor", [this](const std::stop_token& stop) { run(stop); });
  }
  bus_ = on ? static_cast<int>(settings->bus) : kNone;
  queue_.push(nullptr);
}

MonitorStatus MonitorOutput::status() const {
  std::lock_guard lock(mutex_);
  return status_;
}

void MonitorOutput::on_audio(const AudioBlockPtr& block, std::int64_t first_sample) {
  on_bus(show::AudioBus::program, block, first_sample);
}

void MonitorOutput::on_bus(show::AudioBus bus, const AudioBlockPtr& block, std::int64_t) {
  if (block && static_cast<int>(bus) == bus_.load(std::memory_order_relaxed)) queue_.push(block);
}

void MonitorOutput::take_settings(MonitorFeed& feed) {
  std::optional<show::Monitor> settings;
  {
    std::lock_guard lock(mutex_);
    if (!std::exchange(fresh_, false)) return;
    settings = settings_;
  }
  feed.use(settings, clock_.now());
}

void MonitorOutput::run(const std::stop_token& stop) {
  MonitorFeed feed(open_);
  for (;;) {
    take_settings(feed);
    feed.look(clock_.now());
    tell(feed);
    const bool off = feed.status().state == MonitorStatus::State::off;
    const Result<AudioBlockPtr> block = queue_.pop(stop, off ? kNever : clock_.now() + kLook);
    if (!block && block.error().code != Errc::again) return;
    if (block && *block) feed.feed(**block, clock_.now());
  }
}

void MonitorOutput::tell(const MonitorFeed& feed) {
  const MonitorStatus& now = feed.status();
  std::unique_lock lock(mutex_);
  const MonitorStatus before = std::exchange(status_, now);
  lock.unlock();
  if (before.state == now.state) return;
  if (now.state == MonitorStatus::State::failed) {
    log_.warning("monitor", "{}", now.detail);
  } else if (now.state == MonitorStatus::State::live) {
    log_.info("monitor", "plays on {}", now.device);
  }
}

}  // namespace mainstay
