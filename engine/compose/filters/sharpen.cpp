#include "engine/compose/filters/sharpen.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "engine/compose/filters/planes.h"

namespace mainstay {

namespace {

MAINSTAY_WIDE void sharpen_row(const std::uint8_t* in, const std::uint16_t* soft, int amount, std::uint8_t* out,
                               int count) {
  for (int x = 0; x < count; ++x) {
    const int own = in[x] * 256;
    const int value = (own + ((own - soft[x]) * amount >> 8) + 128) >> 8;
    out[x] = static_cast<std::uint8_t>(std::min(std::max(value, 0), 255));
  }
}

}  // namespace

Sharpen::Sharpen(const show::SharpenFilter& settings) : amount_(static_cast<int>(std::lround(settings.amount * 256))) {}

FramePtr Sharpen::apply(const FramePtr& picture, std::int64_t) {
  if (amount_ == 0) return picture;
  WritableFrame out = take_like(pool_, *picture, false);
  const ffi::Plane luma = plane_of(*picture, 0);
  for (int y = 0; y < luma.height; ++y)
    sharpen_row(row_of(luma, y), convolver_.row(luma, kernel_, y), amount_, row_of(plane_of(out, 0), y), luma.width);
  return replaced(picture, std::move(out), kLuma);
}

}  // namespace mainstay
