// What gate, compressor and ducking have in common: a gain decided every 16 samples (a third of a millisecond) from the
// peak in them, and drawn in straight lines between, so that logarithms cost little and no step is heard.
// Owned by a strip's filter.
// Thread-safety: one thread at a time.
#pragma once

#include <array>
#include <cstddef>

#include "engine/audio/decibel.h"
#include "engine/audio/stereo.h"

namespace mainstay {

inline constexpr int kGainStep = 16;

/// A time constant as what is left after a step of n samples, n up to kGainStep: steps at the end of a tick are
/// shorter.
class StepDecay {
 public:
  void set(double ms) {
    for (int n = 0; n <= kGainStep; ++n) left_[n] = decay_of(ms, n);
  }
  float of(std::size_t samples) const { return left_[samples]; }

 private:
  std::array<float, kGainStep + 1> left_{};
};

/// The peaks of steps, held against the dips between the half waves of low tones.
class StepPeak {
 public:
  StepPeak() { fall_.set(kFallMs); }
  float see(float peak, std::size_t samples) {
    held_ *= fall_.of(samples);
    if (peak > held_) held_ = peak;
    return held_;
  }
  void clear() { held_ = 0; }

 private:
  static constexpr double kFallMs = 20;
  StepDecay fall_;
  float held_ = 0;
};

/// Calls `decide(peak, samples)` for each step of `key`, and multiplies `data` with what it gives, from `gain` on.
template <class Decide>
void apply_steps(StereoView key, StereoSpan data, float& gain, Decide decide) {
  for (std::size_t at = 0; at < data.size(); at += kGainStep) {
    const std::size_t count = std::min<std::size_t>(kGainStep, data.size() - at);
    const float peak = std::max(peak_of(key.left.subspan(at, count)), peak_of(key.right.subspan(at, count)));
    const float next = decide(peak, count);
    if (next != gain) {
      const float step = (next - gain) / static_cast<float>(count);
      for (std::size_t i = 0; i < count; ++i) {
        const float factor = gain + step * static_cast<float>(i + 1);
        data.left[at + i] *= factor;
        data.right[at + i] *= factor;
      }
    } else if (gain != 1) {
      for (std::size_t i = 0; i < count; ++i) {
        data.left[at + i] *= gain;
        data.right[at + i] *= gain;
      }
    }
    gain = next;
  }
}

}  // namespace mainstay
