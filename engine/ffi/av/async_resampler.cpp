#include "engine/ffi/av/async_resampler.h"

extern "C" {
#include <libswresample/swresample.h>
}

#include <algorithm>
#include <array>
#include <vector>

#include "engine/ffi/av/av_common.h"

namespace mainstay::ffi {

namespace {

constexpr int kFeed = 64;  // input samples handed over at a time: what the resampler holds stays small

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

Status AsyncResampler::begin(std::int64_t position, std::int64_t samples, std::int64_t length) {
  active_ = false;
  swr_ = std::make_unique<Swr>();
  AVChannelLayout stereo = AV_CHANNEL_LAYOUT_STEREO;
  int code = swr_alloc_set_opts2(&swr_->context, &stereo, AV_SAMPLE_FMT_FLTP, kProgramSampleRate, &stereo,
                                 AV_SAMPLE_FMT_FLTP, kProgramSampleRate, 0, nullptr);
  if (code < 0) return av_error(code, "the sound resampler");
  av_opt_set_int(swr_->context, "flags", SWR_FLAG_RESAMPLE, 0);  // equal rates would otherwise be passed through
  av_opt_set_int(swr_->context, "linear_interp", 1, 0);
  code = swr_init(swr_->context);
  if (code < 0) return av_error(code, "the sound resampler");
  // A longer output is a positive delta to libswresample; ours is how far the input is to move ahead.
  code = swr_set_compensation(swr_->context, static_cast<int>(-samples), static_cast<int>(length));
  if (code < 0) return av_error(code, "the sound resampler");
  next_input_ = position;
  samples_ = samples;
  length_ = length;
  rendered_ = 0;
  active_ = true;
  return {};
}

double AsyncResampler::moved() const {
  if (length_ == 0) return 0;
  return static_cast<double>(samples_) * static_cast<double>(std::min(rendered_, length_)) /
         static_cast<double>(length_);
}

Status AsyncResampler::render(AudioBlock& out, const Fetch& fetch) {
  int filled = 0;
  while (filled < out.samples) {
    std::array<std::uint8_t*, 2> to{reinterpret_cast<std::uint8_t*>(out.plane(0).data() + filled),
                                    reinterpret_cast<std::uint8_t*>(out.plane(1).data() + filled)};
    // First what is inside already; only then more goes in.
    int got = swr_convert(swr_->context, to.data(), out.samples - filled, nullptr, 0);
    if (got == 0) {
      AudioBlock in(2, kFeed);
      fetch(next_input_, in);
      next_input_ += kFeed;
      std::array<const std::uint8_t*, 2> from{reinterpret_cast<const std::uint8_t*>(in.plane(0).data()),
                                              reinterpret_cast<const std::uint8_t*>(in.plane(1).data())};
      got = swr_convert(swr_->context, to.data(), out.samples - filled, from.data(), kFeed);
    }
    if (got < 0) return av_error(got, "the sound resampler");
    filled += got;
  }
  rendered_ += filled;
  return {};
}

}  // namespace mainstay::ffi
