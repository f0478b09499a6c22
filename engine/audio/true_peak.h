// The true peak: the highest point of the curve between the samples, by four-fold oversampling as ITU-R BS.1770-4,
// Annex 2 has it (48 taps in four phases).
// Owned by a meter or limiter, one for each channel.
// Thread-safety: one thread at a time.
#pragma once

#include <array>
#include <span>
#include <vector>

namespace mainstay {

class TruePeak {
 public:
  static constexpr int kTaps = 12;
  /// The filter looks so far ahead: what it tells with sample n lies between n - 6 and n - 5.
  static constexpr int kDelay = 6;

  /// Highest point so far around each sample: out[n] of the curve around in[n - kDelay].
  void process(std::span<const float> in, std::span<float> out);
  /// The highest point of all of `in`; where it is certain that nothing comes near `floor` it is not looked for.
  float highest(std::span<const float> in, float floor);
  void clear() { history_.fill(0); }

 private:
  std::span<const float> with_history(std::span<const float> in);

  std::array<float, kTaps - 1> history_{};
  std::vector<float> joined_;  // history, then the samples
};

}  // namespace mainstay
