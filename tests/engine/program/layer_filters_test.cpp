// Filters of layers as the program shows them: in the picture, changed with the plan, and delayed by its own frames.
#include "tests/engine/program/program_support.h"

namespace mainstay {
namespace {

class LayerFiltersTest : public PlanTest {
 protected:
  void SetUp() override {
    begin({25, 1});
    other_ = std::make_shared<FakeSource>(rate_, 60);
  }
  void TearDown() override { program_->stop(); }

  /// The scene "Main" with these filters on its one layer, and "Other", on air or in preview.
  void give(std::vector<show::Filter> filters, bool on_air = true) {
    auto plan = std::make_shared<Program::Plan>();
    show::Scene main;
    main.layers.push_back({.source = "fake", .filters = std::move(filters)});
    show::Scene other;
    other.layers.push_back({.source = "other"});
    plan->scene = on_air ? main : other;
    plan->scene_name = on_air ? "Main" : "Other";
    plan->preview = on_air ? other : main;
    plan->preview_name = on_air ? "Other" : "Main";
    plan->inputs = {{"fake", source_}, {"other", other_}};
    plan->number = ++plans_;
    program_->set_plan(plan);
  }
  void show_luma(int luma) {
    WritableFrame frame = WritableFrame::make(64, 36);
    frame.fill(static_cast<std::uint8_t>(luma), 128, 128);
    source_->frame_ = std::move(frame).freeze();
  }
  int luma() const { return sink_.last->planes[0][18 * sink_.last->strides[0] + 32]; }

  std::shared_ptr<FakeSource> other_;
  std::int64_t plans_ = 0;
};

TEST_F(LayerFiltersTest, ALayerIsSeenFilteredAndAsItIsWithoutThem) {
  give({show::ColorCorrectFilter{.brightness = 0.1}});
  step(1);
  EXPECT_EQ(luma(), 122);
  give({show::ColorCorrectFilter{.brightness = 0.2}});
  step(1);
  EXPECT_EQ(luma(), 144);
  give({show::ColorCorrectFilter{.enabled = false, .brightness = 0.2}});
  step(1);
  EXPECT_EQ(luma(), 100);
  EXPECT_EQ(sink_.last, source_->frame_) << "passed through";
}

TEST_F(LayerFiltersTest, WhatIsKeyedOutShowsWhatLiesBelow) {
  auto plan = std::make_shared<Program::Plan>();
  plan->scene.layers = {{.source = "other"}, {.source = "fake", .filters = {show::LumaKeyFilter{.low = 0.6}}}};
  plan->inputs = {{"fake", source_}, {"other", other_}};
  program_->set_plan(plan);
  step(1);
  EXPECT_EQ(luma(), 60);
}

TEST_F(LayerFiltersTest, ADelayCountsTheProgramsFrames) {
  show_luma(20);
  give({show::DelayFilter{.delay = Millis{120}}});
  step(1);
  for (int n = 1; n < 8; ++n) {
    show_luma(20 + n);
    step(1);
    EXPECT_EQ(luma(), 20 + std::max(0, n - 3));
  }
}

TEST_F(LayerFiltersTest, ADelayInPreviewIsFedUnseenSoThatACutShowsNoStandingPicture) {
  give({show::DelayFilter{.delay = Millis{120}}}, false);
  for (int n = 0; n < 6; ++n) {
    show_luma(20 + n);
    step(1);
    EXPECT_EQ(luma(), 60);
  }
  give({show::DelayFilter{.delay = Millis{120}}}, true);
  show_luma(26);
  step(1);
  EXPECT_EQ(luma(), 23);
}

TEST_F(LayerFiltersTest, ACropIsDoneOnce) {
  auto plan = std::make_shared<Program::Plan>();
  plan->scene.layers = {{.source = "other"},
                        {.source = "fake",
                         .fit = show::Fit::none,
                         .crop = {.left = 32},
                         .filters = {show::ColorCorrectFilter{.brightness = 0.1}}}};
  plan->inputs = {{"fake", source_}, {"other", other_}};
  program_->set_plan(plan);
  step(1);
  const auto at = [&](int x) { return sink_.last->planes[0][18 * sink_.last->strides[0] + x]; };
  EXPECT_EQ(at(10), 122);
  EXPECT_EQ(at(31), 122);
  EXPECT_EQ(at(32), 60);
}

}  // namespace
}  // namespace mainstay
