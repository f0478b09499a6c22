#include "engine/audio/stereo.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>

namespace mainstay {

namespace {

constexpr int kLanes = 8;  // as many maxima at once as two vectors hold: a single one cannot be vectorised
constexpr float kMinus3Db = 0.70710678F;

void add(std::span<const float> in, float gain, std::span<float> out) {
  const std::size_t count = std::min(in.size(), out.size());
  for (std::size_t i = 0; i < count; ++i) out[i] += in[i] * gain;
}

void copy(std::span<const float> in, std::span<float> out) {
  const std::size_t count = std::min(in.size(), out.size());
  std::copy_n(in.begin(), count, out.begin());
  std::fill(out.begin() + static_cast<std::ptrdiff_t>(count), out.end(), 0.0F);
}

}  // namespace

float peak_of(std::span<const float> samples) {
  std::array<float, kLanes> best{};
  std::size_t i = 0;
  for (; i + kLanes <= samples.size(); i += kLanes) {
    for (int j = 0; j < kLanes; ++j) {
      const float x = std::fabs(samples[i + j]);
      best[j] = x > best[j] ? x : best[j];
    }
  }
  float peak = *std::max_element(best.begin(), best.end());
  for (; i < samples.size(); ++i) peak = std::max(peak, std::fabs(samples[i]));
  return peak;
}

bool is_silent(std::span<const float> samples) {
  constexpr std::size_t kChunk = 64;
  std::size_t i = 0;
  for (; i + kChunk <= samples.size(); i += kChunk) {
    std::array<std::uint32_t, kChunk> bits;
    std::memcpy(bits.data(), samples.data() + i, sizeof bits);
    std::uint32_t any = 0;
    for (const std::uint32_t word : bits) any |= word;
    if (any << 1 != 0) return false;  // the sign of a zero does not count
  }
  return std::all_of(samples.begin() + static_cast<std::ptrdiff_t>(i), samples.end(), [](float x) { return x == 0; });
}

bool is_silent(const AudioBlock& block) {
  return is_silent(std::span<const float>(block.data));
}

void to_stereo(const AudioBlock& block, StereoSpan out) {
  copy(block.plane(0), out.left);
  copy(block.plane(block.channels == 1 ? 0 : 1), out.right);
  const bool centre = block.channels == 3 || block.channels >= 5;
  if (centre) {
    add(block.plane(2), kMinus3Db, out.left);
    add(block.plane(2), kMinus3Db, out.right);
  }
  if (block.channels < 4) return;
  const int surround = block.channels == 4 ? 2 : block.channels == 5 ? 3 : 4;
  add(block.plane(surround), kMinus3Db, out.left);
  add(block.plane(surround + 1), kMinus3Db, out.right);
}

}  // namespace mainstay
