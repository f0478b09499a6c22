// Two planes of samples of one length: what the mixer's stages work on. Views and a buffer of their own.
// Owned by the stage that needs it.
// Thread-safety: as any value.
#pragma once

#include <array>
#include <span>
#include <vector>

#include "engine/media/audio_block.h"

namespace mainstay {

/// Samples of somebody else's, left and right.
struct StereoView {
  std::span<const float> left;
  std::span<const float> right;
  std::span<const float> side(int i) const { return i == 0 ? left : right; }
  std::size_t size() const { return left.size(); }
};

struct StereoSpan {
  std::span<float> left;
  std::span<float> right;
  std::span<float> side(int i) const { return i == 0 ? left : right; }
  std::size_t size() const { return left.size(); }
  operator StereoView() const { return {left, right}; }
};

class StereoBuffer {
 public:
  /// What it held is gone; no allocation once it was that large.
  StereoSpan resize(std::size_t samples) {
    if (data_.size() < 2 * samples) data_.resize(2 * samples);
    return {{data_.data(), samples}, {data_.data() + samples, samples}};
  }

 private:
  std::vector<float> data_;
};

inline StereoView view_of(const AudioBlock& block) {
  return {block.plane(0), block.plane(1)};
}
inline StereoSpan span_of(AudioBlock& block) {
  return {block.plane(0), block.plane(1)};
}

/// Highest absolute sample.
float peak_of(std::span<const float> samples);
/// Nothing but zeros.
bool is_silent(std::span<const float> samples);
bool is_silent(const AudioBlock& block);

/// Any layout from mono to 5.1 as two planes (ITU-R BS.775-3 table 2: centre and surrounds at -3 dB, no LFE); what the
/// block has too little is silence. Layouts: 1 M, 2 L R, 3 L R C, 4 L R Ls Rs, 5 L R C Ls Rs, 6 L R C LFE Ls Rs.
void to_stereo(const AudioBlock& block, StereoSpan out);

}  // namespace mainstay
