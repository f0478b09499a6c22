#include "engine/studio/preview.h"

#include <gtest/gtest.h>

namespace mainstay {
namespace {

Frame shaped(int width, int height, int sar_num = 1, int sar_den = 1) {
  Frame frame;
  frame.width = width;
  frame.height = height;
  frame.sar_num = sar_num;
  frame.sar_den = sar_den;
  return frame;
}

void expect_fit(const Frame& frame, int width, int height, int fitted_width, int fitted_height) {
  const PreviewSize size = fit_preview(frame, width, height);
  EXPECT_EQ(size.width, fitted_width);
  EXPECT_EQ(size.height, fitted_height);
}

TEST(PreviewTest, APictureFillsABoxOfItsOwnShape) {
  expect_fit(shaped(1920, 1080), 960, 540, 960, 540);
  expect_fit(shaped(640, 360), 1920, 1080, 1920, 1080);
}

TEST(PreviewTest, TheShorterSideOfTheBoxDecides) {
  expect_fit(shaped(1920, 1080), 1000, 540, 960, 540);
  expect_fit(shaped(1920, 1080), 960, 800, 960, 540);
  expect_fit(shaped(1080, 1920), 800, 600, 338, 600);
}

TEST(PreviewTest, ThePixelsShapeCounts) {
  expect_fit(shaped(720, 576, 64, 45), 1024, 576, 1024, 576);
}

TEST(PreviewTest, NoBoxOrPictureIsTooSmall) {
  expect_fit(shaped(1920, 1080), 1, 1, 1, 1);
  expect_fit(shaped(0, 0, 0, 0), 10, 10, 10, 10);
  expect_fit(shaped(8000, 1), 100, 100, 100, 1);
}

TEST(PreviewTest, AnImageIsUsedAgainForTheNextPicture) {
  WritableFrame written = WritableFrame::make(64, 36);
  written.fill(235, 128, 128);
  const FramePtr frame = std::move(written).freeze();
  PreviewRenderer renderer;
  PreviewImage image;
  ASSERT_TRUE(renderer.render(*frame, 32, 18, image));
  const std::uint8_t* const memory = image.bgra.data();
  ASSERT_TRUE(renderer.render(*frame, 32, 18, image));
  EXPECT_EQ(image.bgra.data(), memory);
  EXPECT_EQ(image.width, 32);
  EXPECT_EQ(image.height, 18);
  EXPECT_GE(image.bgra[0], 252);
}

}  // namespace
}  // namespace mainstay
