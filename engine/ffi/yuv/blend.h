// Copying and blending of i420 rectangles.
// Plain functions.
// Thread-safety: from any thread.
#pragma once

#include <array>
#include <cstdint>

#include "engine/core/result.h"
#include "engine/ffi/yuv/scale.h"
#include "engine/media/frame.h"

namespace mainstay::ffi {

/// Puts `crop` of `source` (i420) at x, y of `target`, `opacity` of 256 over what is there (256: replaces it). x, y and
/// crop's corner are even; Errc::invalid when something lies outside. A target with alpha is covered as well.
Status blend_i420(const Frame& source, Rect crop, WritableFrame& target, int x, int y, int opacity);

/// A plane laid over another by a plane of alpha (of 255), all of width×height.
void blend_plane(const std::uint8_t* over, int over_stride, const std::uint8_t* alpha, int alpha_stride,
                 std::uint8_t* target, int target_stride, int width, int height);

/// `from` and `to` (i420, of the target's size) mixed: `share` of 256 of `to`.
Status mix_i420(const Frame& from, const Frame& to, int share, WritableFrame& target);
/// `from` towards one colour's codes.
Status mix_color(const Frame& from, std::array<std::uint8_t, 3> color, int share, WritableFrame& target);

}  // namespace mainstay::ffi
