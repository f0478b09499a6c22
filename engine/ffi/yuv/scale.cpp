#include "engine/ffi/yuv/scale.h"

#include <libyuv/scale.h>

#include <numeric>
#include <utility>

#include "engine/ffi/av/picture_scaler.h"
#include "engine/ffi/yuv/premultiplied.h"

namespace mainstay::ffi {

namespace {

constexpr int kMaxSide = 16384;

Error wrong_format() {
  return Error{Errc::invalid, "only i420 pictures can be scaled", nullptr};
}

bool inside(Rect r, int width, int height) {
  return r.x >= 0 && r.y >= 0 && r.width > 0 && r.height > 0 && r.x + r.width <= width && r.y + r.height <= height &&
         r.x % 2 == 0 && r.y % 2 == 0;
}

/// The pixel shape after scaling, reduced and kept in 31 bits.
void stretch_sar(const Frame& source, Frame& target) {
  std::int64_t num = std::int64_t{source.sar_num} * source.width * target.height;
  std::int64_t den = std::int64_t{source.sar_den} * source.height * target.width;
  if (num <= 0 || den <= 0) return;
  const std::int64_t common = std::gcd(num, den);
  num /= common;
  den /= common;
  while (num > 0x3fffffff || den > 0x3fffffff) {
    num = (num + 1) / 2;
    den = (den + 1) / 2;
  }
  target.sar_num = static_cast<int>(num);
  target.sar_den = static_cast<int>(den);
}

}  // namespace

bool can_scale(const Frame& source, Rect crop, const WritableFrame& target, Rect where) {
  return source.format == PixelFormat::i420 && inside(crop, source.width, source.height) &&
         inside(where, target.width, target.height);
}

Status scale_i420_into(const Frame& source, Rect crop, WritableFrame& target, Rect where) {
  if (source.format != PixelFormat::i420) return wrong_format();
  if (!inside(crop, source.width, source.height) || !inside(where, target.width, target.height))
    return make_error(Errc::invalid, "cannot scale {}×{} at {},{} of {}×{} to {}×{} at {},{} of {}×{}", crop.width,
                      crop.height, crop.x, crop.y, source.width, source.height, where.width, where.height, where.x,
                      where.y, target.width, target.height);
  const auto from = [&](int plane, int x, int y) {
    return source.planes[plane] + static_cast<std::ptrdiff_t>(y) * source.strides[plane] + x;
  };
  const auto to = [&](int plane, int x, int y) {
    return target.planes[plane] + static_cast<std::ptrdiff_t>(y) * target.strides[plane] + x;
  };
  const int failed = libyuv::I420Scale(
      from(0, crop.x, crop.y), source.strides[0], from(1, crop.x / 2, crop.y / 2), source.strides[1],
      from(2, crop.x / 2, crop.y / 2), source.strides[2], crop.width, crop.height, to(0, where.x, where.y),
      target.strides[0], to(1, where.x / 2, where.y / 2), target.strides[1], to(2, where.x / 2, where.y / 2),
      target.strides[2], where.width, where.height, libyuv::kFilterBox);
  if (failed != 0) return Error{Errc::unsupported, "libyuv refused to scale a picture", nullptr};
  if (target.alpha == nullptr) return {};
  if (source.alpha == nullptr) return cover(target, where, {}, 256), Status{};
  libyuv::ScalePlane(source.alpha + static_cast<std::ptrdiff_t>(crop.y) * source.alpha_stride + crop.x,
                     source.alpha_stride, crop.width, crop.height,
                     target.alpha + static_cast<std::ptrdiff_t>(where.y) * target.alpha_stride + where.x,
                     target.alpha_stride, where.width, where.height, libyuv::kFilterBox);
  return {};
}

Result<FramePtr> scale_i420(const Frame& source, int width, int height, FramePool* pool, PictureScaler* scaler) {
  if (source.format != PixelFormat::i420) return wrong_format();
  if (width <= 0 || height <= 0 || width > kMaxSide || height > kMaxSide)
    return make_error(Errc::invalid, "a picture cannot be scaled to {}×{}", width, height);
  WritableFrame target = pool ? pool->take(width, height) : WritableFrame::make(width, height);
  const Rect from{0, 0, source.width, source.height};
  const Rect to{0, 0, target.width, target.height};
  MAINSTAY_CHECK(scaler != nullptr ? scaler->scale(source, from, target, to)
                                   : scale_i420_into(source, from, target, to));
  auto frame = std::make_shared<Frame>(*std::move(target).freeze());
  frame->matrix = source.matrix;
  frame->range = source.range;
  frame->sar_num = source.sar_num;
  frame->sar_den = source.sar_den;
  stretch_sar(source, *frame);
  return FramePtr(std::move(frame));
}

}  // namespace mainstay::ffi
