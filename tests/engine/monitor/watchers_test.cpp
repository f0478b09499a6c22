#include "engine/monitor/watchers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <latch>
#include <map>
#include <random>

#include "engine/sources/media_control.h"

namespace mainstay {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr double kPi = 3.14159265358979323846;

/// Stands in for a source whose status is looked at.
class Told final : public Source, public MediaControl {
 public:
  void start() override {}
  bool ready() const override { return true; }
  SourceOutput pull(FrameIndex, std::stop_token) override { return {}; }
  SourceStatus status() const override { return {.state = SourceState::live, .av_offset = offset}; }
  void pause(bool paused) override { held = paused; }
  void seek(Nanos) override {}
  Status previous() override { return {}; }
  std::optional<MediaPlace> place() const override { return MediaPlace{.paused = held}; }
  std::optional<Nanos> offset;
  bool held = false;
};

FramePtr flat(int luma) {
  WritableFrame frame = WritableFrame::make(160, 90);
  frame.fill(static_cast<std::uint8_t>(luma), 128, 128);
  return std::move(frame).freeze();
}

/// The upper part of it in one brightness, what is below in another.
FramePtr split(int above, int below, double share) {
  WritableFrame frame = WritableFrame::make(160, 90);
  frame.fill(static_cast<std::uint8_t>(above), 128, 128);
  const int from = static_cast<int>(std::lround(90 * share));
  for (int y = from; y < 90; ++y) std::fill_n(frame.planes[0] + y * frame.strides[0], 160, std::uint8_t(below));
  return std::move(frame).freeze();
}

/// Film grain over grey: sixteen pictures in turn. Mean difference of two about `swing`·2/3.
FramePtr grain(int luma, int swing, std::int64_t number) {
  static std::map<std::array<int, 3>, FramePtr> known;
  const int seed = static_cast<int>(number % 16);
  FramePtr& picture = known[{luma, swing, seed}];
  if (picture) return picture;
  WritableFrame frame = WritableFrame::make(160, 90);
  frame.fill(static_cast<std::uint8_t>(luma), 128, 128);
  std::minstd_rand random(static_cast<unsigned>(seed) + 1);
  for (int y = 0; y < 90; ++y) {
    for (int x = 0; x < 160; ++x) {
      frame.planes[0][y * frame.strides[0] + x] = static_cast<std::uint8_t>(
          luma + static_cast<int>(random() % (2u * static_cast<unsigned>(swing) + 1)) - swing);
    }
  }
  return picture = std::move(frame).freeze();
}

/// The same picture in memory of its own.
FramePtr copy_of(const FramePtr& picture) {
  WritableFrame frame = WritableFrame::make(picture->width, picture->height);
  frame.fill(0, 128, 128);
  for (int y = 0; y < picture->height; ++y)
    std::copy_n(picture->planes[0] + y * picture->strides[0], picture->width, frame.planes[0] + y * frame.strides[0]);
  return std::move(frame).freeze();
}

AudioBlockPtr tone(double db) {
  static std::map<double, AudioBlockPtr> known;
  AudioBlockPtr& made = known[db];
  if (made) return made;
  constexpr int samples = 1600;
  auto block = std::make_shared<AudioBlock>(2, samples);
  for (int i = 0; i < samples; ++i) {
    const double v = std::pow(10, db / 20) * std::sin(2 * kPi * 1000 * i / 48000);
    block->plane(0)[i] = block->plane(1)[i] = static_cast<float>(v);
  }
  return made = block;
}

/// A sine that was turned up too far and cut at full scale.
AudioBlockPtr clipped() {
  AudioBlock block = *tone(6);
  for (float& v : block.data) v = std::clamp(v, -1.0F, 1.0F);
  return std::make_shared<AudioBlock>(std::move(block));
}

class WatchersTest : public testing::Test {
 protected:
  WatchersTest() {
    for (show::WatchSet* set : {&settings.program, &settings.sources["clip"]}) {
      set->freeze.after = Millis(2000);
      set->black.after = Millis(1000);
      set->silence.after = Millis(3000);
    }
    settings.clear = Millis(500);
    auto with = std::make_shared<ProgramPlan>();
    with->inputs.push_back({"clip", told, false});
    plan = with;
  }

  /// One tick; pictures and sound are the program's and the source's.
  void tick(const FramePtr& picture, const AudioBlockPtr& sound, bool on_air = true) {
    if (!watchers) {
      watchers.emplace(clock, Rate{30, 1}, FrameIndex{300}, settings, [this](const WatchNews& news) {
        told_news.push_back(fmt::format("{} {} {} at {:.1f}", news.watch.subject, to_string(news.watch.kind),
                                        news.raised ? "raised" : "cleared", seconds(news.at)));
      });
    }
    ProgramTick tick{300 + n++, of_program ? picture : grain(120, 20, n), of_program ? sound : tone(-20), plan, {}};
    tick.inputs.push_back({{.video = picture, .audio = sound}, true, on_air});
    watchers->on_tick(std::move(tick));
  }
  void moving(int ticks, const AudioBlockPtr& sound = tone(-20)) {
    for (int i = 0; i < ticks; ++i) tick(grain(120, 20, n), sound);
  }

  ManualClock clock{ManualClock::Drive::program};
  WatchSettings settings;
  std::shared_ptr<Told> told = std::make_shared<Told>();
  std::shared_ptr<const ProgramPlan> plan;
  bool of_program = false;  ///< the program shows and gives what the source does
  std::optional<Watchers> watchers;
  FrameIndex n = 0;
  std::vector<std::string> told_news;
};

TEST_F(WatchersTest, WhatMovesAndSoundsIsNotToldOf) {
  moving(30 * 20);
  EXPECT_THAT(told_news, IsEmpty());
  EXPECT_THAT(watchers->raised(), IsEmpty());
}

TEST_F(WatchersTest, APictureThatStandsStillIsFrozenUntilItMovesAgain) {
  moving(30);
  for (int i = 0; i < 90; ++i) tick(copy_of(grain(120, 20, 5)), tone(-20));
  ASSERT_EQ(watchers->raised().size(), 1u);
  EXPECT_EQ(watchers->raised()[0].subject, "clip");
  EXPECT_NEAR(seconds(watchers->raised()[0].since), 1.0, 0.101);
  moving(30);
  EXPECT_THAT(told_news, ElementsAre("clip freeze raised at 3.0", "clip freeze cleared at 4.5"));
  EXPECT_THAT(watchers->raised(), IsEmpty());
}

TEST_F(WatchersTest, APictureThatIsGivenOutAgainAndAgainIsFrozen) {
  const FramePtr last = grain(120, 20, 5);
  for (int i = 0; i < 90; ++i) tick(last, tone(-20));
  EXPECT_THAT(told_news, ElementsAre("clip freeze raised at 2.0"));
}

TEST_F(WatchersTest, NoiseOfACameraInFrontOfAStillIsFrozenOnlyWhenTheShowSaysSo) {
  for (int i = 0; i < 90; ++i) tick(grain(120, 2, i), tone(-20));  // about 1.2 codes
  EXPECT_THAT(told_news, IsEmpty());
  settings.sources["clip"].freeze.noise_db = -40;  // 2.2 codes
  watchers->use(settings);
  for (int i = 0; i < 90; ++i) tick(grain(120, 2, i), tone(-20));
  EXPECT_THAT(told_news, ElementsAre("clip freeze raised at 4.9"));
}

TEST_F(WatchersTest, ASlowFadeIsNoFreeze) {
  for (int i = 0; i < 600; ++i) tick(flat(60 + i / 15), tone(-20));  // one code in half a second
  EXPECT_THAT(told_news, IsEmpty());
}

TEST_F(WatchersTest, BlackIsToldAndDarkGreyIsNot) {
  settings.sources["clip"].freeze.enabled = false;
  for (int i = 0; i < 60; ++i) tick(flat(45), tone(-20));  // 13 % of full scale
  for (int i = 0; i < 60; ++i) tick(split(16, 200, 0.9), tone(-20));
  EXPECT_THAT(told_news, IsEmpty());
  for (int i = 0; i < 45; ++i) tick(split(17, 200, 0.985), tone(-20));
  EXPECT_THAT(told_news, ElementsAre("clip black raised at 5.0"));
  EXPECT_GE(watchers->raised().at(0).value, 0.98);
}

TEST_F(WatchersTest, ABlackPictureInFullRangeIsBlackToo) {
  auto frame = std::make_shared<Frame>(*flat(2));
  frame->range = ColorRange::full;
  for (int i = 0; i < 45; ++i) tick(std::make_shared<Frame>(*frame), tone(-20));
  EXPECT_THAT(told_news, ElementsAre("clip black raised at 1.0"));
}

TEST_F(WatchersTest, SoundAtMinusSeventyIsSilenceAndAtMinusFiftyIsNot) {
  moving(150, tone(-50));
  EXPECT_THAT(told_news, IsEmpty());
  moving(150, tone(-70));
  ASSERT_THAT(told_news, ElementsAre("clip silence raised at 8.0"));
  EXPECT_NEAR(watchers->raised().at(0).value, -70, 0.1);
  moving(30, nullptr);  // none at all
  moving(30, tone(-50));
  EXPECT_THAT(told_news, ElementsAre("clip silence raised at 8.0", "clip silence cleared at 11.5"));
}

TEST_F(WatchersTest, SamplesAtFullScaleAreToldAtOnceAndForAsLongAsTheyCome) {
  moving(30, tone(-0.2));
  EXPECT_THAT(told_news, IsEmpty());
  moving(2, clipped());
  EXPECT_THAT(told_news, ElementsAre("clip clipping raised at 1.0"));
  moving(90, tone(-0.2));
  EXPECT_THAT(told_news, ElementsAre("clip clipping raised at 1.0", "clip clipping cleared at 2.5"));
}

TEST_F(WatchersTest, ShortLapsesAreNotToldAndWhatFlickersStaysRaised) {
  for (int i = 0; i < 20; ++i) {
    moving(60, tone(-70));
    moving(1, tone(-20));
  }
  EXPECT_THAT(told_news, IsEmpty());
  moving(100, tone(-70));
  EXPECT_EQ(told_news.size(), 1u);
  for (int i = 0; i < 20; ++i) {
    moving(14, tone(-20));
    moving(1, tone(-70));
  }
  EXPECT_EQ(told_news.size(), 1u);
}

TEST_F(WatchersTest, SoundFarFromItsPictureIsTold) {
  told->offset = Millis(-90);
  moving(60);
  EXPECT_THAT(told_news, IsEmpty());
  told->offset = Millis(-120);
  moving(60);
  ASSERT_THAT(told_news, ElementsAre("clip av_sync raised at 3.0"));
  EXPECT_NEAR(watchers->raised().at(0).value, -120, 0.01);
  told->offset = Millis(10);
  moving(60);
  EXPECT_EQ(told_news.back(), "clip av_sync cleared at 4.5");
}

/// Its layer holds its picture back by so much, its strip its sound.
std::shared_ptr<const ProgramPlan> delayed(const ProgramPlan& plan, int picture_ms, double sound_ms) {
  auto with = std::make_shared<ProgramPlan>(plan);
  show::Layer layer{.source = "clip"};
  if (picture_ms > 0) layer.filters.push_back(show::DelayFilter{.delay = Millis(picture_ms)});
  with->scene.layers = {layer};
  with->mixer.strips["clip"].delay_ms = sound_ms;
  return with;
}

TEST_F(WatchersTest, APictureThatItsLayerHoldsBackIsApartFromItsSoundUntilTheStripHoldsThatBackToo) {
  plan = delayed(*plan, 200, 0);
  moving(60);
  ASSERT_THAT(told_news, ElementsAre("clip av_sync raised at 1.0"));
  const RaisedWatch raised = watchers->raised().at(0);
  EXPECT_NEAR(raised.value, 200, 0.01);
  EXPECT_NEAR(raised.set_ms, 200, 0.01);
  EXPECT_THAT(describe({raised, true, {}}), testing::HasSubstr("filters delay the picture by 200 ms more"));
  plan = delayed(*plan, 200, 200);
  moving(60);
  EXPECT_EQ(told_news.back(), "clip av_sync cleared at 2.5");
}

TEST_F(WatchersTest, APlanThatWasLookedAtIsNotHeld) {
  moving(10);
  const std::weak_ptr<const ProgramPlan> looked_at = plan;
  plan = nullptr;
  EXPECT_TRUE(looked_at.expired()) << "it holds sources, which could not end";
}

TEST_F(WatchersTest, ASendersOffsetThatTheStripPutsRightIsNone) {
  told->offset = Millis(300);
  plan = delayed(*plan, 0, 300);
  moving(90);
  EXPECT_THAT(told_news, IsEmpty());
  plan = delayed(*plan, 0, 0);
  moving(60);
  EXPECT_THAT(told_news, ElementsAre("clip av_sync raised at 4.0"));
}

TEST_F(WatchersTest, AStripsDelayAloneAndASilentPictureAreNotApart) {
  plan = delayed(*plan, 0, 300);
  moving(60);
  plan = delayed(*plan, 300, 0);
  settings.sources["clip"].silence.enabled = false;
  watchers->use(settings);
  moving(60, nullptr);
  auto muted = std::make_shared<ProgramPlan>(*delayed(*plan, 300, 0));
  muted->mixer.strips["clip"].mute = true;
  plan = muted;
  moving(60);
  EXPECT_THAT(told_news, IsEmpty());
}

TEST_F(WatchersTest, TheProgramIsWatchedUnlessItIsFadedToBlackOnPurpose) {
  of_program = true;
  settings.sources.clear();
  auto black = std::make_shared<ProgramPlan>(*plan);
  black->black.on = true;
  const auto lit = std::exchange(plan, black);
  for (int i = 0; i < 150; ++i) tick(flat(16), nullptr);
  EXPECT_THAT(told_news, IsEmpty());
  plan = lit;
  for (int i = 0; i < 60; ++i) tick(flat(16), tone(-70));
  EXPECT_THAT(told_news, ElementsAre("program black raised at 6.0", "program freeze raised at 6.9"));
}

TEST_F(WatchersTest, AMediumThatIsHeldStandsStillAndIsSilentOnPurpose) {
  told->pause(true);
  for (int i = 0; i < 150; ++i) tick(grain(120, 20, 5), nullptr);
  EXPECT_THAT(told_news, IsEmpty());
  told->pause(false);
  for (int i = 0; i < 62; ++i) tick(grain(120, 20, 5), tone(-20));
  EXPECT_THAT(told_news, ElementsAre("clip freeze raised at 6.9"));
}

TEST_F(WatchersTest, SourcesThatAreNotOnAirAreLookedAtOnlyWhenTheShowSaysSo) {
  const FramePtr last = grain(120, 20, 5);
  for (int i = 0; i < 90; ++i) tick(last, nullptr, false);
  EXPECT_THAT(told_news, IsEmpty());
  settings.scope = show::WatchScope::all;
  watchers->use(settings);
  for (int i = 0; i < 75; ++i) tick(last, tone(-20), false);
  EXPECT_THAT(told_news, ElementsAre("clip freeze raised at 5.0"));
  settings.scope = show::WatchScope::on_air;
  watchers->use(settings);
  tick(last, tone(-20), false);
  EXPECT_THAT(told_news, ElementsAre("clip freeze raised at 5.0", "clip freeze cleared at 5.5"));
}

TEST_F(WatchersTest, WhatLeavesTheShowIsWrongNoMore) {
  const FramePtr last = grain(120, 20, 5);
  for (int i = 0; i < 75; ++i) tick(last, tone(-20));
  ASSERT_EQ(watchers->raised().size(), 1u);
  settings.sources.clear();
  watchers->use(settings);
  for (int i = 0; i < 4; ++i) tick(last, tone(-20));
  EXPECT_THAT(watchers->raised(), IsEmpty());
  EXPECT_EQ(told_news.size(), 2u);
}

TEST_F(WatchersTest, WatchersThatHangDoNotHoldUpTheProgram) {
  SteadyClock steady;
  std::latch reached{1};
  std::latch go_on{1};
  settings.sources["clip"].silence.after = Millis(0);
  Watchers slow(steady, Rate{30, 1}, 0, settings, [&](const WatchNews& news) {
    if (!news.raised) return;
    reached.count_down();
    go_on.wait();
  });
  const auto push = [&](FrameIndex at) {
    ProgramTick tick{at, flat(100), tone(-20), plan, {}};
    tick.inputs.push_back({{.video = flat(100), .audio = nullptr}, true, true});
    slow.on_tick(std::move(tick));
  };
  push(0);
  reached.wait();
  for (FrameIndex at = 1; at < 100; ++at) push(at);  // comes back although nobody takes them
  EXPECT_EQ(slow.dropped(), 95);
  go_on.count_down();
}

TEST(WatchSettingsTest, SourcesAreWatchedForWhatTheirKindCanFailIn) {
  show::Show show;
  show.sources["clip"] = show::FileSource{.path = "clip.mp4"};
  show.sources["logo"] = show::ImageSource{.path = "logo.png"};
  show.sources["still"] = show::ColorSource{};
  show.watchers.sources.black.enabled = false;
  show.watchers.by_source["still"] = show::WatchSet{};
  const WatchSettings settings = watch_settings(show);
  EXPECT_TRUE(settings.sources.at("clip").freeze.enabled);
  EXPECT_TRUE(settings.sources.at("clip").silence.enabled);
  EXPECT_FALSE(settings.sources.at("clip").black.enabled);
  EXPECT_FALSE(settings.sources.at("logo").freeze.enabled);
  EXPECT_FALSE(settings.sources.at("logo").silence.enabled);
  EXPECT_TRUE(settings.sources.at("still").freeze.enabled);
  EXPECT_TRUE(settings.sources.at("still").black.enabled);
}

}  // namespace
}  // namespace mainstay
