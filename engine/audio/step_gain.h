// What gate, compressor and ducking have in common: a gain decided every 16 samples (a third of a millisecond) from the
// peak in them, and drawn in straight lines between, so that logarithms cost little and no step is heard.
// Owned by a strip's filter.
// Thread-safety: one thread at a time.
#pragma once

#include <array>
#include <cstddef>

#include "engine/audio/decibel.h"
#include "engine/audio/planes.h"

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

/// Calls `decide(peak, samples)` for each step of `key`, the highest of its channels, and multiplies `data`, all
/// channels alike, with what it gives, from `gain` on.
template <class Decide>
void apply_steps(const PlanesView& key, const Planes& data, float& gain, Decide decide) {
  std::array<float, kGainStep> factors;
  for (std::size_t at = 0; at < data.size(); at += kGainStep) {
    const std::size_t count = std::min<std::size_t>(kGainStep, data.size() - at);
    float peak = 0;
    for (int c = 0; c < key.count; ++c) peak = std::max(peak, peak_of(key.plane(c).subspan(at, count)));
    const float next = decide(peak, count);
    if (next != gain) {
      const float step = (next - gain) / static_cast<float>(count);
      for (std::size_t i = 0; i < count; ++i) factors[i] = gain + step * static_cast<float>(i + 1);
      for (int c = 0; c < data.count; ++c) {
        float* const samples = data.data[c] + at;
        for (std::size_t i = 0; i < count; ++i) samples[i] *= factors[i];
      }
    } else if (gain != 1) {
      for (int c = 0; c < data.count; ++c) {
        float* const samples = data.data[c] + at;
        for (std::size_t i = 0; i < count; ++i) samples[i] *= gain;
      }
    }
    gain = next;
  }
}

}  // namespace mainstay
