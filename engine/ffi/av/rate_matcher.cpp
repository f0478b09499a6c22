#include "engine/ffi/av/rate_matcher.h"

extern "C" {
#include <libswresample/swresample.h>
}

#include <algorithm>
#include <array>
#include <cmath>

#include "engine/ffi/av/av_common.h"
#include "engine/media/channels.h"

namespace mainstay::ffi {

namespace {

constexpr int kDistance = kProgramSampleRate * 20;  // samples: the finest step is 1 ppm
constexpr int kSpare = 64;                          // frames: more than one block can be lengthened by

}  // namespace

struct RateMatcher::Swr {
  SwrContext* context = nullptr;

  Swr() = default;
  Swr(const Swr&) = delete;
  Swr& operator=(const Swr&) = delete;
  ~Swr() { swr_free(&context); }
};

RateMatcher::RateMatcher(int channels) : channels_(std::clamp(channels, 1, kMostChannels)) {}
RateMatcher::~RateMatcher() = default;

void RateMatcher::clear() {
  swr_.reset();
}

void RateMatcher::set_channels(int channels) {
  channels_ = std::clamp(channels, 1, kMostChannels);
  clear();
}

Status RateMatcher::make() {
  auto swr = std::make_unique<Swr>();
  AVChannelLayout layout{};
  av_channel_layout_default(&layout, channels_);
  int code = swr_alloc_set_opts2(&swr->context, &layout, AV_SAMPLE_FMT_FLT, kProgramSampleRate, &layout,
                                 AV_SAMPLE_FMT_FLTP, kProgramSampleRate, 0, nullptr);
  if (code < 0) return av_error(code, "the sound resampler");
  av_opt_set_int(swr->context, "flags", SWR_FLAG_RESAMPLE, 0);  // equal rates would otherwise be passed through
  av_opt_set_int(swr->context, "linear_interp", 1, 0);
  code = swr_init(swr->context);
  if (code < 0) return av_error(code, "the sound resampler");
  swr_ = std::move(swr);
  return {};
}

Status RateMatcher::process(const AudioBlock& in, std::vector<float>& out) {
  if (in.channels < channels_) return make_error(Errc::invalid, "sound of {} channels, not {}", in.channels, channels_);
  if (!swr_) MAINSTAY_CHECK(make());
  const double ppm = std::clamp(ppm_, -kMostPpm, kMostPpm);
  int code = swr_set_compensation(swr_->context, static_cast<int>(std::lround(ppm * kDistance / 1e6)), kDistance);
  if (code < 0) return av_error(code, "the sound resampler");
  const std::size_t before = out.size();
  const int room = in.samples + in.samples / 100 + kSpare;
  out.resize(before + static_cast<std::size_t>(room * channels_));
  const auto bytes = [](const float* plane) { return reinterpret_cast<const std::uint8_t*>(plane); };
  std::array<const std::uint8_t*, kMostChannels> from{};
  for (int c = 0; c < channels_; ++c) from[c] = bytes(in.plane(c).data());
  std::array<std::uint8_t*, 1> to{reinterpret_cast<std::uint8_t*>(out.data() + before)};
  code = swr_convert(swr_->context, to.data(), room, from.data(), in.samples);
  out.resize(before + static_cast<std::size_t>(std::max(code, 0) * channels_));
  if (code < 0) return av_error(code, "the sound resampler");
  return {};
}

}  // namespace mainstay::ffi
