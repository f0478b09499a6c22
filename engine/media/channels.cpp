#include "engine/media/channels.h"

#include <algorithm>

namespace mainstay {

namespace {

constexpr float kMinus3Db = 0.70710678F;
constexpr float kMinus6Db = 0.5F;

// What each plane of a block is, by its number of planes.
constexpr int kRoles[kMostChannels + 1][kMostChannels] = {
    {},
    {kCentre},
    {kLeft, kRight},
    {kLeft, kRight, kCentre},
    {kLeft, kRight, kLeftSurround, kRightSurround},
    {kLeft, kRight, kCentre, kLeftSurround, kRightSurround},
    {kLeft, kRight, kCentre, kLfe, kLeftSurround, kRightSurround}};

int plane_of(int role, int channels) {
  for (int c = 0; c < channels; ++c) {
    if (kRoles[channels][c] == role) return c;
  }
  return -1;
}

void to_mono(int role, int plane, ChannelMatrix& gains) {
  const bool surround = role == kLeftSurround || role == kRightSurround;
  gains[0][plane] = role == kCentre ? 1 : role == kLfe ? 0 : surround ? kMinus6Db : kMinus3Db;
}

// A channel that has no place of its own among `to`.
void to_sides(int role, int plane, int to, ChannelMatrix& gains) {
  if (role == kLfe) return;
  const bool left = role == kCentre || role == kLeftSurround;
  const bool right = role == kCentre || role == kRightSurround;
  if (left) gains[plane_of(kLeft, to)][plane] = kMinus3Db;
  if (right) gains[plane_of(kRight, to)][plane] = kMinus3Db;
}

ChannelMatrix make_matrix(int from, int to) {
  ChannelMatrix gains{};
  for (int c = 0; c < from; ++c) {
    const int role = kRoles[from][c];
    if (const int own = plane_of(role, to); own >= 0 && to > 1) {
      gains[own][c] = 1;
    } else if (to == 1) {
      to_mono(role, c, gains);
    } else {
      to_sides(role, c, to, gains);
    }
  }
  return gains;
}

struct Matrices {
  ChannelMatrix of[kMostChannels + 1][kMostChannels + 1];
  Matrices() {
    for (int from = 1; from <= kMostChannels; ++from) {
      for (int to = 1; to <= kMostChannels; ++to) of[from][to] = make_matrix(from, to);
    }
  }
};

}  // namespace

const char* to_string(AudioLayout layout) {
  return layout == AudioLayout::mono ? "mono" : layout == AudioLayout::stereo ? "stereo" : "5.1";
}

const char* channel_label(int channels, int channel) {
  static constexpr const char* kLabels[kMostChannels] = {"L", "R", "C", "LFE", "Ls", "Rs"};
  if (channels <= 1) return "M";
  return kLabels[kRoles[std::clamp(channels, 1, kMostChannels)][std::clamp(channel, 0, kMostChannels - 1)]];
}

const ChannelMatrix& channel_matrix(int from, int to) {
  static const Matrices matrices;
  return matrices.of[std::clamp(from, 1, kMostChannels)][std::clamp(to, 1, kMostChannels)];
}

void map_channels(const AudioBlock& in, int first, int count, AudioBlock& out, int at) {
  const ChannelMatrix& gains = channel_matrix(in.channels, out.channels);
  for (int to = 0; to < out.channels; ++to) {
    const std::span<float> into = out.plane(to).subspan(static_cast<std::size_t>(at), static_cast<std::size_t>(count));
    bool written = false;
    for (int from = 0; from < std::min(in.channels, kMostChannels); ++from) {
      const float gain = gains[to][from];
      if (gain == 0) continue;
      const float* const samples = in.plane(from).data() + first;
      if (!written && gain == 1) {
        std::copy_n(samples, count, into.begin());
      } else if (!written) {
        for (int i = 0; i < count; ++i) into[i] = samples[i] * gain;
      } else {
        for (int i = 0; i < count; ++i) into[i] += samples[i] * gain;
      }
      written = true;
    }
    if (!written) std::fill(into.begin(), into.end(), 0.0F);
  }
}

AudioBlockPtr with_channels(const AudioBlockPtr& block, int channels) {
  if (!block || block->channels == channels) return block;
  auto out = std::make_shared<AudioBlock>(channels, block->samples);
  map_channels(*block, 0, block->samples, *out, 0);
  return out;
}

}  // namespace mainstay
