// Inputs that rest while nobody sees them: when they are pulled, and where they go on.
#include "engine/sources/composed_source.h"
#include "tests/engine/program/program_support.h"

namespace mainstay {
namespace {

/// Counts what it is asked for; it checks that its frames come one after the other.
class RestingSource final : public Source {
 public:
  explicit RestingSource(Rate rate, int luma) : inner_(rate, luma, 0.1F) {}
  void start() override {}
  bool ready() const override { return ready_; }
  SourceOutput pull(FrameIndex frame, std::stop_token stop) override {
    EXPECT_FALSE(hidden_) << "pulled while hidden";
    pulled_ = frame + 1;
    return inner_.pull(frame, std::move(stop));
  }
  SourceStatus status() const override { return inner_.status(); }
  void hide(bool hidden) override {
    EXPECT_NE(hidden, hidden_) << "told twice";
    hidden_ = hidden;
  }

  std::atomic<bool> ready_ = true;
  std::atomic<bool> hidden_ = false;
  std::atomic<FrameIndex> pulled_ = 0;

 private:
  FakeSource inner_;
};

class HiddenTest : public PlanTest {
 protected:
  void SetUp() override {
    begin({30000, 1001});
    a_ = std::make_shared<FakeSource>(rate_, 40, 0.04F);
    b_ = std::make_shared<RestingSource>(rate_, 140);
  }
  void TearDown() override { program_->stop(); }

  void give(const show::Scene& on_air, const show::Scene& preview = {}, std::optional<std::string> from = {}) {
    auto plan = std::make_shared<Program::Plan>();
    plan->scene = on_air;
    plan->scene_name = "air " + std::to_string(++plans_);
    plan->preview = preview;
    plan->preview_name = "preview";
    plan->inputs = {{"a", a_}, {.name = "b", .source = b_, .rests = true}};
    plan->mixer.limiter.enabled = false;
    plan->number = plans_;
    plan->take.number = plans_;
    if (from) {
      plan->leaving = show::Scene{.layers = {layer(*from)}};
      plan->take.from = "air " + std::to_string(plans_ - 1);
      plan->take.how = show::FadeTransition{};
      plan->take.frames = 4;
    }
    program_->set_plan(plan);
  }
  static show::Layer layer(const std::string& source, bool visible = true) {
    return {.source = source, .visible = visible};
  }
  static show::Scene scene(std::vector<show::Layer> layers) { return {.layers = std::move(layers)}; }
  float level() const { return sink_.sound->plane(0).back(); }

  std::shared_ptr<FakeSource> a_;
  std::shared_ptr<RestingSource> b_;
  std::int64_t plans_ = 0;
};

TEST_F(HiddenTest, OneThatNobodySeesIsNotPulled) {
  give(scene({layer("a")}));
  step(5);
  EXPECT_EQ(b_->pulled_, 0);
  EXPECT_TRUE(b_->hidden_);
}

TEST_F(HiddenTest, InPreviewItRunsAndLeftItStandsStill) {
  give(scene({layer("a")}), scene({layer("b")}));
  step(5);
  EXPECT_EQ(b_->pulled_, 5);
  give(scene({layer("a")}));
  step(3);
  EXPECT_EQ(b_->pulled_, 5);
  EXPECT_TRUE(b_->hidden_);
  give(scene({layer("b")}));
  step(2);
  EXPECT_EQ(b_->pulled_, 7) << "the frame after the last one";
  EXPECT_FALSE(b_->hidden_);
  EXPECT_NEAR(level(), 0.1, 1e-4);
}

TEST_F(HiddenTest, TheSceneThatATransitionTakesOffAirIsSeenToItsEnd) {
  give(scene({layer("b")}));
  step(2);
  give(scene({layer("a")}), {}, "b");
  step(4);
  EXPECT_EQ(b_->pulled_, 6);
  step(4);
  EXPECT_EQ(b_->pulled_, 7) << "the tick that finds the transition over is the last";
}

TEST_F(HiddenTest, AHiddenLayersSourceRestsAndIsSilent) {
  give(scene({layer("a"), layer("b", false)}));
  step(4);
  EXPECT_EQ(b_->pulled_, 0);
  EXPECT_NEAR(level(), 0.04, 1e-4);
}

TEST_F(HiddenTest, WhatLiesInASceneThatIsShownIsSeen) {
  auto plan = std::make_shared<Program::Plan>();
  auto composed = std::make_shared<ProgramComposed>();
  composed->scene_name = "inner";
  composed->scene = scene({layer("b")});
  plan->scene = scene({layer("in inner")});
  const auto stands = std::make_shared<ComposedSource>(SourceContext{"", still_, log_, rate_, 64, 36, {}, ""});
  plan->inputs = {{"a", a_},
                  {.name = "b", .source = b_, .rests = true},
                  {.name = "in inner", .source = stands, .composed = composed}};
  program_->set_plan(plan);
  step(3);
  EXPECT_EQ(b_->pulled_, 3);
}

TEST_F(HiddenTest, OneThatIsNotReadyAgainIsWaitedForAndLosesNothing) {
  give(scene({layer("b")}));
  step(3);
  give(scene({layer("a")}));
  step(1);
  b_->ready_ = false;
  give(scene({layer("b")}));
  step(4);
  EXPECT_EQ(b_->pulled_, 3);
  EXPECT_EQ(sink_.last->planes[0][0], 140) << "its last picture stands meanwhile";
  b_->ready_ = true;
  step(2);
  EXPECT_EQ(b_->pulled_, 5);
}

TEST_F(HiddenTest, TheSoundHasNoGapWhateverTheNumberOfTicksItRested) {
  // At 30000/1001 the ticks' samples go in a pattern of five.
  for (int rest = 1; rest <= 6; ++rest) {
    give(scene({layer("a")}));
    step(rest);
    give(scene({layer("b")}));
    step(7);
    EXPECT_NEAR(level(), 0.1, 1e-4) << rest;
  }
  EXPECT_EQ(sink_.samples, rate_.first_sample(first_ + sink_.frames) - rate_.first_sample(first_));
}

}  // namespace
}  // namespace mainstay
