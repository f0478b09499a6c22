// The edge of a wipe, row by row: which pixels are the new picture's, which the old one's, which lie in the soft edge.
// A value.
// Thread-safety: as any value.
//
// Each pixel has a time of its own between 0 and 1 at which the edge reaches it; softness widens the edge, and the way
// is lengthened by as much, so that it begins and ends outside the picture.
#pragma once

#include <cstdint>
#include <span>

#include "engine/show/show.h"

namespace mainstay {

/// [0, soft_begin) and [soft_end, width) are the old picture's, [to_begin, to_end) the new one's, the rest is mixed.
struct WipeRow {
  int soft_begin = 0;
  int to_begin = 0;
  int to_end = 0;
  int soft_end = 0;
};

class WipeEdge {
 public:
  /// Of a plane of width×height; a chroma plane, of half of each, has the same edge.
  WipeEdge(const show::WipeTransition& wipe, double position, int width, int height);

  WipeRow row(int y) const;
  /// How much of the new picture shows at the pixels from `x` on, of 255.
  void alpha(int x, int y, std::span<std::uint8_t> out) const;

 private:
  double time_at(double x, double y) const;
  WipeRow straight_row(double begin, double slope) const;
  WipeRow circle_row(double y) const;

  const show::WipeShape shape_;
  const int width_;
  const int height_;
  double softness_;
  double old_;  ///< times from here on: the old picture's
  double new_;  ///< times up to here: the new one's
};

}  // namespace mainstay
