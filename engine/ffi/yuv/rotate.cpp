#include "engine/ffi/yuv/rotate.h"

#include <libyuv/rotate.h>
#include <libyuv/rotate_argb.h>

#include <memory>
#include <utility>
#include <vector>

namespace mainstay::ffi {

namespace {

bool is_quarter(int degrees) {
  return degrees == 90 || degrees == 180 || degrees == 270;
}

}  // namespace

Status rotate_i420_into(const Frame& source, int degrees, WritableFrame& target) {
  const bool sideways = degrees % 180 != 0;
  const bool fits = (sideways ? source.height : source.width) == target.width &&
                    (sideways ? source.width : source.height) == target.height;
  if (source.format != PixelFormat::i420 || !is_quarter(degrees) || !fits)
    return make_error(Errc::invalid, "cannot turn {}×{} by {}° into {}×{}", source.width, source.height, degrees,
                      target.width, target.height);
  const int failed = libyuv::I420Rotate(source.planes[0], source.strides[0], source.planes[1], source.strides[1],
                                        source.planes[2], source.strides[2], target.planes[0], target.strides[0],
                                        target.planes[1], target.strides[1], target.planes[2], target.strides[2],
                                        source.width, source.height, static_cast<libyuv::RotationMode>(degrees));
  if (failed != 0) return Error{Errc::unsupported, "libyuv refused to turn a picture", nullptr};
  if (source.alpha != nullptr && target.alpha != nullptr)
    libyuv::RotatePlane(source.alpha, source.alpha_stride, target.alpha, target.alpha_stride, source.width,
                        source.height, static_cast<libyuv::RotationMode>(degrees));
  return {};
}

Result<FramePtr> rotate_bgra(const Frame& source, Rect crop, int degrees) {
  const bool inside = crop.x >= 0 && crop.y >= 0 && crop.width > 0 && crop.height > 0 &&
                      crop.x + crop.width <= source.width && crop.y + crop.height <= source.height;
  if (source.format != PixelFormat::bgra || !is_quarter(degrees) || !inside)
    return Error{Errc::invalid, "a graphic cannot be turned so", nullptr};
  auto frame = std::make_shared<Frame>();
  frame->format = PixelFormat::bgra;
  frame->width = degrees % 180 != 0 ? crop.height : crop.width;
  frame->height = degrees % 180 != 0 ? crop.width : crop.height;
  const auto bytes =
      std::make_shared<std::vector<std::uint8_t>>(static_cast<std::size_t>(crop.width) * crop.height * 4);
  frame->planes[0] = bytes->data();
  frame->strides[0] = frame->width * 4;
  frame->owner = bytes;
  const std::uint8_t* from = source.planes[0] + static_cast<std::ptrdiff_t>(crop.y) * source.strides[0] +
                             static_cast<std::ptrdiff_t>(crop.x) * 4;
  if (libyuv::ARGBRotate(from, source.strides[0], bytes->data(), frame->strides[0], crop.width, crop.height,
                         static_cast<libyuv::RotationMode>(degrees)) != 0)
    return Error{Errc::unsupported, "libyuv refused to turn a graphic", nullptr};
  return FramePtr(std::move(frame));
}

}  // namespace mainstay::ffi
