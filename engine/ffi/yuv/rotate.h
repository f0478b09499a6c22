// Pictures turned by quarters.
// Plain functions.
// Thread-safety: from any thread.
#pragma once

#include "engine/core/result.h"
#include "engine/ffi/yuv/scale.h"
#include "engine/media/frame.h"

namespace mainstay::ffi {

/// `source` (i420) turned clockwise by 90, 180 or 270 degrees into `target`, which has its size as turned, rounded up
/// to even. Errc::invalid otherwise. Sides of the source are even.
Status rotate_i420_into(const Frame& source, int degrees, WritableFrame& target);

/// `crop` of `source` (bgra) turned clockwise. Errc::invalid when it lies outside.
Result<FramePtr> rotate_bgra(const Frame& source, Rect crop, int degrees);

}  // namespace mainstay::ffi
