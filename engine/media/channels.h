// Channel layouts from mono to 5.1, and how one becomes another (ITU-R BS.775-4, table 2).
// Functions without state.
// Thread-safety: from any thread.
#pragma once

#include <array>

#include "engine/media/audio_block.h"

namespace mainstay {

/// What the buses of a program are: mono, stereo or 5.1.
enum class AudioLayout { mono, stereo, surround };

/// Planes of a block at most; five and a low-frequency one.
inline constexpr int kMostChannels = 6;

// Where a channel stands in a block of 5.1. Fewer channels: see AudioBlock.
inline constexpr int kLeft = 0;
inline constexpr int kRight = 1;
inline constexpr int kCentre = 2;
inline constexpr int kLfe = 3;
inline constexpr int kLeftSurround = 4;
inline constexpr int kRightSurround = 5;

constexpr int channels_of(AudioLayout layout) {
  return layout == AudioLayout::mono ? 1 : layout == AudioLayout::stereo ? 2 : kMostChannels;
}
constexpr AudioLayout layout_of(int channels) {
  return channels <= 1 ? AudioLayout::mono : channels == 2 ? AudioLayout::stereo : AudioLayout::surround;
}
/// As in a show: "mono", "stereo", "5.1".
const char* to_string(AudioLayout layout);

/// "L", "R", "C", "LFE", "Ls", "Rs"; of mono "M".
const char* channel_label(int channels, int channel);

/// How much of each channel that there is goes to each that there shall be: gains[to][from].
using ChannelMatrix = std::array<std::array<float, kMostChannels>, kMostChannels>;

/// From one number of channels to another, each 1 to 6. Down: centre and surrounds at -3 dB to the sides in front, no
/// LFE; to mono all at -3 dB, the centre as it is. Up: mono is the centre, where there is one, otherwise -3 dB on both
/// sides; what there is nothing for is silence.
const ChannelMatrix& channel_matrix(int from, int to);

/// out[at, at + count) = in[first, first + count), each in its own number of channels.
void map_channels(const AudioBlock& in, int first, int count, AudioBlock& out, int at);
/// All of a block; the block itself when it has as many.
AudioBlockPtr with_channels(const AudioBlockPtr& block, int channels);

}  // namespace mainstay
