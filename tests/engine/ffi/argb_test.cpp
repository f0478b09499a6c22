#include "engine/ffi/yuv/argb.h"

#include <gmock/gmock.h>

namespace mainstay::ffi {
namespace {

using ::testing::Each;

FramePtr plain(int width, int height, std::uint8_t y, std::uint8_t u, std::uint8_t v) {
  WritableFrame frame = WritableFrame::make(width, height);
  frame.fill(y, u, v);
  return std::move(frame).freeze();
}

struct Pixel {
  int b, g, r, a;
};

Pixel pixel(const std::vector<std::uint8_t>& bgra, std::size_t index) {
  return {bgra[4 * index], bgra[4 * index + 1], bgra[4 * index + 2], bgra[4 * index + 3]};
}

void expect_color(const std::vector<std::uint8_t>& bgra, std::size_t index, Pixel expected) {
  const Pixel p = pixel(bgra, index);
  EXPECT_NEAR(p.r, expected.r, 3);
  EXPECT_NEAR(p.g, expected.g, 3);
  EXPECT_NEAR(p.b, expected.b, 3);
  EXPECT_EQ(p.a, 255);
}

TEST(ArgbTest, BlackAndWhiteOfLimitedRangeBecomeFullRange) {
  ArgbScaler scaler;
  std::vector<std::uint8_t> bgra;
  ASSERT_TRUE(scaler.convert(*plain(64, 36, 16, 128, 128), 64, 36, bgra));
  expect_color(bgra, 0, {0, 0, 0, 255});
  ASSERT_TRUE(scaler.convert(*plain(64, 36, 235, 128, 128), 64, 36, bgra));
  expect_color(bgra, 64 * 36 - 1, {255, 255, 255, 255});
}

TEST(ArgbTest, TheMatrixIsThatOfThePicture) {
  // 100 % red by each matrix (BT.601, BT.709), limited range.
  ArgbScaler scaler;
  std::vector<std::uint8_t> bgra;
  Frame bt709 = *plain(16, 16, 63, 102, 240);
  ASSERT_TRUE(scaler.convert(bt709, 16, 16, bgra));
  expect_color(bgra, 5, {0, 0, 255, 255});
  Frame bt601 = *plain(16, 16, 81, 90, 240);
  bt601.matrix = ColorMatrix::bt601;
  ASSERT_TRUE(scaler.convert(bt601, 16, 16, bgra));
  expect_color(bgra, 5, {0, 0, 255, 255});
}

TEST(ArgbTest, FullRangeStaysAsItIs) {
  ArgbScaler scaler;
  std::vector<std::uint8_t> bgra;
  Frame frame = *plain(16, 16, 200, 128, 128);
  frame.range = ColorRange::full;
  ASSERT_TRUE(scaler.convert(frame, 16, 16, bgra));
  expect_color(bgra, 0, {200, 200, 200, 255});
}

TEST(ArgbTest, EverySizeIsFilledToItsLastPixel) {
  ArgbScaler scaler;
  std::vector<std::uint8_t> bgra;
  const FramePtr frame = plain(320, 180, 235, 128, 128);
  for (const auto& [width, height] :
       {std::pair{1, 1}, {3, 5}, {79, 45}, {159, 89}, {160, 90}, {161, 91}, {319, 179}, {320, 180}, {641, 361}}) {
    bgra.assign(1, 0);
    ASSERT_TRUE(scaler.convert(*frame, width, height, bgra)) << width << "×" << height;
    ASSERT_EQ(bgra.size(), static_cast<std::size_t>(width) * height * 4);
    // libyuv's box filter divides by a truncated reciprocal: at extreme ratios white comes out a little darker.
    EXPECT_THAT(bgra, Each(::testing::Ge(245))) << width << "×" << height;
  }
}

TEST(ArgbTest, LeftStaysLeftAndTopStaysTopAtEachScalePath) {
  WritableFrame written = WritableFrame::make(320, 180);
  written.fill(16, 128, 128);
  for (int y = 0; y < 90; ++y) {
    for (int x = 0; x < 160; ++x) written.planes[0][y * written.strides[0] + x] = 235;
  }
  const FramePtr frame = std::move(written).freeze();
  ArgbScaler scaler;
  std::vector<std::uint8_t> bgra;
  for (const auto& [width, height] : {std::pair{320, 180}, {160, 90}, {130, 74}, {50, 28}, {480, 270}}) {
    ASSERT_TRUE(scaler.convert(*frame, width, height, bgra));
    const auto at = [&](int x, int y) { return pixel(bgra, static_cast<std::size_t>(y) * width + x).g; };
    EXPECT_GT(at(width / 4, height / 4), 250);
    EXPECT_LT(at(width * 3 / 4, height / 4), 5);
    EXPECT_LT(at(width / 4, height * 3 / 4), 5);
  }
}

TEST(ArgbTest, WhatCannotBeShownIsAnErrorInWords) {
  ArgbScaler scaler;
  std::vector<std::uint8_t> bgra;
  const FramePtr frame = plain(16, 16, 16, 128, 128);
  for (const int side : {0, -1, 8193}) {
    const Status status = scaler.convert(*frame, side, 16, bgra);
    ASSERT_FALSE(status);
    EXPECT_EQ(status.error().code, Errc::invalid);
  }
  Frame other = *frame;
  other.format = PixelFormat::nv12;
  const Status status = scaler.convert(other, 16, 16, bgra);
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code, Errc::unsupported);
}

}  // namespace
}  // namespace mainstay::ffi
