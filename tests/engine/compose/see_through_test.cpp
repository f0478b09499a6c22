// Pictures with alpha: what they look like on others, against the formulas in double precision.
#include <gtest/gtest.h>

#include "engine/compose/compositor.h"
#include "engine/ffi/yuv/premultiplied.h"
#include "tests/engine/compose/golden_support.h"

namespace mainstay {
namespace {

constexpr int kWidth = 96;
constexpr int kHeight = 64;
constexpr double kBound = 48;  // dB: each of two roundings is half a code

double alpha_at(double u, double v) {
  return std::clamp(1.4 * u - 0.2 + 0.1 * std::sin(9 * v), 0.0, 1.0);
}

golden::Rgb below(double u, double v) {
  return golden::painting(1 - v, u);
}

/// The painting, premultiplied towards black, with alpha_at().
FramePtr film(int width, int height) {
  const FramePtr straight = golden::video(width, height);
  WritableFrame out = WritableFrame::make(width, height, true);
  for (std::size_t p = 0; p < 3; ++p) {
    const int rows = p == 0 ? height : height / 2;
    for (int y = 0; y < rows; ++y)
      std::copy_n(straight->planes[p] + y * straight->strides[p], p == 0 ? width : width / 2,
                  out.planes[p] + y * out.strides[p]);
  }
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x)
      out.alpha[y * out.alpha_stride + x] =
          static_cast<std::uint8_t>(std::lround(255 * alpha_at((x + 0.5) / width, (y + 0.5) / height)));
  ffi::premultiply(out);
  return std::move(out).freeze();
}

/// over·a + under·(1 − a) on codes; chroma by the mean alpha of its four pixels.
golden::Golden over(const golden::Golden& top, const golden::Golden& under, double opacity = 1) {
  golden::Golden out(kWidth, kHeight);
  const auto alpha = [&](int x, int y) { return opacity * alpha_at((x + 0.5) / kWidth, (y + 0.5) / kHeight); };
  for (int plane = 0; plane < 3; ++plane) {
    const int shift = plane == 0 ? 0 : 1;
    for (int y = 0; y < kHeight >> shift; ++y)
      for (int x = 0; x < kWidth >> shift; ++x) {
        double a = 0;
        for (int i = 0; i < 4; ++i) a += (shift ? alpha(2 * x + i % 2, 2 * y + i / 2) : alpha(x, y)) / 4;
        out.at(plane, x, y) = top.at(plane, x, y) * a + under.at(plane, x, y) * (1 - a);
      }
  }
  return out;
}

golden::Golden at_pixels(const golden::Painting& paint) {
  return golden::golden(kWidth, kHeight, [&](int x, int y) { return paint((x + 0.5) / kWidth, (y + 0.5) / kHeight); });
}

golden::Golden black() {
  return at_pixels([](double, double) { return golden::Rgb{}; });
}

LayerPicture layer(FramePtr frame) {
  LayerPicture picture;
  picture.frame = std::move(frame);
  return picture;
}

FramePtr compose(Compositor& compositor, const std::vector<LayerPicture>& layers) {
  return compositor.compose(layers);
}

TEST(SeeThrough, AFilmWithAlphaLiesOnWhatIsBelow) {
  Compositor compositor(kWidth, kHeight);
  const FramePtr found =
      compose(compositor, {layer(golden::video(kWidth, kHeight, below)), layer(film(kWidth, kHeight))});
  EXPECT_GE(golden::psnr(*found, over(at_pixels(golden::painting), at_pixels(below))), kBound);
  EXPECT_EQ(found->alpha, nullptr) << "the program is opaque";
  EXPECT_EQ(compositor.stats().scaled, 1) << "the picture below; of the program's size the film lies as it is";
}

TEST(SeeThrough, AloneItLiesOnBlack) {
  Compositor compositor(kWidth, kHeight);
  EXPECT_GE(
      golden::psnr(*compose(compositor, {layer(film(kWidth, kHeight))}), over(at_pixels(golden::painting), black())),
      kBound);
}

TEST(SeeThrough, OpacityCountsForItsAlphaToo) {
  Compositor compositor(kWidth, kHeight);
  LayerPicture half = layer(film(kWidth, kHeight));
  half.layer.opacity = 0.5;
  const FramePtr found = compose(compositor, {layer(golden::video(kWidth, kHeight, below)), half});
  EXPECT_GE(golden::psnr(*found, over(at_pixels(golden::painting), at_pixels(below), 0.5)), kBound - 2);
}

TEST(SeeThrough, ScaledItKeepsItsRim) {
  Compositor compositor(kWidth, kHeight);
  const FramePtr found =
      compose(compositor, {layer(golden::video(kWidth, kHeight, below)), layer(film(2 * kWidth, 2 * kHeight))});
  EXPECT_GE(golden::psnr(*found, over(at_pixels(golden::painting), at_pixels(below))), 44) << "box of two by two";
}

TEST(SeeThrough, TurnedItTurnsItsAlpha) {
  Compositor compositor(kWidth, kHeight);
  LayerPicture turned = layer(film(kWidth, kHeight));
  turned.layer.rotate = 180;
  const FramePtr a = compose(compositor, {layer(golden::video(kWidth, kHeight, below)), turned});
  const FramePtr b = compose(compositor, {layer(golden::video(kWidth, kHeight, below)), layer(film(kWidth, kHeight))});
  // Where the turned one is transparent, the other is not.
  const auto luma = [](const FramePtr& f, int x, int y) { return f->planes[0][y * f->strides[0] + x]; };
  const FramePtr under = golden::video(kWidth, kHeight, below);
  EXPECT_EQ(luma(a, kWidth - 3, 10), luma(under, kWidth - 3, 10));
  EXPECT_EQ(luma(b, 2, 10), luma(under, 2, 10));
  EXPECT_NE(luma(a, 2, 10), luma(under, 2, 10));
}

TEST(SeeThrough, BlendsTakeItsColoursAsTheyAre) {
  // White, half transparent, multiplied: leaves things as they are. White added: half way to white.
  WritableFrame white = WritableFrame::make(kWidth, kHeight, true);
  white.fill(235, 128, 128);
  std::fill_n(white.alpha, white.alpha_stride * kHeight, std::uint8_t{128});
  ffi::premultiply(white);
  LayerPicture over_it = layer(std::move(white).freeze());
  const FramePtr under = golden::video(kWidth, kHeight, below);
  Compositor compositor(kWidth, kHeight);
  over_it.layer.blend = show::Blend::multiply;
  EXPECT_GE(golden::psnr(*compose(compositor, {layer(under), over_it}), at_pixels(below)), 38);
  over_it.layer.blend = show::Blend::add;
  const auto halfway = at_pixels([](double u, double v) {
    const golden::Rgb c = below(u, v);
    return golden::Rgb{(c.red + 1) / 2, (c.green + 1) / 2, (c.blue + 1) / 2, 1};
  });
  EXPECT_GE(golden::psnr(*compose(compositor, {layer(under), over_it}), halfway), 42);
}

TEST(SeeThrough, FromNothingAScenesPictureIsAsTransparentAsItsLayers) {
  Compositor inner(kWidth, kHeight, Compositor::Ground::nothing);
  Compositor outer(kWidth, kHeight);
  const FramePtr under = golden::video(kWidth, kHeight, below);
  const FramePtr within = compose(inner, {layer(film(kWidth, kHeight))});
  ASSERT_NE(within->alpha, nullptr);
  EXPECT_GE(
      golden::psnr(*compose(outer, {layer(under), layer(within)}), over(at_pixels(golden::painting), at_pixels(below))),
      kBound - 1);

  // A small opaque picture, and a graphic beside it: by way of the inner scene as laid there at once.
  const auto logo = golden::graphic(32, 32, [](double u, double v) { return golden::Rgb{u, v, 0.5, u}; });
  LayerPicture inset = layer(golden::video(40, 30));
  inset.layer.x = 8;
  inset.layer.y = 4;
  inset.layer.width = 40;
  inset.layer.height = 30;
  LayerPicture mark = layer(logo);
  mark.own_size = true;
  mark.layer.x = 50;
  mark.layer.y = 20;
  mark.layer.opacity = 0.7;
  Compositor direct(kWidth, kHeight);
  const FramePtr by_way = compose(outer, {layer(under), layer(compose(inner, {inset, mark}))});
  const FramePtr at_once = compose(direct, {layer(under), inset, mark});
  int worst = 0;
  for (std::size_t p = 0; p < 3; ++p)
    for (int y = 0; y < (p == 0 ? kHeight : kHeight / 2); ++y)
      for (int x = 0; x < (p == 0 ? kWidth : kWidth / 2); ++x)
        worst = std::max(worst, std::abs(by_way->planes[p][y * by_way->strides[p] + x] -
                                         at_once->planes[p][y * at_once->strides[p] + x]));
  EXPECT_LE(worst, 2);
}

TEST(SeeThrough, WhatIsFilledIsOpaqueAndWhatIsEmptyIsClear) {
  Compositor inner(kWidth, kHeight, Compositor::Ground::nothing);
  const FramePtr full = golden::video(kWidth, kHeight);
  EXPECT_EQ(compose(inner, {layer(full)}), full) << "passed through";
  EXPECT_EQ(compose(inner, {layer(full), layer(film(kWidth, kHeight))})->alpha, nullptr);
  const FramePtr nothing = compose(inner, {});
  ASSERT_NE(nothing->alpha, nullptr);
  EXPECT_TRUE(ffi::all_transparent({nothing->alpha, nothing->alpha_stride}, kWidth, kHeight));
  Compositor outer(kWidth, kHeight);
  const FramePtr under = golden::video(kWidth, kHeight, below);
  EXPECT_EQ(golden::psnr(*compose(outer, {layer(under), layer(nothing)}), at_pixels(below)),
            golden::psnr(*under, at_pixels(below)))
      << "untouched";
}

TEST(SeeThrough, StraightCodesComeBack) {
  const FramePtr straight = ffi::unpremultiplied(film(kWidth, kHeight));
  const FramePtr wanted = golden::video(kWidth, kHeight);
  for (int y = 0; y < kHeight; ++y)
    for (int x = kWidth / 2; x < kWidth; ++x)  // where alpha is above a half
      EXPECT_NEAR(straight->planes[0][y * straight->strides[0] + x], wanted->planes[0][y * wanted->strides[0] + x], 1);
}

TEST(SeeThrough, AnotherMatrixIsBroughtToTheProgramsWithItsAlpha) {
  const FramePtr bt601 = golden::video(kWidth, kHeight, golden::painting, ColorMatrix::bt601);
  auto frame = std::make_shared<Frame>(*bt601);
  const std::vector<std::uint8_t> opaque(static_cast<std::size_t>(kWidth) * kHeight, 255);
  frame->alpha = opaque.data();
  frame->alpha_stride = kWidth;
  Compositor compositor(kWidth, kHeight);
  EXPECT_GE(golden::psnr(*compose(compositor, {layer(frame)}), at_pixels(golden::painting)), 44);
}

}  // namespace
}  // namespace mainstay
