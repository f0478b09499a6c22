#include "engine/monitor/monitor_feed.h"

#include <algorithm>
#include <cmath>

#include "engine/audio/decibel.h"
#include "engine/media/channels.h"
#include "engine/media/rate.h"

namespace mainstay {

namespace {

constexpr double kMostPpm = 3000;
constexpr double kPpmPerFrame = 0.1 / 48000 * 1e6;  // a tenth of the difference a second
constexpr double kSmooth = 0.03;                    // of each block: about a second
constexpr std::size_t kRingFrames = 2 * kProgramSampleRate;
constexpr std::size_t kLeastFrames = kProgramSampleRate / 20;  // two ticks of 60 fps, one and a half of 30
constexpr std::size_t kTooMuch = kProgramSampleRate / 4;       // steering it away would take a minute and a half
constexpr Nanos kSteady = Seconds(10);                         // after which a device counts as one that works
constexpr Nanos kOpenLimit = Seconds(10);                      // a sound server that hangs hangs in opening, too

}  // namespace

const char* to_string(MonitorStatus::State state) {
  switch (state) {
    case MonitorStatus::State::off:
      return "off";
    case MonitorStatus::State::opening:
      return "opening";
    case MonitorStatus::State::live:
      return "live";
    case MonitorStatus::State::failed:
      return "failed";
  }
  return "off";
}

void MonitorFeed::use(std::optional<show::Monitor> settings, Instant now) {
  if (settings && !settings->enabled) settings.reset();
  const bool same_device = settings && settings_ && settings->device == settings_->device &&
                           settings->buffer == settings_->buffer && settings->layout == settings_->layout;
  const bool off = !settings;
  settings_ = std::move(settings);
  if (same_device) return;
  close();
  retry_at_.reset();
  pause_ = kFirstPause;
  if (off) {
    status_ = {};
  } else {
    open(now);
  }
}

std::size_t MonitorFeed::wanted_frames() const {
  const auto asked = static_cast<std::size_t>(seconds(settings_->buffer) * kProgramSampleRate);
  return std::max({asked, kLeastFrames, largest_block_ * 3 / 2});
}

void MonitorFeed::open(Instant now) {
  ring_ = std::make_shared<SampleRing>(kRingFrames * channels());
  matcher_.set_channels(static_cast<int>(channels()));
  gain_ = 0;
  fill_ = -1;
  ppm_ = 0;
  calls_ = 0;
  alive_ = opened_ = now;
  retry_at_.reset();
  status_.state = MonitorStatus::State::opening;
  output_ =
      open_({.device = settings_->device, .channels = static_cast<int>(channels()), .start = wanted_frames()}, ring_);
}

void MonitorFeed::close() {
  if (output_) lost_underruns_ += output_->status().underruns;
  output_.reset();
  ring_.reset();
}

void MonitorFeed::fail(const std::string& why, Instant now) {
  const bool worked = status_.state == MonitorStatus::State::live && now - opened_ >= kSteady;
  close();
  if (worked) pause_ = kFirstPause;
  status_.state = MonitorStatus::State::failed;
  status_.detail = why;
  retry_at_ = now + pause_;
  pause_ = std::min(2 * pause_, kLongestPause);
}

void MonitorFeed::look(Instant now) {
  if (!settings_) return;
  if (!output_) {
    if (retry_at_ && now >= *retry_at_) open(now);
    return;
  }
  const AudioOutput::Status device = output_->status();
  if (device.state == AudioOutput::State::failed) return fail(device.detail, now);
  if (device.calls != calls_) alive_ = now;
  calls_ = device.calls;
  status_.underruns = lost_underruns_ + device.underruns;
  if (device.state == AudioOutput::State::opening) {
    if (now - opened_ > kOpenLimit) fail("the sound system does not answer", now);
    return;
  }
  if (now - alive_ > kDeadAfter) return fail(device.device + ": the device does not play any more", now);
  status_.state = MonitorStatus::State::live;
  status_.device = device.device;
  status_.detail.clear();
  const double held = fill_ < 0 ? 0 : fill_ / kProgramSampleRate;
  status_.latency = device.latency + Nanos(static_cast<std::int64_t>(held * 1e9));
}

void MonitorFeed::feed(const AudioBlock& block, Instant now) {
  if (!output_) return;
  largest_block_ = std::max(largest_block_, static_cast<std::size_t>(block.samples));
  if (const Status converted = convert(block); !converted) return fail(converted.error().describe(), now);
  const std::size_t most = wanted_frames() + kTooMuch;
  if ((ring_->level() + samples_.size()) / channels() > most) {
    gain_ = 0;  // what is not played is missed less when the rest fades in
    return;
  }
  ring_->write(samples_);
  if (status_.state == MonitorStatus::State::live) steer();
}

Status MonitorFeed::match(const AudioBlock& block) {
  const int wanted = channels_of(settings_->layout);
  const int given = static_cast<int>(channels());
  if (block.channels == given && wanted == given) return matcher_.process(block, samples_);
  AudioBlock mixed(wanted, block.samples);
  map_channels(block, 0, block.samples, mixed, 0);
  if (wanted == given) return matcher_.process(mixed, samples_);
  AudioBlock spread(given, block.samples);
  map_channels(mixed, 0, mixed.samples, spread, 0);
  return matcher_.process(spread, samples_);
}

Status MonitorFeed::convert(const AudioBlock& block) {
  samples_.clear();
  matcher_.set_ppm(ppm_);
  MAINSTAY_CHECK(match(block));
  const float goal = settings_->mute ? 0 : gain_of(settings_->gain_db);
  const std::size_t frames = samples_.size() / channels();
  const float step = frames == 0 ? 0 : (goal - gain_) / static_cast<float>(frames);
  for (std::size_t i = 0; i < frames; ++i) {
    const float gain = i + 1 == frames ? goal : gain_ + step * static_cast<float>(i + 1);
    for (std::size_t c = 0; c < channels(); ++c) samples_[i * channels() + c] *= gain;
  }
  if (frames > 0) gain_ = goal;
  return {};
}

void MonitorFeed::steer() {
  const double filled = static_cast<double>(ring_->level()) / static_cast<double>(channels());
  fill_ = fill_ < 0 ? filled : fill_ + (filled - fill_) * kSmooth;
  const double wanted = static_cast<double>(wanted_frames());
  ppm_ = std::clamp((wanted - fill_) * kPpmPerFrame, -kMostPpm, kMostPpm);
}

}  // namespace mainstay
