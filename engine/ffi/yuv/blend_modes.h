// Blending that is defined on R'G'B': add, multiply, screen. Rows are taken to R'G'B', put together there and brought
// back; only what the source covers is touched.
// Plain function.
// Thread-safety: from any thread.
#pragma once

#include <cstdint>

#include "engine/core/result.h"
#include "engine/ffi/yuv/scale.h"
#include "engine/media/frame.h"

namespace mainstay::ffi {

enum class BlendMode { add, multiply, screen };

/// A plane of alpha at luma resolution, of the source's size; null data: opaque.
struct AlphaPlane {
  const std::uint8_t* data = nullptr;
  int stride = 0;
};

/// `crop` of `source` (i420, BT.709, limited) with what lies at x, y of `target`, `opacity` of 256 of the outcome over
/// what was there. Corners and sizes are even; Errc::invalid when something lies outside.
Status blend_mode_i420(const Frame& source, Rect crop, AlphaPlane alpha, WritableFrame& target, int x, int y,
                       int opacity, BlendMode mode);

}  // namespace mainstay::ffi
