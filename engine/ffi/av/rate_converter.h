// Brings a device's sound of any rate to 48 kHz, stereo or 5.1, run after run without a seam.
// Owned by the audio source's feed.
// Thread-safety: one thread at a time.
#pragma once

#include <memory>
#include <span>

#include "engine/core/result.h"
#include "engine/media/audio_block.h"

struct SwrContext;

namespace mainstay::ffi {

class RateConverter {
 public:
  /// `rate` of what is pushed, in Hz; `channels` 1 (heard on both sides), 2 or 6.
  static Result<std::unique_ptr<RateConverter>> make(int rate, int channels);
  ~RateConverter();
  RateConverter(const RateConverter&) = delete;
  RateConverter& operator=(const RateConverter&) = delete;

  /// Interleaved samples in, what has become of them so far out; it may be empty.
  Result<AudioBlockPtr> push(std::span<const float> samples);

 private:
  RateConverter() = default;

  SwrContext* swr_ = nullptr;
  int channels_ = 2;
};

}  // namespace mainstay::ffi
