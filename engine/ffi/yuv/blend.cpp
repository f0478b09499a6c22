#include "engine/ffi/yuv/blend.h"

#include <libyuv/planar_functions.h>

#include <vector>

#include "engine/ffi/yuv/premultiplied.h"

namespace mainstay::ffi {

Status blend_i420(const Frame& source, Rect crop, WritableFrame& target, int x, int y, int opacity) {
  const bool even = (crop.x | crop.y | x | y) % 2 == 0;
  const bool inside = crop.x >= 0 && crop.y >= 0 && crop.width > 0 && crop.height > 0 &&
                      crop.x + crop.width <= source.width && crop.y + crop.height <= source.height && x >= 0 &&
                      y >= 0 && x + crop.width <= target.width && y + crop.height <= target.height;
  if (source.format != PixelFormat::i420 || !even || !inside || opacity < 0 || opacity > 256)
    return Error{Errc::invalid, "a picture cannot be laid there", nullptr};
  for (std::size_t plane = 0; plane < 3; ++plane) {
    const int shift = plane == 0 ? 0 : 1;
    const int width = (crop.width + shift) >> shift;
    const int height = (crop.height + shift) >> shift;
    const std::uint8_t* from =
        source.planes[plane] + static_cast<std::ptrdiff_t>(crop.y >> shift) * source.strides[plane] + (crop.x >> shift);
    std::uint8_t* to =
        target.planes[plane] + static_cast<std::ptrdiff_t>(y >> shift) * target.strides[plane] + (x >> shift);
    if (opacity == 256)
      libyuv::CopyPlane(from, source.strides[plane], to, target.strides[plane], width, height);
    else
      libyuv::InterpolatePlane(to, target.strides[plane], from, source.strides[plane], to, target.strides[plane], width,
                               height, opacity);
  }
  cover(target, {x, y, crop.width, crop.height}, {}, opacity);
  return {};
}

// libyuv blends 32 pixels at a time, or 8, but only rows of whole such pieces; the rest goes pixel by pixel.
void blend_plane(const std::uint8_t* over, int over_stride, const std::uint8_t* alpha, int alpha_stride,
                 std::uint8_t* target, int target_stride, int width, int height) {
  int at = 0;
  for (const int piece : {32, 8, 1}) {
    const int count = (width - at) / piece * piece;
    if (count == 0) continue;
    libyuv::BlendPlane(over + at, over_stride, target + at, target_stride, alpha + at, alpha_stride, target + at,
                       target_stride, count, height);
    at += count;
  }
}

namespace {

bool same_size(const Frame& frame, const WritableFrame& target) {
  return frame.format == PixelFormat::i420 && frame.width == target.width && frame.height == target.height;
}

}  // namespace

// libyuv's fraction ends at 255.
Status mix_i420(const Frame& from, const Frame& to, int share, WritableFrame& target) {
  if (!same_size(from, target) || !same_size(to, target) || share < 0 || share > 256)
    return Error{Errc::invalid, "these pictures cannot be mixed", nullptr};
  if (share == 256) return blend_i420(to, {0, 0, to.width, to.height}, target, 0, 0, 256);
  for (std::size_t plane = 0; plane < 3; ++plane) {
    const int shift = plane == 0 ? 0 : 1;
    libyuv::InterpolatePlane(from.planes[plane], from.strides[plane], to.planes[plane], to.strides[plane],
                             target.planes[plane], target.strides[plane], target.width >> shift, target.height >> shift,
                             share);
  }
  return {};
}

Status mix_color(const Frame& from, std::array<std::uint8_t, 3> color, int share, WritableFrame& target) {
  if (!same_size(from, target) || share < 0 || share > 256)
    return Error{Errc::invalid, "this picture cannot be mixed", nullptr};
  if (share == 256) return target.fill(color[0], color[1], color[2]), Status{};
  for (std::size_t plane = 0; plane < 3; ++plane) {
    const int shift = plane == 0 ? 0 : 1;
    // One row of the colour stands for all: its stride is none.
    const std::vector<std::uint8_t> row(static_cast<std::size_t>(target.width >> shift), color[plane]);
    libyuv::InterpolatePlane(from.planes[plane], from.strides[plane], row.data(), 0, target.planes[plane],
                             target.strides[plane], target.width >> shift, target.height >> shift, share);
  }
  return {};
}

}  // namespace mainstay::ffi
