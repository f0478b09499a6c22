// A stinger as the program plays it: the film over the pictures, the cut under it, and its sound.
#include <cmath>

#include "tests/engine/program/program_support.h"

namespace mainstay {
namespace {

constexpr int kA = 40;
constexpr int kB = 140;
constexpr int kFilm = 216;  // straight

class StingerTest : public PlanTest {
 protected:
  void SetUp() override {
    begin({30, 1});
    a_ = std::make_shared<FakeSource>(rate_, kA, 0.04F);
    b_ = std::make_shared<FakeSource>(rate_, kB, 0.14F);
    film_ = std::make_shared<FakeSource>(rate_, kFilm, 0.2F);
    WritableFrame half = WritableFrame::make(64, 36, true);
    half.fill(16 + (kFilm - 16) / 2, 128, 128);
    std::fill_n(half.alpha, half.alpha_stride * half.height, std::uint8_t{128});
    film_->frame_ = std::move(half).freeze();
    give("a", {.number = 1});
    step(1);
    news_.clear();
  }
  void TearDown() override { program_->stop(); }

  void give(const std::string& scene, ProgramTake take) {
    auto plan = std::make_shared<Program::Plan>();
    const auto of = [](const std::string& name) { return show::Scene{.layers = {show::Layer{.source = name}}}; };
    plan->scene = of(scene);
    plan->scene_name = scene;
    if (!take.from.empty()) plan->leaving = of(take.from);
    plan->inputs = {{"a", a_}, {"b", b_}};
    plan->mixer.limiter.enabled = false;
    plan->take = std::move(take);
    plan->number = ++plans_;
    program_->set_plan(plan);
  }
  ProgramTake sting(std::int64_t number, std::int64_t frames, FrameIndex cut, bool audio = true) {
    ProgramTake take{.number = number, .how = show::StingerTransition{.path = "film", .audio = audio}};
    take.frames = frames;
    take.from = "a";
    take.stinger = film_;
    take.cut = cut;
    return take;
  }
  int luma() const { return sink_.last->planes[0][18 * sink_.last->strides[0] + 32]; }
  float level() const { return sink_.sound->plane(0).back(); }
  static int under_film(int luma) { return static_cast<int>(std::lround(kFilm * 128 / 255.0 + luma * 127 / 255.0)); }

  std::shared_ptr<FakeSource> a_, b_, film_;
  std::int64_t plans_ = 0;
};

TEST_F(StingerTest, ItRunsItsFramesOverThePicturesAndCutsUnderThem) {
  const FrameIndex n = first_ + program_->status().rendered;
  give("b", sting(2, 4, 2));
  std::vector<int> seen;
  for (int i = 0; i < 5; ++i) {
    step(1);
    seen.push_back(luma());
  }
  for (int i : {0, 1}) EXPECT_NEAR(seen[static_cast<std::size_t>(i)], under_film(kA), 1) << i;
  for (int i : {2, 3}) EXPECT_NEAR(seen[static_cast<std::size_t>(i)], under_film(kB), 1) << i;
  EXPECT_EQ(seen[4], kB);
  EXPECT_EQ(sink_.last, b_->frame_) << "passed through: the film is gone";
  std::erase_if(news_, [](const ProgramNews& news) { return news.kind == ProgramNews::Kind::plan; });
  ASSERT_EQ(news_.size(), 2U);
  EXPECT_EQ(news_[0].kind, ProgramNews::Kind::transition_started);
  EXPECT_EQ(news_[0].frame, n);
  EXPECT_STREQ(news_[1].how, "completed");
  EXPECT_EQ(news_[1].frame, n + 4);
}

TEST_F(StingerTest, ItsSoundIsHeardAndTheScenesChangeSoftlyAtTheCut) {
  give("b", sting(2, 20, 8));
  step(8);
  EXPECT_NEAR(level(), 0.04 + 0.2, 1e-3) << "not yet";
  step(3);
  EXPECT_NEAR(level() - 0.2, (0.04 + 0.14) * std::sqrt(0.5), 2e-3) << "half-way by power";
  step(9);
  EXPECT_NEAR(level(), 0.14 + 0.2, 1e-3);
  step(2);
  EXPECT_NEAR(level(), 0.14, 1e-3);
}

TEST_F(StingerTest, ItsSoundIsLeftOutWhereTheShowSaysSo) {
  give("b", sting(2, 20, 8, false));
  step(8);
  EXPECT_NEAR(level(), 0.04, 1e-3);
}

TEST_F(StingerTest, WithoutAPictureOfTheFilmTheScenesAreSeen) {
  film_->dark_ = true;
  give("b", sting(2, 4, 2));
  step(1);
  EXPECT_EQ(luma(), kA);
  step(2);
  EXPECT_EQ(luma(), kB);
}

TEST_F(StingerTest, ItRunsByItselfWhereABarWouldLeadIt) {
  give("b", sting(2, 4, 2));
  step(1);
  ProgramTake held = sting(2, 4, 2);
  held.order = 1;
  held.drive = ProgramTake::Drive::by_hand;
  held.position = 0.1;
  give("b", held);
  step(4);
  EXPECT_EQ(luma(), kB);
  EXPECT_FALSE(program_->status().in_transition);
}

TEST_F(StingerTest, ACutShowsTheSceneAtOnce) {
  give("b", sting(2, 10, 5));
  step(2);
  give("a", {.number = 3, .from = "b"});
  step(1);
  EXPECT_EQ(luma(), kA);
  EXPECT_NEAR(level(), 0.04, 1e-3);
}

}  // namespace
}  // namespace mainstay
