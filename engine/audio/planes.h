// Planes of samples of one length, one a channel: what the mixer's stages work on. Views and a buffer of their own.
// Owned by the stage that needs it.
// Thread-safety: as any value.
//
// Only channels that hold something are there: a stereo source in a 5.1 program is two planes, and whatever is done to
// its strip is done to two.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "engine/media/audio_block.h"
#include "engine/media/channels.h"

namespace mainstay {

/// Which channels of a layout are there: bit c for channel c.
using ChannelSet = unsigned;
constexpr ChannelSet all_of(int channels) {
  return (1U << channels) - 1;
}

template <class Sample>
struct BasicPlanes {
  std::array<Sample*, kMostChannels> data{};
  std::array<std::uint8_t, kMostChannels> channels{};  ///< of each plane, rising
  int count = 0;                                       ///< of planes
  std::size_t samples = 0;

  std::size_t size() const { return samples; }
  bool empty() const { return samples == 0; }
  std::span<Sample> plane(int i) const { return {data[i], samples}; }
  int channel(int i) const { return channels[i]; }
  void add(int channel, Sample* plane) {
    channels[count] = static_cast<std::uint8_t>(channel);
    data[count++] = plane;
  }
  /// The plane of a channel; null: silence.
  Sample* of(int channel) const {
    for (int i = 0; i < count; ++i) {
      if (channels[i] == channel) return data[i];
    }
    return nullptr;
  }
  ChannelSet set() const {
    ChannelSet out = 0;
    for (int i = 0; i < count; ++i) out |= 1U << channels[i];
    return out;
  }
  BasicPlanes part(std::size_t at, std::size_t length) const {
    BasicPlanes out = *this;
    for (int i = 0; i < count; ++i) out.data[i] += at;
    out.samples = length;
    return out;
  }
  operator BasicPlanes<const Sample>() const {
    BasicPlanes<const Sample> out{.channels = channels, .count = count, .samples = samples};
    for (int i = 0; i < count; ++i) out.data[i] = data[i];
    return out;
  }
};

/// Samples of somebody else's.
using PlanesView = BasicPlanes<const float>;
using Planes = BasicPlanes<float>;

class PlanesBuffer {
 public:
  /// What it held is gone; no allocation once it was that large.
  Planes resize(ChannelSet set, std::size_t samples);

 private:
  std::vector<float> data_;
};

PlanesView view_of(const AudioBlock& block);
Planes planes_of(AudioBlock& block);
/// As long, with the same channels.
void copy(PlanesView from, const Planes& to);

/// Highest absolute sample.
float peak_of(std::span<const float> samples);
float peak_of(const PlanesView& planes);
/// Nothing but zeros.
bool is_silent(std::span<const float> samples);
bool is_silent(const AudioBlock& block);

/// The channels that a block has in a program's layout: all of it where that is mono or stereo.
ChannelSet channels_in(const AudioBlock& block, int program_channels);
/// A narrower block's own planes at their places in 5.1, where nothing has to be mixed.
PlanesView placed_in_surround(const AudioBlock& block);
/// A block of any layout in a program's (media/channels.h); what the block has too little is silence.
void to_layout(const AudioBlock& block, int program_channels, const Planes& out);

}  // namespace mainstay
