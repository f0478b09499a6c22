#include "engine/ffi/av/resampler.h"

extern "C" {
#include <libswresample/swresample.h>
}

#include <algorithm>
#include <array>
#include <cstdlib>
#include <utility>

#include "engine/media/channels.h"

namespace mainstay::ffi {

namespace {

constexpr std::int64_t kNanosPerSecond = 1'000'000'000;
constexpr std::int64_t kJitterNanos = 1'000'000;
constexpr int kMaxRate = 768'000;

/// The layout that sound of this one is given out in. Surrounds may stand at the sides or at the back: they are the
/// same two channels here, and what has both gets the sides.
AVChannelLayout target_of(const AVChannelLayout& source) {
  constexpr std::uint64_t kFront = AV_CH_FRONT_LEFT | AV_CH_FRONT_RIGHT | AV_CH_STEREO_LEFT | AV_CH_STEREO_RIGHT;
  constexpr std::uint64_t kSides = AV_CH_SIDE_LEFT | AV_CH_SIDE_RIGHT;
  const AVChannelLayout stereo = AV_CHANNEL_LAYOUT_STEREO;
  const AVChannelLayout at_the_sides = AV_CHANNEL_LAYOUT_5POINT1;
  const AVChannelLayout at_the_back = AV_CHANNEL_LAYOUT_5POINT1_BACK;
  const bool named = source.order == AV_CHANNEL_ORDER_NATIVE;
  if (named && source.nb_channels == 1) return source;
  if (!named || (source.u.mask & ~kFront) == 0) return stereo;
  return source.u.mask & kSides ? at_the_sides : at_the_back;
}

}  // namespace

Resampler::~Resampler() {
  swr_free(&swr_);
  av_channel_layout_uninit(&layout_);
}

Status Resampler::configure(const AVFrame& frame) {
  const bool same = format_ == frame.format && rate_ == frame.sample_rate &&
                    av_channel_layout_compare(&layout_, &frame.ch_layout) == 0;
  if (same) return {};
  MAINSTAY_CHECK(finish());
  if (frame.sample_rate <= 0 || frame.sample_rate > kMaxRate || frame.ch_layout.nb_channels <= 0)
    return make_error(Errc::corrupt, "sound with {} channels at {} Hz", frame.ch_layout.nb_channels, frame.sample_rate);

  AVChannelLayout source{};
  if (frame.ch_layout.order == AV_CHANNEL_ORDER_UNSPEC)
    av_channel_layout_default(&source, frame.ch_layout.nb_channels);
  else
    av_channel_layout_copy(&source, &frame.ch_layout);
  AVChannelLayout target = target_of(source);
  channels_ = target.nb_channels;
  direct_ = frame.format == AV_SAMPLE_FMT_FLTP && frame.sample_rate == kProgramSampleRate &&
            av_channel_layout_compare(&source, &target) == 0;
  swr_free(&swr_);
  int code = 0;
  if (!direct_) {
    code = swr_alloc_set_opts2(&swr_, &target, AV_SAMPLE_FMT_FLTP, kProgramSampleRate, &source,
                               static_cast<AVSampleFormat>(frame.format), frame.sample_rate, 0, nullptr);
    if (code >= 0) code = swr_init(swr_);
  }
  av_channel_layout_uninit(&source);
  if (code < 0) {
    format_ = -1;
    swr_free(&swr_);
    return av_error(code, fmt::format("sound with {} channels at {} Hz cannot be converted",
                                      frame.ch_layout.nb_channels, frame.sample_rate));
  }
  format_ = frame.format;
  rate_ = frame.sample_rate;
  av_channel_layout_copy(&layout_, &frame.ch_layout);
  return {};
}

Status Resampler::push(const AVFrame& frame, std::optional<std::int64_t> pts, TimeBase base, TimeBase container_tick) {
  if (frame.nb_samples <= 0) return {};
  MAINSTAY_CHECK(configure(frame));
  const std::int64_t expected_ns = run_start_ns_ + mul_div(run_in_, kNanosPerSecond, rate_);
  const std::int64_t stamp_ns = pts ? rescale(*pts, base, kNanosBase) : expected_ns;
  const std::int64_t tick_ns = mul_div(container_tick.num, kNanosPerSecond, container_tick.den, Rounding::up);
  if (running_ && std::abs(stamp_ns - expected_ns) > kJitterNanos + tick_ns) MAINSTAY_CHECK(finish());
  if (!running_) {
    running_ = true;
    run_start_ns_ = stamp_ns;
    run_first_ = pts ? rescale(*pts, base, kAudioBase) : next_free_;
    run_in_ = 0;
    run_out_ = 0;
  }
  run_in_ += frame.nb_samples;
  return convert(&frame);
}

Status Resampler::convert(const AVFrame* frame) {
  const int in = frame ? frame->nb_samples : 0;
  if (direct_) {
    if (!frame) return {};
    AudioBlock block(channels_, in);
    for (int c = 0; c < channels_; ++c) {
      const auto* samples = reinterpret_cast<const float*>(frame->extended_data[c]);
      std::copy_n(samples, in, block.plane(c).data());
    }
    run_out_ += in;
    give(std::move(block), run_first_ + run_out_ - in);
    return {};
  }
  const int room = swr_get_out_samples(swr_, in);
  if (room <= 0) return {};
  AudioBlock block(channels_, room);
  std::array<std::uint8_t*, kMostChannels> planes{};
  for (int c = 0; c < channels_; ++c) planes[c] = reinterpret_cast<std::uint8_t*>(block.plane(c).data());
  const auto** source = frame ? const_cast<const std::uint8_t**>(frame->extended_data) : nullptr;
  const int got = swr_convert(swr_, planes.data(), room, source, in);
  if (got < 0) return av_error(got, "resampling");
  if (got == 0) return {};
  if (got < room) {
    AudioBlock exact(channels_, got);
    for (int c = 0; c < channels_; ++c) std::copy_n(block.plane(c).data(), got, exact.plane(c).data());
    block = std::move(exact);
  }
  run_out_ += got;
  give(std::move(block), run_first_ + run_out_ - got);
  return {};
}

void Resampler::give(AudioBlock block, std::int64_t first) {
  const std::int64_t cut = std::max<std::int64_t>(0, next_free_ - first);
  if (cut >= block.samples) return;
  if (cut > 0) {
    AudioBlock rest(block.channels, block.samples - static_cast<int>(cut));
    for (int c = 0; c < block.channels; ++c)
      std::copy_n(block.plane(c).data() + cut, rest.samples, rest.plane(c).data());
    block = std::move(rest);
    first += cut;
  }
  next_free_ = first + block.samples;
  ready_.push_back({std::make_shared<const AudioBlock>(std::move(block)), first});
}

Status Resampler::finish() {
  if (!running_) return {};
  running_ = false;
  if (direct_ || !swr_) return {};
  MAINSTAY_CHECK(convert(nullptr));
  // A drained filter starts anew only when initialised again.
  if (const int code = swr_init(swr_); code < 0) return av_error(code, "resampling");
  return {};
}

std::optional<AudioItem> Resampler::take() {
  if (ready_.empty()) return std::nullopt;
  AudioItem item = std::move(ready_.front());
  ready_.pop_front();
  return item;
}

void Resampler::reset(std::int64_t first_sample) {
  ready_.clear();
  running_ = false;
  next_free_ = first_sample;
  if (!direct_ && swr_) swr_init(swr_);
}

}  // namespace mainstay::ffi
