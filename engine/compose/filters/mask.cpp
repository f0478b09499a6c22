#include "engine/compose/filters/mask.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "engine/compose/filters/blur.h"
#include "engine/compose/filters/planes.h"

namespace mainstay {

namespace {

/// A rectangle with round corners: how far inside it a pixel's middle lies, negative outside.
class RoundRect {
 public:
  RoundRect(int width, int height, double radius)
      : half_width_(width / 2.0),
        half_height_(height / 2.0),
        radius_(std::min(radius, std::min(half_width_, half_height_))) {}

  double depth(int x, int y) const {
    const double over_x = std::abs(x + 0.5 - half_width_) - (half_width_ - radius_);
    const double over_y = std::abs(y + 0.5 - half_height_) - (half_height_ - radius_);
    const double outside = std::hypot(std::max(over_x, 0.0), std::max(over_y, 0.0));
    return radius_ - outside - std::min(std::max(over_x, over_y), 0.0);
  }
  double radius() const { return radius_; }

 private:
  double half_width_;
  double half_height_;
  double radius_;
};

std::uint8_t share_of(double depth, double feather) {
  const double share = feather > 0 ? depth / feather : depth + 0.5;
  return static_cast<std::uint8_t>(std::lround(255 * std::clamp(share, 0.0, 1.0)));
}

}  // namespace

Mask::Mask(const show::MaskFilter& settings, std::shared_ptr<const MaskImage> image)
    : settings_(settings),
      image_(std::move(image)),
      idle_(settings.path.empty() ? settings.radius <= 0 && settings.feather <= 0 && !settings.invert : !image_) {}

void Mask::make(int width, int height) {
  width_ = width;
  height_ = height;
  auto shape = std::make_shared<std::vector<std::uint8_t>>(static_cast<std::size_t>(width) * height, 255);
  const ffi::WritablePlane plane{shape->data(), width, width, height};
  if (image_) {
    const std::vector<std::uint8_t>& from =
        settings_.channel == show::MaskChannel::alpha ? image_->alpha() : image_->luma();
    ffi::scale_plane({from.data(), image_->width(), image_->width(), image_->height()}, plane);
    if (settings_.feather > 0) {
      std::vector<std::uint8_t> hard = *shape;
      PlaneBlur(settings_.feather / 2).run({hard.data(), width, width, height}, plane);
    }
  }
  // A picture's edges are soft already; what its rectangle does is what was asked of the corners.
  const double feather = image_ ? 0 : settings_.feather;
  if (settings_.radius > 0 || feather > 0) {
    const RoundRect rect(width, height, settings_.radius);
    const int margin = static_cast<int>(std::ceil(rect.radius() + feather + 1));
    for (int y = 0; y < height; ++y) {
      std::uint8_t* row = row_of(plane, y);
      const bool at_side = y < margin || y >= height - margin;
      for (int x = 0; x < width; ++x) {
        if (!at_side && x == margin && width > 2 * margin) x = width - margin;
        row[x] = static_cast<std::uint8_t>((row[x] * share_of(rect.depth(x, y), feather) + 127) / 255);
      }
    }
  }
  if (settings_.invert) {
    for (std::uint8_t& share : *shape) share = static_cast<std::uint8_t>(255 - share);
  }
  shape_ = std::move(shape);
}

FramePtr Mask::apply(const FramePtr& picture, std::int64_t) {
  if (idle_) return picture;
  if (width_ != picture->width || height_ != picture->height) make(picture->width, picture->height);
  const ffi::Plane shape{shape_->data(), width_, width_, height_};
  if (picture->alpha == nullptr) return with_alpha(picture, shape, shape_);
  WritableFrame out = take_like(pool_, *picture, true);
  multiply_planes(plane_of(*picture, kAlphaPlane), shape, plane_of(out, kAlphaPlane));
  return replaced(picture, std::move(out), kAlpha);
}

}  // namespace mainstay
