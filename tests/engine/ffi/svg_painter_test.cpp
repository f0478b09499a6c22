#include "engine/ffi/pango/svg_painter.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/pictures.h"

namespace mainstay::ffi {
namespace {

using test::Bgra;
using test::pixel;
using testing::HasSubstr;

Result<StillImage> paint(const std::string& svg, int width = 0, int height = 0) {
  return paint_svg({reinterpret_cast<const std::uint8_t*>(svg.data()), svg.size()}, "logo.svg", width, height);
}

const std::string kHalves = R"(<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20" viewBox="0 0 40 20">
  <rect width="20" height="20" fill="#ff0000"/><rect x="20" width="20" height="20" fill="#0000ff" opacity="0.5"/></svg>)";

TEST(PaintSvg, DrawsAtItsOwnSizeWithAlpha) {
  const auto image = paint(kHalves);
  ASSERT_TRUE(image) << image.error().describe();
  EXPECT_EQ(image->summary, "40×20 svg");
  EXPECT_EQ(image->frame->format, PixelFormat::bgra);
  EXPECT_EQ(pixel(*image->frame, 10, 10), (Bgra{0, 0, 255, 255}));
  EXPECT_EQ(pixel(*image->frame, 30, 10), (Bgra{128, 0, 0, 128}));
  EXPECT_TRUE(test::is_premultiplied(*image->frame));
}

TEST(PaintSvg, DrawsSharpAtTheSizeAsked) {
  const auto wide = paint(kHalves, 400);
  ASSERT_TRUE(wide);
  EXPECT_EQ(wide->summary, "400×200 svg");
  EXPECT_EQ(pixel(*wide->frame, 199, 100), (Bgra{0, 0, 255, 255}));
  EXPECT_EQ(pixel(*wide->frame, 200, 100), (Bgra{128, 0, 0, 128}));
  EXPECT_EQ(paint(kHalves, 0, 100)->summary, "200×100 svg");
  EXPECT_EQ(paint(R"(<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 30 10"/>)")->summary, "30×10 svg");
}

TEST(PaintSvg, SaysWhatIsWrong) {
  EXPECT_THAT(paint("a few words").error().describe(), HasSubstr("logo.svg is no SVG drawing, or it is broken: "));
  EXPECT_THAT(paint(kHalves.substr(0, 100)).error().describe(),
              HasSubstr("logo.svg is no SVG drawing, or it is broken"));
  EXPECT_THAT(paint(kHalves, 9000).error().describe(), HasSubstr("at most"));
  EXPECT_FALSE(paint(""));
}

TEST(PaintSvg, ReadsNoOtherFiles) {
  const auto image = paint(R"(<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"
      width="20" height="20"><image width="20" height="20" xlink:href="file:///usr/share/pixmaps/debian-logo.png"/></svg>)");
  ASSERT_TRUE(image);
  EXPECT_EQ(test::ink(*image->frame), 0);
}

}  // namespace
}  // namespace mainstay::ffi
