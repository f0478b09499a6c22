#include "engine/ffi/av/rate_converter.h"

extern "C" {
#include <libswresample/swresample.h>
}

#include <array>

#include "engine/ffi/av/av_common.h"
#include "engine/media/rate.h"

namespace mainstay::ffi {

Result<std::unique_ptr<RateConverter>> RateConverter::make(int rate, int channels) {
  std::unique_ptr<RateConverter> converter(new RateConverter);
  converter->channels_ = channels;
  AVChannelLayout in{};
  AVChannelLayout out{};
  av_channel_layout_default(&in, 2);  // one channel is doubled here: swresample would take 3 dB off it
  av_channel_layout_default(&out, 2);
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
  const int frames = static_cast<int>(samples.size() / 2);
  const int room = swr_get_out_samples(swr_, frames);
  if (room < 0) return av_error(room, "converting sound");
  AudioBlock full(2, room);
  std::array<std::uint8_t*, 2> to{reinterpret_cast<std::uint8_t*>(full.plane(0).data()),
                                  reinterpret_cast<std::uint8_t*>(full.plane(1).data())};
  const auto* from = reinterpret_cast<const std::uint8_t*>(samples.data());
  const int made = swr_convert(swr_, to.data(), room, &from, frames);
  if (made < 0) return av_error(made, "converting sound");
  auto block = std::make_shared<AudioBlock>(2, made);
  for (int c = 0; c < 2; ++c) std::copy_n(full.plane(c).begin(), made, block->plane(c).begin());
  return AudioBlockPtr(std::move(block));
}

}  // namespace mainstay::ffi
