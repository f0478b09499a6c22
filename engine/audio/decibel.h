// Levels in decibel and gains as factors.
// Functions without state.
// Thread-safety: from any thread.
#pragma once

#include <cmath>

#include "engine/show/mixer.h"

namespace mainstay {

inline constexpr float kFloorDb = -120;  ///< what is told of silence

/// 0 dB: 1; at or below show::kSilenceDb: 0.
inline float gain_of(double db) {
  return db <= show::kSilenceDb ? 0.0F : static_cast<float>(std::pow(10.0, db / 20));
}

/// Not below kFloorDb.
inline float db_of(float gain) {
  constexpr float kFloor = 1e-6F;
  return gain <= kFloor ? kFloorDb : 20 * std::log10(gain);
}

/// What is left after `samples` of a decay with this time constant.
inline float decay_of(double ms, double samples) {
  constexpr double kSamplesPerMs = 48;
  return ms <= 0 ? 0.0F : static_cast<float>(std::exp(-samples / (ms * kSamplesPerMs)));
}

}  // namespace mainstay
