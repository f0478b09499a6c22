// Graphics with alpha against a reference in floating point. The stated bound for all pictures here: no code is off by
// more than 2 (premultiplied alpha, straight codes and the blend are each rounded to 8 bits).
#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <random>

#include "engine/compose/compositor.h"

namespace mainstay {
namespace {

constexpr double kBound = 2;
constexpr int kWidth = 160;
constexpr int kHeight = 90;

struct Colour {
  double red, green, blue, alpha;  // 0 to 1, straight
};
using Painter = std::function<Colour(int x, int y)>;

FramePtr graphic(int width, int height, const Painter& paint) {
  auto bytes = std::make_shared<std::vector<std::uint8_t>>(static_cast<std::size_t>(width) * height * 4);
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x) {
      const Colour c = paint(x, y);
      std::uint8_t* pixel = bytes->data() + (static_cast<std::size_t>(y) * width + x) * 4;
      const double alpha = std::round(c.alpha * 255);
      pixel[0] = static_cast<std::uint8_t>(std::lround(c.blue * alpha));
      pixel[1] = static_cast<std::uint8_t>(std::lround(c.green * alpha));
      pixel[2] = static_cast<std::uint8_t>(std::lround(c.red * alpha));
      pixel[3] = static_cast<std::uint8_t>(alpha);
    }
  auto frame = std::make_shared<Frame>();
  frame->format = PixelFormat::bgra;
  frame->range = ColorRange::full;
  frame->width = width;
  frame->height = height;
  frame->planes[0] = bytes->data();
  frame->strides[0] = width * 4;
  frame->owner = bytes;
  return frame;
}

/// A picture whose every plane runs through its codes.
FramePtr ground(int width = kWidth, int height = kHeight) {
  WritableFrame picture = WritableFrame::make(width, height);
  for (int plane = 0; plane < 3; ++plane) {
    const int rows = plane == 0 ? picture.height : picture.height / 2;
    for (int y = 0; y < rows; ++y)
      for (int x = 0; x < picture.strides[plane]; ++x)
        picture.planes[plane][y * picture.strides[plane] + x] = static_cast<std::uint8_t>(16 + (x * 3 + y * 5) % 220);
  }
  return std::move(picture).freeze();
}

LayerPicture layer(FramePtr frame) {
  return {std::move(frame), {}};
}

LayerPicture at(FramePtr frame, int x, int y, double opacity = 1) {
  LayerPicture picture = layer(std::move(frame));
  picture.layer = {"", x, y, 0, 0, show::Fit::none, opacity, true};
  return picture;
}

int code(const Frame& frame, int plane, int x, int y) {
  return frame.planes[plane][y * frame.strides[plane] + x];
}

std::array<double, 3> bt709(const Colour& c) {
  const double luma = 0.2126 * c.red + 0.7152 * c.green + 0.0722 * c.blue;
  return {16 + 219 * luma, 128 + 224 * (c.blue - luma) / 1.8556, 128 + 224 * (c.red - luma) / 1.5748};
}

/// The greatest difference between `found` and `below` with the graphic laid over it, its corner at x, y.
double worst(const Frame& found, const Frame& below, int left, int top, int width, int height, const Painter& paint,
             double opacity) {
  const auto colour = [&](int x, int y) {
    const bool inside = x >= left && y >= top && x < left + width && y < top + height;
    return inside ? paint(x - left, y - top) : Colour{0, 0, 0, 0};
  };
  double error = 0;
  for (int y = 0; y < found.height; ++y)
    for (int x = 0; x < found.width; ++x) {
      const Colour c = colour(x, y);
      const double wanted = c.alpha * opacity * bt709(c)[0] + (1 - c.alpha * opacity) * code(below, 0, x, y);
      error = std::max(error, std::abs(wanted - code(found, 0, x, y)));
    }
  for (int plane = 1; plane < 3; ++plane)
    for (int y = 0; y < found.height / 2; ++y)
      for (int x = 0; x < found.width / 2; ++x) {
        double sum = 0;
        double alpha = 0;
        for (int i = 0; i < 4; ++i) {
          const Colour c = colour(2 * x + i % 2, 2 * y + i / 2);
          sum += c.alpha * opacity * bt709(c)[plane] / 4;
          alpha += c.alpha * opacity / 4;
        }
        error = std::max(error, std::abs(sum + (1 - alpha) * code(below, plane, x, y) - code(found, plane, x, y)));
      }
  return error;
}

/// Soft edges, all hues, and holes.
Colour rainbow(int x, int y) {
  if (x % 16 > 12 && y % 8 < 3) return {0, 0, 0, 0};
  const auto hue = [&](double shift) { return 0.5 + 0.5 * std::cos((x + y) / 9.0 + shift); };
  return {hue(0), hue(2.1), hue(4.2), std::min(1.0, x / 40.0)};
}

TEST(Graphics, LieOverThePictureWithTheirAlpha) {
  const FramePtr below = ground();
  for (const double opacity : {1.0, 0.5, 0.25}) {
    Compositor compositor(kWidth, kHeight);
    const FramePtr found = compositor.compose(std::vector{layer(below), at(graphic(70, 40, rainbow), 30, 20, opacity)});
    EXPECT_LE(worst(*found, *below, 30, 20, 70, 40, rainbow, opacity), kBound) << opacity;
  }
}

TEST(Graphics, LandOnTheirCodesOfBt709) {
  struct Case {
    Colour colour;
    std::array<int, 3> codes;
  };
  for (const auto& [colour, codes] : {Case{{1, 0, 0, 1}, {63, 102, 240}}, Case{{0, 1, 0, 1}, {173, 42, 26}},
                                      Case{{0, 0, 1, 1}, {32, 240, 118}}, Case{{1, 1, 1, 1}, {235, 128, 128}},
                                      Case{{0.5, 0.5, 0.5, 1}, {126, 128, 128}}, Case{{0, 0, 0, 1}, {16, 128, 128}}}) {
    // Beside a clear half, so that it is not a plain opaque picture.
    const auto half = [&, c = colour](int x, int) { return x < 16 ? c : Colour{0, 0, 0, 0}; };
    Compositor compositor(kWidth, kHeight);
    const FramePtr found = compositor.compose(std::vector{layer(ground()), at(graphic(32, 16, half), 0, 0)});
    for (int plane = 0; plane < 3; ++plane)
      EXPECT_NEAR(code(*found, plane, 4, 4), codes[plane], 1) << colour.red << colour.green << colour.blue;
  }
}

TEST(Graphics, LieOnEvenPixelsWhateverTheirPlaceAndSize) {
  const FramePtr below = ground();
  for (const auto& [x, y] : {std::pair{33, 21}, {32, 21}, {33, 20}}) {
    Compositor compositor(kWidth, kHeight);
    const FramePtr found = compositor.compose(std::vector{layer(below), at(graphic(51, 27, rainbow), x, y)});
    EXPECT_LE(worst(*found, *below, x & ~1, y & ~1, 51, 27, rainbow, 1), kBound) << "an odd size is not scaled";
  }
}

TEST(Graphics, AreCutAtTheEdgesOfTheProgram) {
  const FramePtr below = ground();
  for (const auto& [x, y] : {std::pair{-30, -10}, {130, -10}, {-30, 70}, {130, 70}, {-30, 20}}) {
    Compositor compositor(kWidth, kHeight);
    const FramePtr found = compositor.compose(std::vector{layer(below), at(graphic(80, 40, rainbow), x, y, 0.5)});
    EXPECT_LE(worst(*found, *below, x, y, 80, 40, rainbow, 0.5), kBound) << x << "," << y;
  }
}

TEST(Graphics, HaveNoDarkRimWhenScaled) {
  // White with a hard edge of alpha over white: whatever the size, only white may come out.
  const auto disc = [](int x, int y) { return Colour{1, 1, 1, std::hypot(x - 50, y - 50) < 45 ? 1.0 : 0.0}; };
  WritableFrame white = WritableFrame::make(kWidth, kHeight);
  white.fill(235, 128, 128);
  const FramePtr below = std::move(white).freeze();
  for (const int side : {34, 60, 90}) {
    Compositor compositor(kWidth, kHeight);
    LayerPicture logo = layer(graphic(100, 100, disc));
    logo.layer.width = logo.layer.height = side;
    const FramePtr found = compositor.compose(std::vector{layer(below), logo});
    for (int y = 0; y < side; ++y)
      for (int x = 0; x < side; ++x) ASSERT_NEAR(code(*found, 0, x, y), 235, 1) << x << "," << y << " at " << side;
  }
}

TEST(Graphics, AreAveragedWhenTheyShrink) {
  // One white column of three: single pixels taken would give white or nothing.
  const auto stripes = [](int x, int) { return Colour{1, 1, 1, x % 3 == 0 ? 1.0 : 0.0}; };
  for (const int times : {3, 6, 12}) {
    Compositor compositor(kWidth, kHeight);
    LayerPicture logo = layer(graphic(40 * times, 20 * times, stripes));
    logo.layer.width = 40;
    logo.layer.height = 20;
    const FramePtr found = compositor.compose(std::vector{logo});
    for (int x = 4; x < 36; ++x) EXPECT_NEAR(code(*found, 0, x, 10), 16 + 219 / 3.0, 6) << x << " of " << times;
  }
}

TEST(Graphics, AreConvertedOnce) {
  Compositor compositor(kWidth, kHeight);
  const FramePtr ticker = graphic(200, 20, rainbow);
  const FramePtr logo = graphic(40, 20, rainbow);
  for (int n = 0; n < 10; ++n)
    compositor.compose(std::vector{layer(ground()), at(logo, 10, 10, 0.8), at(ticker, -4 * n, 60, 1 - n / 20.0)});
  EXPECT_EQ(compositor.stats().converted, 2) << "neither another place nor another opacity is another picture";
  const FramePtr inset = ground(20, 20);
  compositor.compose(std::vector{layer(ground()), at(inset, 0, 0), at(logo, 10, 10), at(ticker, 0, 60)});
  EXPECT_EQ(compositor.stats().converted, 2) << "what comes in below changes nothing";
  LayerPicture larger = layer(logo);
  larger.layer.width = 80;
  compositor.compose(std::vector{layer(ground()), larger});
  EXPECT_EQ(compositor.stats().converted, 3);
}

TEST(Graphics, OverAStandingPictureCostNothing) {
  Compositor compositor(kWidth, kHeight);
  const std::vector<LayerPicture> scene{layer(ground()), at(graphic(40, 20, rainbow), 10, 10, 0.5)};
  const FramePtr once = compositor.compose(scene);
  EXPECT_EQ(compositor.compose(scene), once);
  EXPECT_EQ(compositor.stats().reused, 1);
}

TEST(Graphics, LetThroughWhatLiesBelow) {
  Compositor compositor(kWidth, kHeight);
  const FramePtr below = ground();
  const auto clear = [](int x, int y) { return Colour{1, 1, 1, x < 2 && y < 2 ? 1.0 : 0.0}; };
  const FramePtr found = compositor.compose(std::vector{layer(below), layer(graphic(kWidth, kHeight, clear))});
  EXPECT_EQ(code(*found, 0, 0, 0), 235);
  EXPECT_LE(worst(*found, *below, 0, 0, kWidth, kHeight, clear, 1), kBound) << "a full-size graphic hides nothing";
  const FramePtr alone = compositor.compose(std::vector{layer(graphic(kWidth, kHeight, clear))});
  EXPECT_EQ(alone->format, PixelFormat::i420) << "the program's pictures are i420, whatever is shown alone";
  EXPECT_EQ(code(*alone, 0, 80, 40), 16);
}

TEST(Graphics, SurviveAnyGeometry) {
  Compositor compositor(kWidth, kHeight);
  std::mt19937 random(7);
  const auto pick = [&](int low, int high) { return std::uniform_int_distribution<int>(low, high)(random); };
  for (int round = 0; round < 1000; ++round) {
    std::vector<LayerPicture> layers{layer(ground())};
    for (int i = pick(1, 3); i > 0; --i) {
      auto frame = std::make_shared<Frame>(*graphic(pick(1, 99), pick(1, 99), rainbow));
      frame->sar_num = pick(1, 3);
      LayerPicture picture = layer(frame);
      picture.layer = {"",
                       pick(-300, 300),
                       pick(-300, 300),
                       pick(0, 900),
                       pick(0, 900),
                       static_cast<show::Fit>(pick(0, 3)),
                       pick(0, 4) / 4.0,
                       true};
      layers.push_back(picture);
    }
    const FramePtr p = compositor.compose(layers);
    ASSERT_EQ(p->width, kWidth);
    ASSERT_EQ(p->height, kHeight);
  }
}

}  // namespace
}  // namespace mainstay
