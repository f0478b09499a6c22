// Scaling of i420 pictures through libyuv.
// Plain functions.
// Thread-safety: from any thread.
#pragma once

#include "engine/core/result.h"
#include "engine/ffi/yuv/frame_pool.h"
#include "engine/media/frame.h"

namespace mainstay::ffi {

class PictureScaler;

/// `source` (i420) brought to width×height (rounded up to even): box filter when shrinking, bilinear when growing.
/// Matrix and range are kept; the pixel shape is stretched so that the picture keeps its shape on screen. The memory
/// comes from `pool` where one is given. Errc::invalid for another pixel format or an impossible size.
/// With a `scaler`, that does it.
Result<FramePtr> scale_i420(const Frame& source, int width, int height, FramePool* pool = nullptr,
                            PictureScaler* scaler = nullptr);

/// A rectangle of an i420 picture, in luma pixels.
struct Rect {
  int x = 0;
  int y = 0;
  int width = 0;
  int height = 0;
  friend bool operator==(const Rect&, const Rect&) = default;
};

/// Scales `crop` of `source` (i420) into `where` of `target`. Both rectangles lie inside their pictures; corners are
/// even, as chroma has half the resolution. Errc::invalid otherwise. A target with alpha gets the source's.
Status scale_i420_into(const Frame& source, Rect crop, WritableFrame& target, Rect where);
/// Whether the formats and rectangles are right for that.
bool can_scale(const Frame& source, Rect crop, const WritableFrame& target, Rect where);

}  // namespace mainstay::ffi
