// Multiviews: where their cells lie, what their frames say, and when they are made.
#include "engine/program/multiview.h"

#include <gmock/gmock.h>

#include "engine/sources/composed_source.h"
#include "tests/engine/program/program_support.h"

namespace mainstay {
namespace {

using show::CellShows;
using testing::ElementsAre;

show::MultiviewCell cell(CellShows shows, std::string name = {}, int span = 1) {
  return {.shows = shows, .name = std::move(name), .label = {}, .span = span};
}

int luma_at(const FramePtr& picture, int x, int y) {
  return picture->planes[0][y * picture->strides[0] + x];
}

TEST(MultiviewPlaces, CellsComeToTheFirstPlaceWhereTheyFit) {
  show::MultiviewSource mv{.rows = 4, .columns = 4, .cells = {}};
  mv.cells = {cell(CellShows::program, {}, 2), cell(CellShows::preview, {}, 2), cell(CellShows::scene, "a"),
              cell(CellShows::scene, "b", 2),  cell(CellShows::scene, "c"),     cell(CellShows::scene, "d")};
  EXPECT_THAT(multiview_places(mv, 160, 80),
              ElementsAre(ffi::Rect{0, 0, 80, 40}, ffi::Rect{80, 0, 80, 40}, ffi::Rect{0, 40, 40, 20},
                          ffi::Rect{40, 40, 80, 40}, ffi::Rect{120, 40, 40, 20}, ffi::Rect{0, 60, 40, 20}));
}

TEST(MultiviewPlaces, WhatFitsNowhereHasNoPlaceAndOddSizesAreFilled) {
  show::MultiviewSource mv{.rows = 1, .columns = 3, .cells = {}};
  mv.cells = {cell(CellShows::program), cell(CellShows::preview), cell(CellShows::scene, "a"),
              cell(CellShows::scene, "b")};
  const auto places = multiview_places(mv, 100, 30);
  EXPECT_EQ(places[3].width, 0);
  EXPECT_EQ(places[0].width + places[1].width + places[2].width, 100);
  for (const ffi::Rect& place : places) EXPECT_EQ((place.x | place.width) % 2, 0);
}

class MultiviewTest : public PlanTest {
 protected:
  void SetUp() override {
    begin({30, 1});
    for (const auto& [name, luma] : {std::pair{"a", 60}, {"b", 140}, {"c", 220}})
      sources_[name] = std::make_shared<FakeSource>(rate_, luma);
    mv_.rows = 2;
    mv_.columns = 2;
    mv_.cells = {cell(CellShows::program), cell(CellShows::preview), cell(CellShows::scene, "third"),
                 cell(CellShows::source, "b")};
  }
  void TearDown() override { program_->stop(); }

  static show::Scene of(const std::string& source) { return {.layers = {show::Layer{.source = source}}}; }
  void give(const std::string& on_air, const show::Scene& scene) {
    auto plan = std::make_shared<Program::Plan>();
    plan->scene = scene;
    plan->scene_name = on_air;
    plan->preview = of("b");
    plan->preview_name = "ready";
    for (const auto& [name, source] : sources_) plan->inputs.push_back({name, source});
    auto composed = std::make_shared<ProgramComposed>();
    composed->multiview = mv_;
    composed->scenes["third"] = of("c");
    plan->inputs.push_back({.name = "mv", .source = stands_, .composed = composed});
    plan->multiview = composed;
    program_->set_plan(plan);
  }
  /// Of the cell of that number, in its middle.
  int luma(const FramePtr& picture, int number) const {
    return luma_at(picture, 16 + number % 2 * 32, 9 + number / 2 * 18);
  }

  std::map<std::string, std::shared_ptr<FakeSource>> sources_;
  std::shared_ptr<ComposedSource> stands_ =
      std::make_shared<ComposedSource>(SourceContext{"", still_, log_, {30, 1}, 64, 36, {}, ""});
  show::MultiviewSource mv_;
};

TEST_F(MultiviewTest, ItShowsProgramPreviewScenesAndSourcesOfThisTick) {
  give("air", of("a"));
  step(1);
  EXPECT_EQ(program_->multiview_picture("mv"), nullptr) << "it is made for whoever asks";
  step(1);
  const FramePtr picture = program_->multiview_picture("mv");
  ASSERT_TRUE(picture);
  EXPECT_NEAR(luma(picture, 0), 60, 1);
  EXPECT_NEAR(luma(picture, 1), 140, 1);
  EXPECT_NEAR(luma(picture, 2), 220, 1);
  EXPECT_NEAR(luma(picture, 3), 140, 1);
  EXPECT_EQ(program_->multiview_picture("nothing"), nullptr);
}

TEST_F(MultiviewTest, TheWindowsOwnHasNoName) {
  give("air", of("a"));
  step(1);
  program_->multiview_picture("");
  step(1);
  ASSERT_TRUE(program_->multiview_picture(""));
}

TEST_F(MultiviewTest, FramesAreRedForProgramAndGreenForPreview) {
  give("air", of("a"));
  step(1);
  program_->multiview_picture("mv");
  step(1);
  const FramePtr picture = program_->multiview_picture("mv");
  ASSERT_TRUE(picture);
  // Two pixels along the edge.
  const auto v = [&](int x, int y) { return picture->planes[2][y / 2 * picture->strides[2] + x / 2]; };
  EXPECT_GT(v(16, 0), 180) << "program: red";
  EXPECT_LT(v(48, 0), 100) << "preview: green";
  EXPECT_NEAR(v(16, 18), 128, 1) << "a scene that is nowhere: grey";
  EXPECT_LT(v(48, 18), 100) << "the source is in preview";
}

TEST_F(MultiviewTest, NobodyLooksAndItIsNotMade) {
  give("air", of("a"));
  step(1);
  program_->multiview_picture("mv");
  step(1);
  const FramePtr last = program_->multiview_picture("mv");
  ASSERT_TRUE(last);
  step(40);
  EXPECT_EQ(program_->multiview_picture("mv"), nullptr) << "a second after the last look";
}

TEST_F(MultiviewTest, ItIsMadeAsSeldomAsIsSet) {
  mv_.every = 4;
  give("air", of("a"));
  step(1);
  program_->multiview_picture("mv");
  FramePtr last;
  int made = 0;
  for (int i = 0; i < 12; ++i) {
    sources_["a"]->frame_ = std::make_shared<Frame>(*sources_["a"]->frame_);  // another picture each time
    step(1);
    const FramePtr now = program_->multiview_picture("mv");
    if (now != last) ++made;
    last = now;
  }
  EXPECT_EQ(made, 3);
}

TEST_F(MultiviewTest, AsALayerOfTheSceneOnAirItShowsTheFrameBefore) {
  show::Scene scene = of("mv");
  give("air", scene);
  step(3);
  EXPECT_NEAR(luma(sink_.last, 3), 140, 1);
  EXPECT_NEAR(luma(sink_.last, 2), 220, 1);
  const FramePtr before = sink_.last;
  step(1);
  EXPECT_NE(sink_.last, before) << "its program cell shows the one before";
}

}  // namespace
}  // namespace mainstay
