// Copying and blending of i420 rectangles.
// Plain functions.
// Thread-safety: from any thread.
#pragma once

#include "engine/core/result.h"
#include "engine/ffi/yuv/scale.h"
#include "engine/media/frame.h"

namespace mainstay::ffi {

/// Puts `crop` of `source` (i420) at x, y of `target`, `opacity` of 256 over what is there (256: replaces it). x, y and
/// crop's corner are even; Errc::invalid when something lies outside.
Status blend_i420(const Frame& source, Rect crop, WritableFrame& target, int x, int y, int opacity);

}  // namespace mainstay::ffi
