#include "engine/ffi/av/async_resampler.h"

extern "C" {
#include <libswresample/swresample.h>
}

#include <algorithm>
#include <array>
#include <cstdlib>
#include <vector>

#include "engine/ffi/av/av_common.h"
#include "engine/media/channels.h"

namespace mainstay::ffi {

namespace {

constexpr int kFeed = 64;  // input samples handed over at a time: what the resampler holds stays small
constexpr int kRunIn = AsyncResampler::kLookahead;  // samples before the first, so that its filter knows what was there
// libswresample counts its position in 2^-20 samples when the rates are the same, and rounds what it is asked for to
// that. Over seconds that adds up to a quarter of a sample, which is heard as a click in high notes where the
// correction ends: so it is asked for whole steps only.
constexpr std::int64_t kSteps = 1 << 20;

}  // namespace

struct AsyncResampler::Swr {
  SwrContext* context = nullptr;

  Swr() = default;
  Swr(const Swr&) = delete;
  Swr& operator=(const Swr&) = delete;
  ~Swr() { swr_free(&context); }
};

AsyncResampler::AsyncResampler() = default;
AsyncResampler::~AsyncResampler() = default;

Status AsyncResampler::begin(std::int64_t position, std::int64_t samples, std::int64_t length, int channels) {
  active_ = false;
  swr_ = std::make_unique<Swr>();
  channels_ = std::clamp(channels, 1, kMostChannels);
  AVChannelLayout layout{};
  av_channel_layout_default(&layout, channels_);
  int code = swr_alloc_set_opts2(&swr_->context, &layout, AV_SAMPLE_FMT_FLTP, kProgramSampleRate, &layout,
                                 AV_SAMPLE_FMT_FLTP, kProgramSampleRate, 0, nullptr);
  if (code < 0) return av_error(code, "the sound resampler");
  av_opt_set_int(swr_->context, "flags", SWR_FLAG_RESAMPLE, 0);  // equal rates would otherwise be passed through
  av_opt_set_int(swr_->context, "linear_interp", 1, 0);
  code = swr_init(swr_->context);
  if (code < 0) return av_error(code, "the sound resampler");
  next_input_ = position - kRunIn;
  samples_ = samples;
  length_ = length;
  rendered_ = 0;
  const std::int64_t all = std::abs(samples) * kSteps;
  const std::int64_t sign = samples < 0 ? -1 : 1;
  steps_ = sign * (all / length);
  faster_ = all % length;
  ran_in_ = false;
  active_ = true;
  return {};
}

// A longer output is a positive delta to libswresample; ours is how far the input is to move ahead.
Status AsyncResampler::set_speed(std::int64_t steps) {
  const int code = swr_set_compensation(swr_->context, static_cast<int>(-steps), static_cast<int>(kSteps));
  return code < 0 ? Status(av_error(code, "the sound resampler")) : Status();
}

Status AsyncResampler::run_in(const Fetch& fetch) {
  MAINSTAY_CHECK(set_speed(samples_ < 0 ? -1 : 1));  // 0 would leave it without the filters it needs
  AudioBlock before(channels_, kRunIn);
  MAINSTAY_CHECK(convert(before, 0, kRunIn, fetch));
  ran_in_ = true;
  return {};
}

double AsyncResampler::moved() const {
  if (length_ == 0) return 0;
  return static_cast<double>(samples_) * static_cast<double>(std::min(rendered_, length_)) /
         static_cast<double>(length_);
}

Status AsyncResampler::render(AudioBlock& out, const Fetch& fetch) {
  if (!ran_in_) MAINSTAY_CHECK(run_in(fetch));
  const std::int64_t one = samples_ < 0 ? -1 : 1;
  int filled = 0;
  while (filled < out.samples) {
    const std::int64_t left = faster_ - rendered_;
    MAINSTAY_CHECK(set_speed(left > 0 ? steps_ + one : steps_));
    const int count =
        left > 0 ? static_cast<int>(std::min<std::int64_t>(left, out.samples - filled)) : out.samples - filled;
    MAINSTAY_CHECK(convert(out, filled, count, fetch));
    filled += count;
    rendered_ += count;
  }
  return {};
}

Status AsyncResampler::convert(AudioBlock& out, int from, int count, const Fetch& fetch) {
  const int end = from + count;
  while (from < end) {
    std::array<std::uint8_t*, kMostChannels> to{};
    for (int c = 0; c < channels_; ++c) to[c] = reinterpret_cast<std::uint8_t*>(out.plane(c).data() + from);
    // First what is inside already; only then more goes in.
    int got = swr_convert(swr_->context, to.data(), end - from, nullptr, 0);
    if (got == 0) {
      AudioBlock in(channels_, kFeed);
      fetch(next_input_, in);
      next_input_ += kFeed;
      std::array<const std::uint8_t*, kMostChannels> planes{};
      for (int c = 0; c < channels_; ++c) planes[c] = reinterpret_cast<const std::uint8_t*>(in.plane(c).data());
      got = swr_convert(swr_->context, to.data(), end - from, planes.data(), kFeed);
    }
    if (got < 0) return av_error(got, "the sound resampler");
    from += got;
  }
  return {};
}

}  // namespace mainstay::ffi
