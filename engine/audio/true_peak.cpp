#include "engine/audio/true_peak.h"

#include <algorithm>
#include <cmath>

#include "engine/audio/planes.h"

namespace mainstay {

namespace {

// The table of Annex 2, phases 0 and 1; phases 3 and 2 are the same backwards.
constexpr std::array<float, TruePeak::kTaps> kPhase0{
    0.0017089843750F, 0.0109863281250F,  -0.0196533203125F, 0.0332031250000F,  -0.0594482421875F, 0.1373291015625F,
    0.9721679687500F, -0.1022949218750F, 0.0476074218750F,  -0.0266113281250F, 0.0148925781250F,  -0.0083007812500F};
constexpr std::array<float, TruePeak::kTaps> kPhase1{
    -0.0291748046875F, 0.0292968750000F,  -0.0517578125000F, 0.0891113281250F,  -0.1665039062500F, 0.4650878906250F,
    0.7797851562500F,  -0.2003173828125F, 0.1015625000000F,  -0.0582275390625F, 0.0330810546875F,  -0.0189208984375F};

constexpr float kMostGain = 2.03F;  // sum of the absolute taps of phase 1, the larger: no curve is higher than that

constexpr std::size_t kRun = 32;  // samples done at once, in registers and cache

// max |filtered| of the four phases; x[0..kTaps-1] is the window of out[0].
void run(const float* x, float* out, std::size_t count) {
  std::array<float, kRun> sums{};
  constexpr int kSample = TruePeak::kTaps - 1 - TruePeak::kDelay;  // the curve goes through the samples
  for (std::size_t i = 0; i < count; ++i) out[i] = std::fabs(x[i + kSample]);
  for (int phase = 0; phase < 4; ++phase) {
    sums.fill(0);
    const std::array<float, TruePeak::kTaps>& taps = phase == 0 || phase == 3 ? kPhase0 : kPhase1;
    for (int k = 0; k < TruePeak::kTaps; ++k) {
      const float tap = taps[phase < 2 ? TruePeak::kTaps - 1 - k : k];
      for (std::size_t i = 0; i < kRun; ++i) sums[i] += tap * x[i + k];
    }
    for (std::size_t i = 0; i < count; ++i) {
      const float a = std::fabs(sums[i]);
      out[i] = a > out[i] ? a : out[i];
    }
  }
}

}  // namespace

std::span<const float> TruePeak::with_history(std::span<const float> in) {
  // Room for a whole run past the end: what is computed there is not used.
  if (joined_.size() < history_.size() + in.size() + kRun) joined_.resize(history_.size() + in.size() + kRun);
  std::copy(history_.begin(), history_.end(), joined_.begin());
  std::copy(in.begin(), in.end(), joined_.begin() + static_cast<std::ptrdiff_t>(history_.size()));
  std::copy_n(joined_.begin() + static_cast<std::ptrdiff_t>(in.size()), history_.size(), history_.begin());
  return {joined_.data(), history_.size() + in.size()};
}

void TruePeak::process(std::span<const float> in, std::span<float> out) {
  const std::span<const float> x = with_history(in);
  for (std::size_t at = 0; at < in.size(); at += kRun)
    run(x.data() + at, out.data() + at, std::min(kRun, in.size() - at));
}

float TruePeak::highest(std::span<const float> in, float floor) {
  const std::span<const float> x = with_history(in);
  // What the samples themselves reach the curve reaches too; only where it could be higher it is computed.
  float highest = std::max(floor, peak_of(x));
  std::array<float, kRun> out{};
  for (std::size_t at = 0; at < in.size(); at += kRun) {
    const std::size_t count = std::min(kRun, in.size() - at);
    if (peak_of(x.subspan(at, count + kTaps - 1)) * kMostGain <= highest) continue;
    run(x.data() + at, out.data(), count);
    highest = std::max(highest, *std::max_element(out.begin(), out.begin() + static_cast<std::ptrdiff_t>(count)));
  }
  return highest;
}

}  // namespace mainstay
