// Pictures with alpha (Frame::alpha): i420 whose codes are premultiplied towards black. Chroma goes by the mean alpha
// of its four pixels. Plain functions. Thread-safety: from any thread.
#pragma once

#include <cstdint>

#include "engine/core/result.h"
#include "engine/ffi/yuv/blend_modes.h"
#include "engine/ffi/yuv/scale.h"
#include "engine/media/frame.h"

namespace mainstay::ffi {

/// Straight codes become premultiplied ones, in place. Nothing is done to a picture without alpha.
void premultiply(WritableFrame& picture);
/// Premultiplied codes as straight ones, for what calculates with colours; black where nothing is. The alpha is shared.
FramePtr unpremultiplied(const FramePtr& picture);

/// Whether a plane of alpha is 255 throughout, or 0.
bool all_opaque(AlphaPlane alpha, int width, int height);
bool all_transparent(AlphaPlane alpha, int width, int height);

/// Lays `crop` of `source`, which has alpha, over what is at x, y of `target`, `opacity` of 256. Corners are even;
/// Errc::invalid when something lies outside. A target with alpha is covered as well.
Status lay_premultiplied(const Frame& source, Rect crop, WritableFrame& target, int x, int y, int opacity);

/// The alpha of `target` after a layer of `alpha` (null data: opaque) was laid onto it; `opacity` of 256. Nothing is
/// done to one without alpha. `where` lies inside the target.
void cover(WritableFrame& target, Rect where, AlphaPlane alpha, int opacity);

}  // namespace mainstay::ffi
