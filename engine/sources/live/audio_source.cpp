// Sound from a device of this machine.
#include <atomic>
#include <stop_token>
#include <utility>
#include <vector>

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
    return LiveInfo{false, true, fmt::format("48 kHz {} ch from {}", stream_->channels(), stream_->device())};
  }

  Result<LiveItem> read() override {
    const std::size_t channels = static_cast<std::size_t>(stream_->channels());
    samples_.resize(kMostFrames * channels);
    for (;;) {
      if (abort_.stop_requested()) return Error{Errc::cancelled, "stopped", nullptr};
      const std::size_t frames = stream_->read(samples_);
      if (frames > 0) return item(frames, channels);
      if (!stream_->running()) return make_error(Errc::io, "the sound input \"{}\" stopped", stream_->device());
      if (!clock_.wait_until(clock_.now() + kLook, abort_.get_token()))
        return Error{Errc::cancelled, "stopped", nullptr};
    }
  }

  void abort() noexcept override { abort_.request_stop(); }

 private:
  LiveItem item(std::size_t frames, std::size_t channels) {
    // What found no room is a hole in time.
    const auto lost = static_cast<std::int64_t>(stream_->lost());
    position_ += lost - std::exchange(lost_, lost);
    auto block = std::make_shared<AudioBlock>(2, static_cast<int>(frames));
    for (std::size_t i = 0; i < frames; ++i) {
      block->plane(0)[i] = samples_[i * channels];
      block->plane(1)[i] = samples_[i * channels + channels - 1];
    }
    const std::int64_t first = position_;
    position_ += static_cast<std::int64_t>(frames);
    return LiveSound{std::move(block), first};
  }

  const ffi::InputStream::Options options_;
  Clock& clock_;
  std::stop_source abort_;
  std::unique_ptr<ffi::InputStream> stream_;
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
  // A tick takes all its samples at once: they have to be there when it begins.
  const Nanos delay = config.buffer + context.rate.begin(1);
  Clock& clock = context.clock;
  MakeLiveFeed make = [options, &clock] { return std::make_unique<AudioFeed>(options, clock); };
  return std::make_unique<LiveSource>(std::move(context), delay, std::move(link), std::move(make));
}

}  // namespace mainstay
