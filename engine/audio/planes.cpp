#include "engine/audio/planes.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstring>

namespace mainstay {

namespace {

constexpr int kLanes = 8;  // as many maxima at once as two vectors hold: a single one cannot be vectorised

/// out = in · gain, or added to what is there; silence behind the end of `in`.
void put(std::span<const float> in, float gain, bool add, std::span<float> out) {
  const std::size_t count = std::min(in.size(), out.size());
  if (add) {
    for (std::size_t i = 0; i < count; ++i) out[i] += in[i] * gain;
    return;
  }
  if (gain == 1) {
    std::copy_n(in.begin(), count, out.begin());
  } else {
    for (std::size_t i = 0; i < count; ++i) out[i] = in[i] * gain;
  }
  std::fill(out.begin() + static_cast<std::ptrdiff_t>(count), out.end(), 0.0F);
}

/// Of each plane of a block with fewer than six, its channel in 5.1.
int channel_in_surround(int plane, int channels) {
  const ChannelMatrix& gains = channel_matrix(channels, kMostChannels);
  for (int to = 0; to < kMostChannels; ++to) {
    if (gains[to][plane] != 0) return to;
  }
  return 0;
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

float peak_of(const PlanesView& planes) {
  float peak = 0;
  for (int i = 0; i < planes.count; ++i) peak = std::max(peak, peak_of(planes.plane(i)));
  return peak;
}

Planes PlanesBuffer::resize(ChannelSet set, std::size_t samples) {
  const auto count = static_cast<std::size_t>(std::popcount(set));
  if (data_.size() < count * samples) data_.resize(count * samples);
  Planes out{.samples = samples};
  for (int channel = 0; channel < kMostChannels; ++channel) {
    if (set >> channel & 1) out.add(channel, data_.data() + static_cast<std::size_t>(out.count) * samples);
  }
  return out;
}

PlanesView view_of(const AudioBlock& block) {
  PlanesView out{.samples = static_cast<std::size_t>(block.samples)};
  for (int c = 0; c < std::min(block.channels, kMostChannels); ++c) out.add(c, block.plane(c).data());
  return out;
}

Planes planes_of(AudioBlock& block) {
  Planes out{.samples = static_cast<std::size_t>(block.samples)};
  for (int c = 0; c < std::min(block.channels, kMostChannels); ++c) out.add(c, block.plane(c).data());
  return out;
}

void copy(PlanesView from, const Planes& to) {
  for (int i = 0; i < to.count; ++i) std::copy_n(from.data[i], to.samples, to.data[i]);
}

ChannelSet channels_in(const AudioBlock& block, int program_channels) {
  if (program_channels < kMostChannels || block.channels >= kMostChannels) return all_of(program_channels);
  ChannelSet out = 0;
  for (int c = 0; c < block.channels; ++c) out |= 1U << channel_in_surround(c, block.channels);
  return out;
}

PlanesView placed_in_surround(const AudioBlock& block) {
  PlanesView out{.samples = static_cast<std::size_t>(block.samples)};
  for (int c = 0; c < std::min(block.channels, kMostChannels); ++c)
    out.add(channel_in_surround(c, block.channels), block.plane(c).data());
  return out;
}

void to_layout(const AudioBlock& block, int program_channels, const Planes& out) {
  const ChannelMatrix& gains = channel_matrix(block.channels, program_channels);
  for (int i = 0; i < out.count; ++i) {
    bool written = false;
    for (int from = 0; from < std::min(block.channels, kMostChannels); ++from) {
      const float gain = gains[out.channel(i)][from];
      if (gain == 0) continue;
      put(block.plane(from), gain, written, out.plane(i));
      written = true;
    }
    if (!written) std::fill_n(out.data[i], out.samples, 0.0F);
  }
}

}  // namespace mainstay
