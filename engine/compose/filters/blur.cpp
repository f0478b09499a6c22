#include "engine/compose/filters/blur.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "engine/compose/filters/planes.h"
#include "engine/ffi/yuv/premultiplied.h"

namespace mainstay {

namespace {

constexpr double kWidest = 3;      // deviation that is made without shrinking further
constexpr double kNothing = 0.05;  // less is not seen
constexpr int kMostShrink = 64;

/// Variance that shrinking by a box of `n` pixels and growing by straight lines between its values bring along.
double variance_of(int n) {
  return n == 1 ? 0 : (n * n - 1) / 12.0 + (n * n) / 6.0;
}

double rest_of(double sigma, int n) {
  return std::sqrt(std::max(0.0, sigma * sigma - variance_of(n))) / n;
}

int shrink_for(double sigma) {
  int n = 1;
  while (n < kMostShrink && rest_of(sigma, n) > kWidest) n *= 2;
  return n;
}

}  // namespace

PlaneBlur::PlaneBlur(double sigma) : shrink_(shrink_for(sigma)), kernel_(Kernel::gaussian(rest_of(sigma, shrink_))) {}

void PlaneBlur::run(ffi::Plane from, ffi::WritablePlane to) {
  to.width = from.width;
  to.height = from.height;
  if (shrink_ == 1) return convolver_.run(from, kernel_, to);
  const int width = std::max(1, (from.width + shrink_ - 1) / shrink_);
  const int height = std::max(1, (from.height + shrink_ - 1) / shrink_);
  const std::size_t bytes = static_cast<std::size_t>(width) * height;
  small_.resize(bytes);
  soft_.resize(bytes);
  const ffi::WritablePlane small{small_.data(), width, width, height};
  const ffi::WritablePlane soft{soft_.data(), width, width, height};
  ffi::scale_plane(from, small);
  convolver_.run(small, kernel_, soft);
  ffi::scale_plane(soft, to);
}

Blur::Blur(const show::BlurFilter& settings)
    : idle_(settings.radius < kNothing), luma_(settings.radius / 2), chroma_(settings.radius / 4) {}

FramePtr Blur::apply(const FramePtr& picture, std::int64_t) {
  if (idle_) return picture;
  const bool has_alpha = picture->alpha != nullptr;
  const FramePtr from = has_alpha ? premultiplied(*picture, multiplied_pool_) : picture;
  WritableFrame out = take_like(pool_, *picture, has_alpha);
  for (int plane = 0; plane <= (has_alpha ? kAlphaPlane : 2); ++plane) {
    const bool is_chroma = plane == 1 || plane == 2;
    (is_chroma ? chroma_ : luma_).run(plane_of(*from, plane), plane_of(out, plane));
  }
  FramePtr soft = freeze_like(std::move(out), *picture);
  return has_alpha ? ffi::unpremultiplied(soft) : soft;
}

}  // namespace mainstay
