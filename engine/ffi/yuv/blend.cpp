#include "engine/ffi/yuv/blend.h"

#include <libyuv/planar_functions.h>

#include <array>

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
  return {};
}

}  // namespace mainstay::ffi
