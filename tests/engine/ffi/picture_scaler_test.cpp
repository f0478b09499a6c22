// Shrinking against the mean over each target pixel's area, worked out in double. The stated bound: no code is off by
// more than 1.
#include "engine/ffi/av/picture_scaler.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

namespace mainstay::ffi {
namespace {

FramePtr noise(int width, int height) {
  std::mt19937 random(5);
  WritableFrame picture = WritableFrame::make(width, height);
  for (int plane = 0; plane < 3; ++plane)
    for (int i = 0; i < picture.strides[plane] * (plane == 0 ? height : height / 2); ++i)
      picture.planes[plane][i] = static_cast<std::uint8_t>(16 + random() % 220);
  return std::move(picture).freeze();
}

struct Plane {
  const std::uint8_t* codes;
  int stride;
  double at(int x, int y) const { return codes[static_cast<std::ptrdiff_t>(y) * stride + x]; }
};

/// The mean of `from` over [left, right) × [top, bottom).
double mean(const Plane& from, double left, double right, double top, double bottom) {
  double sum = 0;
  for (int y = static_cast<int>(top); y < std::ceil(bottom); ++y)
    for (int x = static_cast<int>(left); x < std::ceil(right); ++x)
      sum += from.at(x, y) * (std::min(right, x + 1.0) - std::max(left, static_cast<double>(x))) *
             (std::min(bottom, y + 1.0) - std::max(top, static_cast<double>(y)));
  return sum / ((right - left) * (bottom - top));
}

struct Sizes {
  Rect crop;
  int width;
  int height;
};

class PictureScalerTest : public testing::TestWithParam<Sizes> {};

TEST_P(PictureScalerTest, GivesEachPixelTheMeanOfItsAreaAndTouchesNothingElse) {
  const auto [crop, width, height] = GetParam();
  const FramePtr source = noise(640, 480);
  PictureScaler scaler;
  for (const Rect where : {Rect{0, 0, width, height}, Rect{34, 18, width, height}}) {
    WritableFrame target = WritableFrame::make(where.x == 0 ? width : 720, where.x == 0 ? height : 540);
    target.fill(7, 8, 9);
    ASSERT_TRUE(scaler.scale(*source, crop, target, where));
    for (int plane = 0; plane < 3; ++plane) {
      const int shift = plane == 0 ? 0 : 1;
      const Plane from{source->planes[plane] + (crop.y >> shift) * source->strides[plane] + (crop.x >> shift),
                       source->strides[plane]};
      const Plane to{target.planes[plane], target.strides[plane]};
      const double across = static_cast<double>(crop.width) / width;
      const double down = static_cast<double>(crop.height) / height;
      double worst = 0;
      int strangers = 0;
      for (int y = 0; y < target.height >> shift; ++y)
        for (int x = 0; x < target.width >> shift; ++x) {
          const int tx = x - (where.x >> shift);
          const int ty = y - (where.y >> shift);
          if (tx < 0 || ty < 0 || tx >= width >> shift || ty >= height >> shift)
            strangers += to.at(x, y) != 7 + plane;
          else
            worst = std::max(
                worst, std::abs(to.at(x, y) - mean(from, tx * across, (tx + 1) * across, ty * down, (ty + 1) * down)));
        }
      EXPECT_LE(worst, 1.0) << "plane " << plane;
      EXPECT_EQ(strangers, 0) << "plane " << plane;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(, PictureScalerTest,
                         testing::Values(Sizes{{0, 0, 636, 480}, 212, 160}, Sizes{{2, 4, 630, 462}, 420, 308},
                                         Sizes{{0, 0, 640, 480}, 320, 240}, Sizes{{0, 0, 640, 480}, 214, 480}));

}  // namespace
}  // namespace mainstay::ffi
