// Single planes of bytes through libyuv: scaled, turned, halved for chroma.
// Plain functions.
// Thread-safety: from any thread.
#pragma once

#include <cstdint>

namespace mainstay::ffi {

/// Bytes of width×height in rows of `stride`.
struct Plane {
  const std::uint8_t* data = nullptr;
  int stride = 0;
  int width = 0;
  int height = 0;
};

struct WritablePlane {
  std::uint8_t* data = nullptr;
  int stride = 0;
  int width = 0;
  int height = 0;

  operator Plane() const { return {data, stride, width, height}; }
};

/// Box filter when shrinking, bilinear when growing. Neither is empty.
void scale_plane(Plane from, WritablePlane to);
/// Of the same size.
void copy_plane(Plane from, WritablePlane to);
/// Clockwise by 0, 90, 180 or 270 degrees; `to` has the size as turned.
void rotate_plane(Plane from, int degrees, WritablePlane to);

}  // namespace mainstay::ffi
