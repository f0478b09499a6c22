// Scenes in scenes as the program makes them: what is seen, what is heard, and how often it is made.
#include <cmath>

#include "engine/sources/composed_source.h"
#include "tests/engine/program/program_support.h"

namespace mainstay {
namespace {

constexpr int kA = 40;
constexpr int kB = 140;
constexpr int kC = 220;

class NestedTest : public PlanTest {
 protected:
  void SetUp() override {
    begin({30, 1});
    for (const auto& [name, luma] : {std::pair{"a", kA}, {"b", kB}, {"c", kC}})
      sources_[name] = std::make_shared<FakeSource>(rate_, luma, static_cast<float>(luma) / 1000);
  }
  void TearDown() override { program_->stop(); }

  static show::Layer layer(const std::string& source) { return {.source = source}; }
  /// The right half.
  static show::Layer right(const std::string& source) {
    return {.source = source, .x = 32, .y = 0, .width = 32, .height = 36, .fit = show::Fit::stretch};
  }

  void give(std::map<std::string, show::Scene> scenes, const std::string& on_air, const std::string& preview = {},
            ProgramTake take = {}) {
    auto plan = std::make_shared<Program::Plan>();
    plan->scene = scenes[on_air];
    plan->scene_name = on_air;
    if (!take.from.empty()) plan->leaving = scenes[take.from];
    if (!preview.empty()) plan->preview = scenes[preview];
    plan->preview_name = preview;
    for (const auto& [name, source] : sources_) plan->inputs.push_back({name, source, false, rests_.contains(name)});
    for (const auto& [name, scene] : scenes) {
      auto& stands = composed_["in " + name];
      if (!stands) stands = std::make_shared<ComposedSource>(SourceContext{"", still_, log_, rate_, 64, 36, {}, ""});
      auto composed = std::make_shared<ProgramComposed>();
      composed->scene_name = name;
      composed->scene = scene;
      plan->inputs.push_back({.name = "in " + name, .source = stands, .composed = composed});
    }
    plan->mixer.limiter.enabled = false;
    plan->take = std::move(take);
    plan->number = ++plans_;
    program_->set_plan(plan);
  }
  int luma(int x) const { return sink_.last->planes[0][18 * sink_.last->strides[0] + x]; }
  float level() const { return sink_.sound->plane(0).back(); }
  std::int64_t made(const std::string& name) { return composed_.at("in " + name)->status().frames; }

  std::map<std::string, std::shared_ptr<FakeSource>> sources_;
  std::map<std::string, std::shared_ptr<ComposedSource>> composed_;
  std::set<std::string> rests_;
  std::int64_t plans_ = 0;
};

TEST_F(NestedTest, ASceneInASceneIsSeenAndHeard) {
  give({{"inner", {{right("b")}}}, {"outer", {{layer("a"), layer("in inner")}}}}, "outer");
  step(2);
  EXPECT_EQ(luma(10), kA) << "where nothing of the inner scene is, it is transparent";
  EXPECT_EQ(luma(50), kB);
  EXPECT_NEAR(level(), 0.180, 1e-4) << "both are heard";
}

TEST_F(NestedTest, ThreeDeepInTheSameTick) {
  give({{"one", {{right("c")}}}, {"two", {{layer("b"), layer("in one")}}}, {"three", {{layer("in two")}}}}, "three");
  step(1);
  EXPECT_EQ(luma(10), kB);
  EXPECT_EQ(luma(50), kC);
  sources_["c"]->frame_ = sources_["a"]->frame_;
  step(1);
  EXPECT_EQ(luma(50), kA) << "not a frame later";
}

TEST_F(NestedTest, ItIsMadeOnceATickHoweverOftenItIsShown) {
  give({{"inner", {{right("b")}}},
        {"twice", {{layer("in inner"), layer("a"), right("in inner")}}},
        {"next", {{layer("c"), layer("in inner")}}}},
       "twice", "next");
  program_->preview_picture();
  step(4);
  const std::int64_t before = made("inner");
  program_->preview_picture();
  step(3);
  EXPECT_EQ(made("inner") - before, 3);
  const FramePtr preview = program_->preview_picture();
  ASSERT_TRUE(preview);
  EXPECT_EQ(preview->planes[0][18 * preview->strides[0] + 50], kB);
}

TEST_F(NestedTest, OneThatNobodyShowsIsNotMade) {
  give({{"inner", {{right("b")}}}, {"outer", {{layer("a"), {.source = "in inner", .visible = false}}}}}, "outer");
  step(3);
  EXPECT_EQ(made("inner"), 0);
  EXPECT_NEAR(level(), 0.180, 1e-4) << "hidden layers are heard, here as there";
}

TEST_F(NestedTest, WithNothingToShowItShowsNothingAndOnlyTheOuterSceneHasASlate) {
  sources_["b"]->dark_ = true;
  give({{"inner", {{layer("b")}}}, {"outer", {{layer("in inner")}}}, {"beside", {{right("a"), layer("in inner")}}}},
       "outer");
  step(2);
  EXPECT_EQ(luma(10), 40) << "the slate's grey";
  give({{"inner", {{layer("b")}}}, {"outer", {{layer("in inner")}}}, {"beside", {{right("c"), layer("in inner")}}}},
       "beside");
  step(2);
  EXPECT_EQ(luma(10), 16);
  EXPECT_EQ(luma(50), kC);
}

TEST_F(NestedTest, ATransitionFadesWhatIsHeardInsideToo) {
  const std::map<std::string, show::Scene> scenes{
      {"inner", {{layer("b")}}}, {"x", {{layer("a")}}}, {"y", {{layer("in inner")}}}};
  give(scenes, "x", {}, {.number = 1});
  step(2);
  give(scenes, "y", {}, {.number = 2, .how = show::FadeTransition{}, .frames = 1, .from = "x"});
  step(1);
  EXPECT_EQ(luma(30), (kA + kB) / 2);
  EXPECT_NEAR(level(), (0.040 + 0.140) * std::sqrt(0.5), 1e-4) << "by power";
  step(1);
  EXPECT_NEAR(level(), 0.140, 1e-4);
}

TEST_F(NestedTest, APlanWhoseScenesLieInEachOtherEndsAllTheSame) {
  give({{"x", {{right("a"), layer("in y")}}}, {"y", {{layer("in x")}}}}, "x");
  step(3);
  EXPECT_EQ(luma(50), kA);
}

}  // namespace
}  // namespace mainstay
