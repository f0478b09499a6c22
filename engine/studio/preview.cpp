#include "engine/studio/preview.h"

#include <algorithm>

#include "engine/ffi/yuv/argb.h"

namespace mainstay {

class PreviewRenderer::Impl {
 public:
  ffi::ArgbScaler scaler;
};

PreviewSize fit_preview(const Frame& frame, int width, int height) {
  const std::int64_t shape_width = std::int64_t{std::max(frame.width, 1)} * std::max(frame.sar_num, 1);
  const std::int64_t shape_height = std::int64_t{std::max(frame.height, 1)} * std::max(frame.sar_den, 1);
  // The side that limits is kept as it is, so that a picture of the box's shape fills it to the pixel.
  if (shape_width * height <= shape_height * width) {
    const auto fitted = static_cast<int>(mul_div(height, shape_width, shape_height, Rounding::nearest));
    return {std::clamp(fitted, 1, std::max(width, 1)), std::max(height, 1)};
  }
  const auto fitted = static_cast<int>(mul_div(width, shape_height, shape_width, Rounding::nearest));
  return {std::max(width, 1), std::clamp(fitted, 1, std::max(height, 1))};
}

PreviewRenderer::PreviewRenderer() : impl_(std::make_unique<Impl>()) {}
PreviewRenderer::~PreviewRenderer() = default;

Status PreviewRenderer::render(const Frame& frame, int width, int height, PreviewImage& image) {
  MAINSTAY_CHECK(impl_->scaler.convert(frame, width, height, image.bgra));
  image.width = width;
  image.height = height;
  return {};
}

}  // namespace mainstay
