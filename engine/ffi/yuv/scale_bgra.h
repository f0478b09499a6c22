// Scaling of premultiplied bgra pictures with a triangle filter: bilinear when growing, widened so that nothing is
// missed when shrinking. (libyuv's ARGBScale has no box filter but for halves, and takes single pixels at odd ratios.)
// Plain function.
// Thread-safety: from any thread.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/core/result.h"
#include "engine/ffi/yuv/scale.h"
#include "engine/media/frame.h"

namespace mainstay::ffi {

/// Rows of width·4 bytes.
struct BgraImage {
  int width = 0;
  int height = 0;
  std::vector<std::uint8_t> bytes;
};

/// `part` of `crop` of `source` brought to width×height. `crop` lies inside the source, `part` inside width×height.
Result<BgraImage> scale_bgra(const Frame& source, Rect crop, int width, int height, Rect part);

}  // namespace mainstay::ffi
