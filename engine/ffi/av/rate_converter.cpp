#include "engine/ffi/av/rate_converter.h"

extern "C" {
#include <libswresample/swresample.h>
}

#include <algorithm>
#include <array>

#include "engine/ffi/av/av_common.h"
#include "engine/media/channels.h"
#include "engine/media/rate.h"

namespace mainstay::ffi {

Result<std::unique_ptr<RateConverter>> RateConverter::make(int rate, int channels) {
  std::unique_ptr<RateConverter> converter(new RateConverter);
  converter->channels_ = channels;
  AVChannelLayout in{};
  AVChannelLayout out{};
  const int wide = std::max(channels, 2);  // one channel is doubled here: swresample would take 3 dB off it
  av_channel_layout_default(&in, wide);
  av_channel_layout_default(&out, wide);
  int code = swr_alloc_set_opts2(&converter->swr_, &out, AV_SAMPLE_FMT_FLTP, kProgramSampleRate, &in, AV_SAMPLE_FMT_FLT,
                                 rate, 0, nullptr);
  if (code >= 0) code = swr_init(converter->swr_);
  if (code < 0) return av_error(code, fmt::format("sound of {} Hz", rate));
  return converter;
}

RateConverter::~RateConverter() {
  swr_free(&swr_);
}

Result<AudioBlockPtr> RateConverter::push(std::span<const float> samples) {
  std::vector<float> doubled;
  if (channels_ == 1) {
    doubled.reserve(samples.size() * 2);
    for (const float sample : samples) doubled.insert(doubled.end(), {sample, sample});
    samples = doubled;
  }
  const int wide = std::max(channels_, 2);
  const int frames = static_cast<int>(samples.size()) / wide;
  const int room = swr_get_out_samples(swr_, frames);
  if (room < 0) return av_error(room, "converting sound");
  AudioBlock full(wide, room);
  std::array<std::uint8_t*, kMostChannels> to{};
  for (int c = 0; c < wide; ++c) to[c] = reinterpret_cast<std::uint8_t*>(full.plane(c).data());
  const auto* from = reinterpret_cast<const std::uint8_t*>(samples.data());
  const int made = swr_convert(swr_, to.data(), room, &from, frames);
  if (made < 0) return av_error(made, "converting sound");
  auto block = std::make_shared<AudioBlock>(wide, made);
  for (int c = 0; c < wide; ++c) std::copy_n(full.plane(c).begin(), made, block->plane(c).begin());
  return AudioBlockPtr(std::move(block));
}

}  // namespace mainstay::ffi
