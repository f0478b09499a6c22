#include "engine/compose/filters/mask_image.h"

#include <algorithm>
#include <cmath>

#include "engine/compose/filters/planes.h"

namespace mainstay {

namespace {

/// Limited luma codes as 0 to 255.
std::uint8_t full(int code) {
  return static_cast<std::uint8_t>(std::clamp(((code - 16) * 255 + 109) / 219, 0, 255));
}

}  // namespace

MaskImage::MaskImage(const Frame& picture) : width_(picture.width), height_(picture.height) {
  const auto bytes = static_cast<std::size_t>(width_) * height_;
  alpha_.assign(bytes, 255);
  luma_.resize(bytes);
  const bool is_bgra = picture.format == PixelFormat::bgra;
  for (int y = 0; y < height_; ++y) {
    const std::uint8_t* row = picture.planes[0] + static_cast<std::ptrdiff_t>(y) * picture.strides[0];
    const std::size_t at = static_cast<std::size_t>(y) * width_;
    for (int x = 0; x < width_; ++x) {
      if (!is_bgra) {
        luma_[at + x] = full(row[x]);
        continue;
      }
      const std::uint8_t* pixel = row + static_cast<std::ptrdiff_t>(x) * 4;
      luma_[at + x] = static_cast<std::uint8_t>(std::lround(0.0722 * pixel[0] + 0.7152 * pixel[1] + 0.2126 * pixel[2]));
      alpha_[at + x] = pixel[3];
    }
  }
  if (width_ <= kLargestSide && height_ <= kLargestSide) return;
  const int width = std::min(width_, kLargestSide);
  const int height = std::min(height_, kLargestSide);
  for (std::vector<std::uint8_t>* plane : {&alpha_, &luma_}) {
    std::vector<std::uint8_t> small(static_cast<std::size_t>(width) * height);
    ffi::scale_plane({plane->data(), width_, width_, height_}, {small.data(), width, width, height});
    plane->swap(small);
  }
  width_ = width;
  height_ = height;
}

}  // namespace mainstay
