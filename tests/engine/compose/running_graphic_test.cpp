// What runs by is laid from pieces of its strip: code for code the picture that a whole graphic gives, at little cost.
#include <gtest/gtest.h>

#include <cstring>
#include <random>
#include <vector>

#include "engine/compose/compositor.h"

namespace mainstay {
namespace {

constexpr int kWidth = 1280;
constexpr int kHeight = 72;

FramePtr strip(int width, int height, unsigned seed = 1) {
  std::mt19937 random(seed);
  auto bytes = std::make_shared<std::vector<std::uint8_t>>(static_cast<std::size_t>(width) * height * 4);
  for (std::size_t i = 0; i < bytes->size(); i += 4) {
    const unsigned alpha = random() % 256;
    (*bytes)[i + 3] = static_cast<std::uint8_t>(alpha);
    for (std::size_t c = 0; c < 3; ++c) (*bytes)[i + c] = static_cast<std::uint8_t>(random() % (alpha + 1));
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

FramePtr window(const FramePtr& on, int left, int width) {
  auto frame = std::make_shared<Frame>(*on);
  frame->width = width;
  frame->planes[0] += 4 * left;
  frame->strip = on;
  frame->strip_x = left;
  return frame;
}

FramePtr alone(const FramePtr& window) {
  auto frame = std::make_shared<Frame>(*window);
  frame->strip = nullptr;
  return frame;
}

FramePtr ground() {
  WritableFrame picture = WritableFrame::make(kWidth, kHeight);
  for (int plane = 0; plane < 3; ++plane)
    for (int i = 0; i < picture.strides[plane] * (plane == 0 ? kHeight : kHeight / 2); ++i)
      picture.planes[plane][i] = static_cast<std::uint8_t>(16 + (i * 7) % 220);
  return std::move(picture).freeze();
}

void expect_same(const Frame& a, const Frame& b) {
  for (int plane = 0; plane < 3; ++plane)
    for (int y = 0; y < (plane == 0 ? kHeight : kHeight / 2); ++y)
      ASSERT_EQ(std::memcmp(a.planes[plane] + y * a.strides[plane], b.planes[plane] + y * b.strides[plane],
                            static_cast<std::size_t>(plane == 0 ? kWidth : kWidth / 2)),
                0)
          << "plane " << plane << " row " << y;
}

struct Ride {
  show::Layer layer;
  int window = kWidth;
  int step = 3;
  const char* name;
};

class RunningGraphicTest : public testing::TestWithParam<Ride> {};

TEST_P(RunningGraphicTest, LooksAsTheWholeGraphicDoesAtEachStep) {
  const Ride& ride = GetParam();
  const FramePtr on = strip(ride.window + 1500, 40);
  const FramePtr below = ground();
  Compositor runs(kWidth, kHeight);
  for (int left = 0; left + ride.window <= on->width; left += ride.step) {
    const FramePtr seen = window(on, left, ride.window);
    Compositor whole(kWidth, kHeight);  // that has seen nothing before
    const FramePtr wanted = whole.compose(std::vector<LayerPicture>{{below, {}}, {alone(seen), ride.layer, true}});
    const FramePtr got = runs.compose(std::vector<LayerPicture>{{below, {}}, {seen, ride.layer, true}});
    ASSERT_NO_FATAL_FAILURE(expect_same(*wanted, *got)) << "at " << left;
  }
}

INSTANTIATE_TEST_SUITE_P(
    , RunningGraphicTest,
    testing::Values(Ride{{.y = 20}, kWidth, 17, "odd_steps"}, Ride{{.y = 20}, kWidth, 8, "even_steps"},
                    Ride{{.x = 100, .y = -6}, 900, 23, "a_narrow_window_over_the_edge"},
                    Ride{{.x = -250, .y = 50}, kWidth, 31, "off_the_left_and_the_bottom"},
                    Ride{{.y = 20, .opacity = 0.6}, kWidth, 37, "translucent"},
                    Ride{{.y = 20, .blend = show::Blend::screen}, kWidth, 41, "with_a_blend"},
                    Ride{{.y = 20, .crop = {.left = 51, .top = 3, .right = 30, .bottom = 4}}, kWidth, 29, "cropped"},
                    Ride{{.y = 20, .width = 640, .height = 20, .fit = show::Fit::stretch}, kWidth, 97, "scaled"},
                    Ride{{.y = 2, .rotate = 90}, 60, 97, "turned"}),
    [](const auto& ride) { return std::string(ride.param.name); });

TEST(RunningGraphicCostTest, EachPieceIsConvertedOnceForEvenAndOnceForOddBeginnings) {
  const FramePtr on = strip(kWidth + 2560, 40);
  const FramePtr below = ground();
  Compositor compositor(kWidth, kHeight);
  int pictures = 0;
  for (int left = 0; left <= 2560; left += 5, ++pictures)
    (void)compositor.compose(std::vector<LayerPicture>{{below, {}}, {window(on, left, kWidth), {.y = 20}, true}});
  EXPECT_EQ(pictures, 513);
  EXPECT_EQ(compositor.stats().converted, 2 * (kWidth + 2560) / RunningGraphic::kPiece);
}

TEST(RunningGraphicCostTest, AnotherStripIsAnotherGraphic) {
  const FramePtr below = ground();
  Compositor runs(kWidth, kHeight);
  for (unsigned seed = 1; seed <= 2; ++seed) {
    const FramePtr seen = window(strip(kWidth + 100, 40, seed), 10, kWidth);
    Compositor whole(kWidth, kHeight);
    const FramePtr wanted = whole.compose(std::vector<LayerPicture>{{below, {}}, {alone(seen), {.y = 20}, true}});
    const FramePtr got = runs.compose(std::vector<LayerPicture>{{below, {}}, {seen, {.y = 20}, true}});
    expect_same(*wanted, *got);
  }
}

}  // namespace
}  // namespace mainstay
