// A run of sound: 32-bit float samples, one plane a channel, at the program's 48 kHz. Immutable once shared.
// Owned by its shared_ptr holders.
// Thread-safety: immutable once shared, so from any thread.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "engine/media/rate.h"

namespace mainstay {

/// Samples are nominally -1 to +1. Plane c holds samples [c·samples, (c+1)·samples) of `data`.
/// Channel order is that of ITU-R BS.775 / WAVE. By their number: 1 M, 2 L R, 3 L R C, 4 L R Ls Rs, 5 L R C Ls Rs,
/// 6 L R C LFE Ls Rs (5.1).
struct AudioBlock {
  int channels = 2;
  int samples = 0;
  std::vector<float> data;

  AudioBlock() = default;
  /// Silence.
  AudioBlock(int channel_count, int sample_count)
      : channels(channel_count), samples(sample_count), data(static_cast<std::size_t>(channel_count) * sample_count) {}

  std::span<float> plane(int channel) {
    return {data.data() + static_cast<std::size_t>(channel) * samples, static_cast<std::size_t>(samples)};
  }
  std::span<const float> plane(int channel) const {
    return {data.data() + static_cast<std::size_t>(channel) * samples, static_cast<std::size_t>(samples)};
  }
};

using AudioBlockPtr = std::shared_ptr<const AudioBlock>;

}  // namespace mainstay
