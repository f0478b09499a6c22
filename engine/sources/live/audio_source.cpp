// Sound from a device of this machine.
#include <algorithm>
#include <span>
#include <stop_token>
#include <utility>
#include <vector>

#include "engine/ffi/av/rate_converter.h"
#include "engine/ffi/portaudio/input_stream.h"
#include "engine/media/rate.h"
#include "engine/sources/live/live_source.h"
#include "engine/sources/live/live_sources.h"

namespace mainstay {

namespace {

constexpr Nanos kOpen = Seconds(10);
constexpr Nanos kSilence = Seconds(2);  // a device gives samples whether anybody speaks or not
constexpr Nanos kLook = Millis(5);      // at the ring: the callback may wake nobody
constexpr std::size_t kMostFrames = 1024;

class AudioFeed final : public LiveFeed {
 public:
  AudioFeed(ffi::InputStream::Options options, Clock& clock) : options_(std::move(options)), clock_(clock) {}

  Result<LiveInfo> open() override {
    MAINSTAY_TRY(stream_, ffi::InputStream::open(options_));
    if (stream_->rate() != kProgramSampleRate) {
      MAINSTAY_TRY(converter_, ffi::RateConverter::make(stream_->rate(), stream_->channels()));
    }
    return LiveInfo{
        false, true,
        fmt::format("{:g} kHz {} ch from {}", stream_->rate() / 1000.0, stream_->channels(), stream_->device())};
  }

  Result<LiveItem> read() override {
    const std::size_t channels = static_cast<std::size_t>(stream_->channels());
    samples_.resize(kMostFrames * channels);
    for (;;) {
      if (abort_.stop_requested()) return Error{Errc::cancelled, "stopped", nullptr};
      const std::size_t frames = stream_->read(samples_);
      if (frames > 0) {
        MAINSTAY_TRY(AudioBlockPtr block, converted({samples_.data(), frames * channels}, channels));
        if (block->samples > 0) return placed(std::move(block));
        continue;
      }
      if (!stream_->running()) return make_error(Errc::io, "the sound input \"{}\" stopped", stream_->device());
      if (!clock_.wait_until(clock_.now() + kLook, abort_.get_token()))
        return Error{Errc::cancelled, "stopped", nullptr};
    }
  }

  void abort() noexcept override { abort_.request_stop(); }

 private:
  Result<AudioBlockPtr> converted(std::span<const float> samples, std::size_t channels) {
    if (converter_) return converter_->push(samples);
    const std::size_t wide = std::max<std::size_t>(channels, 2);
    auto block = std::make_shared<AudioBlock>(static_cast<int>(wide), static_cast<int>(samples.size() / channels));
    for (std::size_t c = 0; c < wide; ++c) {
      const std::span<float> plane = block->plane(static_cast<int>(c));
      const std::size_t from = std::min(c, channels - 1);  // one channel is heard on both sides
      for (std::size_t i = 0; i < plane.size(); ++i) plane[i] = samples[i * channels + from];
    }
    return AudioBlockPtr(std::move(block));
  }

  LiveItem placed(AudioBlockPtr block) {
    // What found no room is a hole in time.
    const auto lost = static_cast<std::int64_t>(stream_->lost());
    position_ += mul_div(lost - std::exchange(lost_, lost), kProgramSampleRate, stream_->rate());
    const std::int64_t first = position_;
    position_ += block->samples;
    return LiveSound{std::move(block), first};
  }

  const ffi::InputStream::Options options_;
  Clock& clock_;
  std::stop_source abort_;
  std::unique_ptr<ffi::InputStream> stream_;
  std::unique_ptr<ffi::RateConverter> converter_;  // where the device has another rate
  std::vector<float> samples_;
  std::int64_t position_ = 0;
  std::int64_t lost_ = 0;
};

}  // namespace

std::unique_ptr<Source> make_audio_source(const show::AudioSource& config, SourceContext context) {
  ffi::InputStream::Options options{
      .device = config.device, .channels = config.channels, .first_channel = config.first_channel};
  LiveLink::Options link;
  link.what = config.device.empty() ? std::string("the default sound input") : "sound input " + config.device;
  link.open_timeout = kOpen;
  link.timeout = kSilence;
  link.when_hidden = config.when_hidden;
  // A tick takes all its samples at once: they have to be there when it begins.
  const Nanos delay = config.buffer + context.rate.begin(1);
  Clock& clock = context.clock;
  MakeLiveFeed make = [options, &clock] { return std::make_unique<AudioFeed>(options, clock); };
  return std::make_unique<LiveSource>(std::move(context), delay, std::move(link), std::move(make));
}

}  // namespace mainstay
