#include "engine/ffi/av/rate_matcher.h"

extern "C" {
#include <libswresample/swresample.h>
}

#include <algorithm>
#include <array>
#include <cmath>

#include "engine/ffi/av/av_common.h"

namespace mainstay::ffi {

namespace {

constexpr int kDistance = kProgramSampleRate * 20;  // samples: the finest step is 1 ppm
constexpr int kChannels = 2;
constexpr int kSpare = 64;  // frames: more than one block can be lengthened by

}  // namespace

struct RateMatcher::Swr {
  SwrContext* context = nullptr;

  Swr() = default;
  Swr(const Swr&) = delete;
  Swr& operator=(const Swr&) = delete;
  ~Swr() { swr_free(&context); }
};

RateMatcher::RateMatcher() = default;
RateMatcher::~RateMatcher() = default;

void RateMatcher::clear() {
  swr_.reset();
}

Status RateMatcher::make() {
  auto swr = std::make_unique<Swr>();
  AVChannelLayout stereo = AV_CHANNEL_LAYOUT_STEREO;
  int code = swr_alloc_set_opts2(&swr->context, &stereo, AV_SAMPLE_FMT_FLT, kProgramSampleRate, &stereo,
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
  if (!swr_) MAINSTAY_CHECK(make());
  const double ppm = std::clamp(ppm_, -kMostPpm, kMostPpm);
  int code = swr_set_compensation(swr_->context, static_cast<int>(std::lround(ppm * kDistance / 1e6)), kDistance);
  if (code < 0) return av_error(code, "the sound resampler");
  const std::size_t before = out.size();
  const int room = in.samples + in.samples / 100 + kSpare;
  out.resize(before + static_cast<std::size_t>(room) * kChannels);
  const auto bytes = [](const float* plane) { return reinterpret_cast<const std::uint8_t*>(plane); };
  std::array<const std::uint8_t*, kChannels> from{bytes(in.plane(0).data()),
                                                  bytes(in.plane(in.channels > 1 ? 1 : 0).data())};
  std::array<std::uint8_t*, 1> to{reinterpret_cast<std::uint8_t*>(out.data() + before)};
  code = swr_convert(swr_->context, to.data(), room, from.data(), in.samples);
  out.resize(before + static_cast<std::size_t>(std::max(code, 0)) * kChannels);
  if (code < 0) return av_error(code, "the sound resampler");
  return {};
}

}  // namespace mainstay::ffi
