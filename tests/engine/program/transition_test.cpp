// Takes as the program carries them out, frame by frame: what is seen, what is heard, what is told.
#include <cmath>

#include "tests/engine/program/program_support.h"

namespace mainstay {
namespace {

constexpr int kA = 40;
constexpr int kB = 140;
constexpr int kC = 220;

class TransitionTest : public PlanTest {
 protected:
  void SetUp() override {
    begin({30, 1});
    for (const auto& [name, luma] : {std::pair{"a", kA}, {"b", kB}, {"c", kC}})
      sources_[name] = std::make_shared<FakeSource>(rate_, luma, static_cast<float>(luma) / 1000);
    give("a", {.number = 1});
    step(1);
    ASSERT_EQ(luma(), kA);
    news_.clear();
  }
  void TearDown() override { program_->stop(); }

  /// Scenes have one source and its name.
  void give(const std::string& scene, ProgramTake take, bool with_leaving = true) {
    auto plan = std::make_shared<Program::Plan>();
    const auto of = [](const std::string& name) { return show::Scene{.layers = {show::Layer{.source = name}}}; };
    plan->scene = of(scene);
    plan->scene_name = scene;
    if (with_leaving && !take.from.empty()) plan->leaving = of(take.from);
    for (const auto& [name, source] : sources_) plan->inputs.push_back({name, source});
    if (!preview_.empty()) {
      plan->preview_name = preview_;
      plan->preview = of(preview_);
    }
    plan->mixer.limiter.enabled = false;  // whose delay is not in question here
    plan->take = std::move(take);
    plan->number = ++plans_;
    plan->black = black_;
    program_->set_plan(plan);
  }
  ProgramTake fade(std::int64_t number, const std::string& from, std::int64_t frames) {
    return {.number = number, .how = show::FadeTransition{}, .frames = frames, .from = from};
  }
  int luma() const { return sink_.last->planes[0][18 * sink_.last->strides[0] + 32]; }
  float first_sample() const { return sink_.sound->data.front(); }
  float last_sample() const { return sink_.sound->plane(0).back(); }
  std::vector<int> lumas(int ticks) {
    std::vector<int> out;
    for (int i = 0; i < ticks; ++i) {
      step(1);
      out.push_back(luma());
    }
    return out;
  }
  std::vector<std::pair<std::string, FrameIndex>> told() const {
    std::vector<std::pair<std::string, FrameIndex>> out;
    for (const ProgramNews& news : news_) {
      if (news.kind == ProgramNews::Kind::transition_started) out.emplace_back("started", news.frame);
      if (news.kind == ProgramNews::Kind::transition_ended) out.emplace_back(news.how, news.frame);
      if (news.kind == ProgramNews::Kind::black) out.emplace_back(news.number ? "black" : "picture", news.frame);
    }
    return out;
  }
  FrameIndex next_frame() const { return first_ + program_->status().rendered; }

  std::map<std::string, std::shared_ptr<FakeSource>> sources_;
  std::string preview_;
  ProgramBlack black_;
  std::int64_t plans_ = 0;
};

using Told = std::vector<std::pair<std::string, FrameIndex>>;

TEST_F(TransitionTest, AFadeMixesExactlyItsFramesAndThenShowsTheNewPictureUntouched) {
  const FrameIndex n = next_frame();
  give("b", fade(2, "a", 3));
  EXPECT_EQ(lumas(5), (std::vector<int>{65, 90, 115, kB, kB}));
  EXPECT_EQ(sink_.last, sources_["b"]->frame_) << "passed through";
  EXPECT_EQ(told(), (Told{{"started", n}, {"completed", n + 3}}));
  EXPECT_FALSE(program_->status().in_transition);
}

TEST_F(TransitionTest, SoundFadesAlongAndReachesTheNewLevelOnTheFrameAfter) {
  give("b", fade(2, "a", 3));
  step(1);
  EXPECT_NEAR(first_sample(), 0.040, 1e-4) << "it begins where it was";
  const double quarter = std::sqrt(0.75) * 0.040 + std::sqrt(0.25) * 0.140;
  EXPECT_NEAR(last_sample(), quarter, 1e-4) << "the powers of both are 1 together";
  step(1);
  EXPECT_NEAR(first_sample(), quarter, 1e-4) << "without a step";
  EXPECT_NEAR(last_sample(), std::sqrt(0.5) * (0.040 + 0.140), 1e-4);
  step(2);
  EXPECT_NEAR(last_sample(), 0.140, 1e-4);
  step(1);
  EXPECT_NEAR(first_sample(), 0.140, 1e-4);
}

TEST_F(TransitionTest, ACutDuringATransitionIsSeenAtOnce) {
  const FrameIndex n = next_frame();
  give("b", fade(2, "a", 9));
  step(4);
  give("c", {.number = 3, .from = "b"});
  EXPECT_EQ(lumas(2), (std::vector<int>{kC, kC}));
  EXPECT_EQ(told(), (Told{{"started", n}, {"cut", n + 4}}));
  EXPECT_NEAR(first_sample(), 0.220, 1e-4);
}

TEST_F(TransitionTest, AnotherTransitionGoesOnFromWhatIsSeen) {
  const FrameIndex n = next_frame();
  give("b", fade(2, "a", 3));
  EXPECT_EQ(lumas(2), (std::vector<int>{65, 90}));
  give("c", fade(3, "b", 1));
  EXPECT_EQ(lumas(2), (std::vector<int>{(90 + kC) / 2, kC}));
  EXPECT_EQ(told(), (Told{{"started", n}, {"interrupted", n + 2}, {"started", n + 2}, {"completed", n + 3}}));
}

TEST_F(TransitionTest, TurnedBackItShowsTheSamePicturesTheOtherWayRound) {
  const FrameIndex n = next_frame();
  give("b", fade(2, "a", 3));
  EXPECT_EQ(lumas(2), (std::vector<int>{65, 90}));
  ProgramTake back = fade(3, "b", 3);
  back.turns_back = 2;
  give("a", back);
  EXPECT_EQ(lumas(3), (std::vector<int>{65, kA, kA}));
  EXPECT_EQ(told(), (Told{{"started", n}, {"reversed", n + 3}}));
  EXPECT_NEAR(last_sample(), 0.040, 1e-4);
}

TEST_F(TransitionTest, TurningBackWhatWasNeverSeenIsNoTransition) {
  give("b", fade(2, "a", 9));
  ProgramTake back = fade(3, "b", 9);
  back.turns_back = 2;
  give("a", back);
  EXPECT_EQ(lumas(2), (std::vector<int>{kA, kA}));
  EXPECT_TRUE(told().empty());
}

TEST_F(TransitionTest, TheBarHoldsItAndBackAtZeroNothingHasHappened) {
  ProgramTake bar = fade(2, "a", 9);
  bar.drive = ProgramTake::Drive::by_hand;
  bar.position = 0.5;
  give("b", bar);
  EXPECT_EQ(lumas(3), (std::vector<int>{90, 90, 90}));
  bar.order = 1;
  bar.position = 0.25;
  give("b", bar);
  EXPECT_EQ(lumas(1), (std::vector<int>{65}));
  EXPECT_DOUBLE_EQ(program_->status().position, 0.25);
  ProgramTake back{.number = 3, .frames = 9, .from = "b", .turns_back = 2, .drive = ProgramTake::Drive::finished};
  give("a", back);
  EXPECT_EQ(lumas(2), (std::vector<int>{kA, kA}));
  EXPECT_EQ(told().back().first, "reversed");
}

TEST_F(TransitionTest, TheBarAtItsEndIsTheEnd) {
  ProgramTake bar = fade(2, "a", 9);
  bar.drive = ProgramTake::Drive::by_hand;
  bar.position = 1;
  give("b", bar);
  EXPECT_EQ(lumas(1), (std::vector<int>{kB}));
  EXPECT_EQ(told().back().first, "completed");
}

TEST_F(TransitionTest, ASceneThatIsRemovedWhileItLeavesEndsTheTransition) {
  const FrameIndex n = next_frame();
  give("b", fade(2, "a", 9));
  step(2);
  sources_.erase("a");
  give("b", fade(2, "a", 9), false);
  EXPECT_EQ(lumas(1), (std::vector<int>{kB}));
  EXPECT_EQ(told(), (Told{{"started", n}, {"cut", n + 2}}));
}

TEST_F(TransitionTest, ChangesOfWhatRunsDoNotDisturbIt) {
  give("b", fade(2, "a", 3));
  EXPECT_EQ(lumas(1), (std::vector<int>{65}));
  give("b", fade(2, "a", 3));  // another edit: another plan, the same take
  give("b", fade(2, "a", 3));
  EXPECT_EQ(lumas(3), (std::vector<int>{90, 115, kB}));
}

TEST_F(TransitionTest, ATakeIsNotLostWhenAnotherPlanComesBeforeTheNextFrame) {
  give("b", fade(2, "a", 3));
  give("b", fade(2, "a", 3));
  EXPECT_EQ(lumas(1), (std::vector<int>{65}));
}

TEST_F(TransitionTest, BlackCoversWhateverIsOnAirAndItsSound) {
  const FrameIndex n = next_frame();
  black_ = {.order = 1, .on = true, .frames = 1};
  give("a", {.number = 1});
  EXPECT_EQ(lumas(2), (std::vector<int>{28, 16}));
  EXPECT_NEAR(last_sample(), 0.0F, 1e-4) << "the level runs down over the frame";
  give("b", {.number = 2, .from = "a"});
  EXPECT_EQ(lumas(1), (std::vector<int>{16})) << "a cut under black stays black";
  EXPECT_EQ(first_sample(), 0.0F);
  black_ = {.order = 2, .on = false, .frames = 0};
  give("b", {.number = 2, .from = "a"});
  EXPECT_EQ(lumas(1), (std::vector<int>{kB}));
  EXPECT_EQ(told(), (Told{{"black", n + 1}, {"picture", n + 3}}));
}

TEST_F(TransitionTest, PreviewIsMadeWhileSomebodyAsks) {
  preview_ = "c";
  give("a", {.number = 1});
  step(1);
  EXPECT_FALSE(program_->preview_picture()) << "nobody had asked";
  step(1);
  ASSERT_TRUE(program_->preview_picture());
  EXPECT_EQ(program_->preview_picture()->planes[0][0], kC);
  EXPECT_EQ(luma(), kA);
  preview_.clear();
  give("a", {.number = 1});
  step(1);
  EXPECT_FALSE(program_->preview_picture());
  preview_ = "c";
  give("a", {.number = 1});
  step(1);
  EXPECT_TRUE(program_->preview_picture());
  step(32);  // a second without a question
  EXPECT_FALSE(program_->preview_picture());
}

}  // namespace
}  // namespace mainstay
