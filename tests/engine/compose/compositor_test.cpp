#include "engine/compose/compositor.h"

#include <gtest/gtest.h>

#include <random>

#include "engine/compose/matrix.h"

namespace mainstay {
namespace {

FramePtr flat(int width, int height, int y, int u = 128, int v = 128, ColorMatrix matrix = ColorMatrix::bt709) {
  WritableFrame picture = WritableFrame::make(width, height);
  picture.fill(static_cast<std::uint8_t>(y), static_cast<std::uint8_t>(u), static_cast<std::uint8_t>(v));
  auto frame = std::make_shared<Frame>(*std::move(picture).freeze());
  frame->width = width;
  frame->height = height;
  frame->matrix = matrix;
  return frame;
}

LayerPicture layer(FramePtr frame) {
  LayerPicture picture;
  picture.frame = std::move(frame);
  return picture;
}

int luma(const FramePtr& picture, int x, int y) {
  return picture->planes[0][y * picture->strides[0] + x];
}

FramePtr compose(Compositor& compositor, std::vector<LayerPicture> layers) {
  return compositor.compose(layers);
}

TEST(Compositor, PassesOneFullPictureThroughWithoutACopy) {
  Compositor compositor(64, 36);
  const FramePtr picture = flat(64, 36, 90);
  EXPECT_EQ(compose(compositor, {layer(picture)}), picture);
  EXPECT_EQ(compose(compositor, {layer(flat(64, 36, 20)), layer(picture)}), picture) << "it hides what is below";
  EXPECT_EQ(compositor.stats().passthrough, 2);
  EXPECT_EQ(compositor.stats().allocated, 0);
}

TEST(Compositor, ShowsBlackWhereNothingIs) {
  Compositor compositor(64, 36);
  EXPECT_EQ(luma(compose(compositor, {}), 10, 10), 16);
  LayerPicture hidden = layer(flat(64, 36, 90));
  hidden.layer.visible = false;
  LayerPicture clear = layer(flat(64, 36, 90));
  clear.layer.opacity = 0;
  EXPECT_EQ(luma(compose(compositor, {hidden, clear, layer(nullptr)}), 10, 10), 16);
}

TEST(Compositor, FitsPicturesAsTheLayerSays) {
  Compositor compositor(160, 90);
  const auto with = [&](show::Fit fit, int width, int height) {
    LayerPicture picture = layer(flat(width, height, 200));
    picture.layer.fit = fit;
    return compose(compositor, {picture});
  };
  FramePtr p = with(show::Fit::contain, 90, 90);
  EXPECT_EQ(luma(p, 20, 45), 16);
  EXPECT_EQ(luma(p, 80, 2), 200);
  EXPECT_EQ(luma(p, 36, 45), 200);
  EXPECT_EQ(luma(p, 126, 45), 16);
  p = with(show::Fit::cover, 90, 90);
  EXPECT_EQ(luma(p, 0, 0), 200);
  EXPECT_EQ(luma(p, 159, 89), 200);
  p = with(show::Fit::stretch, 30, 90);
  EXPECT_EQ(luma(p, 0, 0), 200);
  EXPECT_EQ(luma(p, 159, 89), 200);
  p = with(show::Fit::none, 40, 20);
  EXPECT_EQ(luma(p, 39, 19), 200);
  EXPECT_EQ(luma(p, 41, 10), 16);
}

TEST(Compositor, KeepsTheShapeOfPixels) {
  Compositor compositor(160, 90);
  auto anamorphic = std::make_shared<Frame>(*flat(80, 90, 200));
  anamorphic->sar_num = 2;  // 80×90 with pixels twice as wide as high is 16:9
  const FramePtr p = compose(compositor, {layer(anamorphic)});
  EXPECT_EQ(luma(p, 1, 1), 200);
  EXPECT_EQ(luma(p, 158, 88), 200);
}

TEST(Compositor, BlendsByOpacityAndClipsAtTheEdge) {
  Compositor compositor(160, 90);
  LayerPicture logo = layer(flat(40, 20, 216));
  logo.layer = {"logo", 140, -10, 40, 20, show::Fit::stretch, 0.5, true};
  const FramePtr p = compose(compositor, {layer(flat(160, 90, 16)), logo});
  EXPECT_NEAR(luma(p, 150, 5), 116, 1);
  EXPECT_EQ(luma(p, 138, 5), 16);
  EXPECT_EQ(luma(p, 150, 11), 16);
}

TEST(Compositor, ScalesAStillOnceAndRepeatsAnUnchangedSceneForNothing) {
  Compositor compositor(160, 90);
  LayerPicture logo = layer(flat(200, 100, 216));
  logo.layer = {"logo", 100, 10, 40, 20, show::Fit::stretch, 0.5, true};
  for (int n = 0; n < 10; ++n) compose(compositor, {layer(flat(160, 90, 20 + n)), logo});
  EXPECT_EQ(compositor.stats().scaled, 1 + 10) << "the logo once, the moving picture each time";
  const FramePtr still = flat(160, 90, 77);
  const FramePtr once = compose(compositor, {layer(still), logo});
  const auto scaled = compositor.stats().scaled;
  EXPECT_EQ(compose(compositor, {layer(still), logo}), once);
  EXPECT_EQ(compositor.stats().scaled, scaled);
  EXPECT_EQ(compositor.stats().reused, 1);
  logo.layer.x = 20;
  EXPECT_NE(compose(compositor, {layer(still), logo}), once) << "a moved layer is a new picture";
}

TEST(Compositor, UsesTheSameMemoryAgain) {
  Compositor compositor(160, 90);
  for (int n = 0; n < 100; ++n) compose(compositor, {layer(flat(80, 45, 20 + n))});
  EXPECT_LE(compositor.stats().allocated, 3);
}

TEST(Compositor, BringsOtherMatricesToBt709) {
  // Red in BT.601 (R'G'B' 191, 0, 0): 65 100 212 becomes what BT.709 calls it: 51 109 212.
  const FramePtr sd = flat(16, 16, 65, 100, 212, ColorMatrix::bt601);
  WritableFrame hd = WritableFrame::make(16, 16);
  to_bt709(*sd, hd);
  EXPECT_NEAR(hd.planes[0][5], 51, 1);
  EXPECT_NEAR(hd.planes[1][2], 109, 1);
  EXPECT_NEAR(hd.planes[2][2], 212, 1);
  for (int grey : {16, 100, 235}) {
    to_bt709(*flat(16, 16, grey, 128, 128, ColorMatrix::bt2020), hd);
    EXPECT_EQ(hd.planes[0][0], grey);
    EXPECT_EQ(hd.planes[1][0], 128);
  }
  Compositor compositor(16, 16);
  const FramePtr p = compose(compositor, {layer(sd)});
  EXPECT_NE(p, sd) << "a picture of another matrix is not passed through";
  EXPECT_NEAR(luma(p, 5, 5), 51, 1);
}

TEST(Compositor, TakesOddSizesEverywhere) {
  Compositor compositor(160, 90);
  for (const ColorMatrix matrix : {ColorMatrix::bt709, ColorMatrix::bt601}) {
    const FramePtr p = compose(compositor, {layer(flat(321, 181, 150, 128, 128, matrix))});
    EXPECT_EQ(luma(p, 80, 45), 150);
    EXPECT_EQ(luma(p, 159, 45), 150);
  }
}

TEST(Compositor, SurvivesAnyGeometry) {
  Compositor compositor(160, 90);
  std::mt19937 random(11);
  const auto pick = [&](int low, int high) { return std::uniform_int_distribution<int>(low, high)(random); };
  for (int round = 0; round < 2000; ++round) {
    std::vector<LayerPicture> layers;
    for (int i = pick(1, 3); i > 0; --i) {
      auto frame = std::make_shared<Frame>(*flat(pick(1, 200), pick(1, 200), pick(16, 235)));
      frame->sar_num = pick(1, 5);
      frame->sar_den = pick(1, 5);
      LayerPicture picture = layer(frame);
      picture.layer = {"",
                       pick(-300, 300),
                       pick(-300, 300),
                       pick(0, 400),
                       pick(0, 400),
                       static_cast<show::Fit>(pick(0, 3)),
                       pick(0, 4) / 4.0,
                       true};
      layers.push_back(picture);
    }
    const FramePtr p = compositor.compose(layers);
    ASSERT_TRUE(p);
    ASSERT_EQ(p->width, 160);
    ASSERT_EQ(p->height, 90);
  }
}

TEST(PlaceLayer, KeepsPicturesInsideTheirPlaces) {
  show::Layer cover;
  cover.fit = show::Fit::cover;
  const Placement p = place_layer({1440, 1080}, cover, 1920, 1080);
  EXPECT_EQ(p.crop, (ffi::Rect{0, 134, 1440, 810})) << "16:9 out of the middle of 4:3, on even rows";
  EXPECT_EQ(p.width, 1920);
  EXPECT_EQ(p.height, 1080);
  show::Layer away;
  away.x = 5000;
  EXPECT_TRUE(place_layer({100, 100}, away, 1920, 1080).empty());
}

}  // namespace
}  // namespace mainstay
