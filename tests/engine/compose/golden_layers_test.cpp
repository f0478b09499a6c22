// Golden pictures of layers: every fit, crop, rotation, opacity and blend. Bounds in dB of the worst plane.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <optional>
#include <tuple>

#include "engine/compose/compositor.h"
#include "tests/engine/compose/golden_support.h"

namespace mainstay {
namespace {

using golden::Golden;
using golden::Rgb;

constexpr int kWidth = 320;
constexpr int kHeight = 180;
constexpr double kSame = 45;     // nothing is resampled: only rounding
constexpr double kScaled = 40;   // resampled; sizes here are such that nothing is rounded to even pixels
constexpr double kBlended = 39;  // through R'G'B' and back, where sums clip

Rgb ground(double u, double v) {
  return {0.25 + 0.3 * v, 0.5 - 0.3 * u, 0.3 + 0.2 * u};
}

/// Where a point of the program comes from in the picture, from 0 to 1; none: not of this layer. An independent account
/// of what docs/show.md says of a layer.
struct Reference {
  double width;  // of the source, in pixels
  double height;
  show::Layer layer;

  std::optional<std::pair<double, double>> source_at(double x, double y) const {
    const double left = layer.crop.left;
    const double top = layer.crop.top;
    const double w = width - left - layer.crop.right;
    const double h = height - top - layer.crop.bottom;
    const bool sideways = layer.rotate % 180 != 0;
    const double tw = sideways ? h : w;
    const double th = sideways ? w : h;
    const double bw = layer.width > 0 ? layer.width : kWidth;
    const double bh = layer.height > 0 ? layer.height : kHeight;
    if (x < layer.x || y < layer.y || x >= layer.x + bw || y >= layer.y + bh) return std::nullopt;
    double sx = 1;
    double sy = 1;
    double ox = layer.x;
    double oy = layer.y;
    const show::Fit fit = layer.fit.value_or(show::Fit::contain);
    if (fit == show::Fit::stretch) {
      sx = bw / tw;
      sy = bh / th;
    } else if (fit != show::Fit::none) {
      sx = sy = fit == show::Fit::cover ? std::max(bw / tw, bh / th) : std::min(bw / tw, bh / th);
      ox += (bw - tw * sx) / 2;
      oy += (bh - th * sy) / 2;
    }
    const double tx = (x - ox) / sx;
    const double ty = (y - oy) / sy;
    if (tx < 0 || ty < 0 || tx >= tw || ty >= th) return std::nullopt;
    double px = tx;
    double py = ty;
    if (layer.rotate == 90) std::tie(px, py) = std::pair(ty, h - tx);
    if (layer.rotate == 180) std::tie(px, py) = std::pair(w - tx, h - ty);
    if (layer.rotate == 270) std::tie(px, py) = std::pair(w - ty, tx);
    return std::pair((left + px) / width, (top + py) / height);
  }
};

double mixed(show::Blend blend, double below, double over) {
  switch (blend) {
    case show::Blend::add:
      return std::min(1.0, below + over);
    case show::Blend::multiply:
      return below * over;
    case show::Blend::screen:
      return 1 - (1 - below) * (1 - over);
    default:
      return over;
  }
}

/// The painting laid on the ground, which fills the program.
Golden reference(const Reference& picture, const golden::Painting& paint) {
  return golden::golden(kWidth, kHeight, [&](int x, int y) {
    const Rgb below = ground((x + 0.5) / kWidth, (y + 0.5) / kHeight);
    const auto at = picture.source_at(x + 0.5, y + 0.5);
    if (!at) return below;
    const Rgb over = paint(at->first, at->second);
    const double alpha = over.alpha * picture.layer.opacity;
    const auto part = [&](double b, double o) { return b + alpha * (mixed(picture.layer.blend, b, o) - b); };
    return Rgb{part(below.red, over.red), part(below.green, over.green), part(below.blue, over.blue)};
  });
}

double layer_psnr(const FramePtr& frame, const show::Layer& layer, const golden::Painting& paint,
                  bool own_size = false) {
  Compositor compositor(kWidth, kHeight);
  const std::vector<LayerPicture> layers{{golden::video(kWidth, kHeight, ground), {}}, {frame, layer, own_size}};
  const FramePtr found = compositor.compose(layers);
  show::Layer placed = layer;
  if (own_size && !layer.fit && layer.width == 0 && layer.height == 0) placed.fit = show::Fit::none;
  return golden::psnr(*found, reference({double(frame->width), double(frame->height), placed}, paint));
}

Rgb soft(double u, double v) {
  Rgb c = golden::painting(u, v);
  c.alpha = std::clamp(0.1 + 0.9 * u, 0.0, 1.0);
  return c;
}

class GoldenFit : public ::testing::TestWithParam<std::tuple<show::Fit, int>> {};

TEST_P(GoldenFit, OfPicturesWiderAndTallerThanTheirBox) {
  const auto [fit, rotate] = GetParam();
  for (const auto& [width, height] : {std::pair{240, 120}, {80, 160}, {160, 80}}) {
    show::Layer layer{.x = 40, .y = 20, .width = 160, .height = 120, .fit = fit, .rotate = rotate};
    EXPECT_GE(layer_psnr(golden::video(width, height), layer, golden::painting), kScaled) << width << "×" << height;
    EXPECT_GE(layer_psnr(golden::graphic(width, height, soft), layer, soft), kScaled)
        << "graphic " << width << "×" << height;
  }
}

INSTANTIATE_TEST_SUITE_P(All, GoldenFit,
                         ::testing::Combine(::testing::Values(show::Fit::contain, show::Fit::cover, show::Fit::stretch,
                                                              show::Fit::none),
                                            ::testing::Values(0, 90, 180, 270)));

TEST(GoldenCrop, ShowsWhatIsLeftOfThePicture) {
  for (const int rotate : {0, 90, 180, 270}) {
    show::Layer layer{.x = 20, .y = 10, .width = 200, .height = 120, .rotate = rotate};
    layer.crop = {.left = 32, .top = 16, .right = 8, .bottom = 44};
    EXPECT_GE(layer_psnr(golden::video(240, 160), layer, golden::painting), kScaled) << rotate;
    EXPECT_GE(layer_psnr(golden::graphic(240, 160, soft), layer, soft), kScaled) << rotate;
  }
}

TEST(GoldenCrop, CostsNoResampling) {
  show::Layer layer{.x = 20, .y = 10, .fit = show::Fit::none};
  layer.crop = {.left = 32, .top = 16, .right = 8, .bottom = 40};
  EXPECT_GE(layer_psnr(golden::video(240, 160), layer, golden::painting), kSame);
}

TEST(GoldenSize, AStillPictureIsShownInItsOwn) {
  show::Layer layer{.x = 200, .y = 60, .opacity = 0.8};
  EXPECT_GE(layer_psnr(golden::graphic(96, 64, soft), layer, soft, true), kSame);
  EXPECT_GE(layer_psnr(golden::video(96, 64), layer, golden::painting, true), kSame) << "one without alpha as well";
  layer.x = 280;
  EXPECT_GE(layer_psnr(golden::graphic(96, 64, soft), layer, soft, true), kSame) << "cut at the edge, not scaled";
  const show::Layer wide{.x = 20, .y = 20, .width = 48};
  const Placement half = place_layer({96, 64, 1, 1, true}, wide, kWidth, kHeight);
  EXPECT_EQ(std::pair(half.width, half.height), std::pair(48, 32)) << "the other side follows";
  const Placement large = place_layer({640, 480, 1, 1, true}, {}, kWidth, kHeight);
  EXPECT_EQ(std::pair(large.width, large.height), std::pair(240, 180)) << "contained when it is too large";
}

TEST(GoldenOpacity, OfVideoAndGraphics) {
  for (const double opacity : {0.25, 0.5, 0.75}) {
    const show::Layer layer{.x = 40, .y = 20, .fit = show::Fit::none, .opacity = opacity};
    EXPECT_GE(layer_psnr(golden::video(160, 120), layer, golden::painting), kSame) << opacity;
    EXPECT_GE(layer_psnr(golden::graphic(160, 120, soft), layer, soft), kSame) << opacity;
  }
}

TEST(GoldenBlend, EveryModeOfVideoAndGraphics) {
  for (const show::Blend blend : {show::Blend::add, show::Blend::multiply, show::Blend::screen}) {
    for (const double opacity : {1.0, 0.5}) {
      const show::Layer layer{.x = 40, .y = 20, .fit = show::Fit::none, .opacity = opacity, .blend = blend};
      EXPECT_GE(layer_psnr(golden::video(160, 120), layer, golden::painting), kBlended) << int(blend) << ' ' << opacity;
      EXPECT_GE(layer_psnr(golden::graphic(160, 120, soft), layer, soft), kBlended) << int(blend) << ' ' << opacity;
    }
  }
}

TEST(GoldenBlend, LeavesWhatItDoesNotCoverAsItIs) {
  Compositor compositor(kWidth, kHeight);
  const FramePtr below = golden::video(kWidth, kHeight, golden::painting);
  const FramePtr clear = golden::graphic(160, 120, [](double u, double) { return Rgb{1, 1, 1, u < 0.5 ? 0.0 : 0.6}; });
  const std::vector<LayerPicture> layers{
      {below, {}}, {clear, {.x = 40, .y = 20, .fit = show::Fit::none, .blend = show::Blend::add}}};
  const FramePtr found = compositor.compose(layers);
  for (int plane = 0; plane < 3; ++plane)
    for (int y = 0; y < (plane == 0 ? kHeight : kHeight / 2); ++y)
      EXPECT_EQ(std::memcmp(found->planes[plane] + y * found->strides[plane],
                            below->planes[plane] + y * below->strides[plane], plane == 0 ? 120 : 60),
                0);
}

}  // namespace
}  // namespace mainstay
