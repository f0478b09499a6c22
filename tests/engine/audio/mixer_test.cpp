// Golden buffers of the mixer: what comes out is stated to the sample. Where nothing else is said, exactly; where
// factors are multiplied in another order than here, within 1e-6 (an ulp or two of full scale).
#include "engine/audio/mixer.h"

#include <gtest/gtest.h>

#include <random>

#include "tests/engine/audio/audio_support.h"

namespace mainstay {
namespace {

using namespace audio_test;
using show::AudioBus;

constexpr float kExact = 1e-6F;

TEST(Mixer, OneStripAtUnityIsPassedOnWithoutACopy) {
  Desk desk({{"clip", tone(1000, -20)}, {"other", tone(300, -20)}});
  desk.levels["other"].value = 0;
  desk.run(3);
  EXPECT_EQ(desk.sound[0], desk.last["clip"]) << "the block itself";
  EXPECT_EQ(desk.mixer.passed(), 3);
}

TEST(Mixer, StripsAtUnityAreAddedExactly) {
  Desk desk({{"a", tone(1000, -20)}, {"b", tone(300, -20)}});
  desk.run(2);
  for (std::size_t n = 0; n < desk.program().left.size(); ++n) {
    const auto at = static_cast<std::int64_t>(n);
    ASSERT_EQ(desk.program().left[n], tone(1000, -20)(at)[0] + tone(300, -20)(at)[0]) << n;
  }
}

TEST(Mixer, AFaderMovesInAStraightLineForEightMilliseconds) {
  Desk desk({{"dc", level(1, 1)}});
  desk.run(10);
  desk.strip("dc").gain_db = -20 * std::log10(2);  // half
  desk.run(1);
  const std::size_t start = 10 * kTick;
  for (int k = 1; k <= kLevelRamp; ++k) {
    ASSERT_NEAR(desk.program().left[start + k - 1], 1 - 0.5F * static_cast<float>(k) / kLevelRamp, kExact) << k;
  }
  for (std::size_t n = start + kLevelRamp; n < desk.program().left.size(); ++n)
    ASSERT_NEAR(desk.program().left[n], 0.5F, kExact);
  EXPECT_EQ(desk.program().left, desk.program().right);
}

TEST(Mixer, AFaderThatIsDraggedHasNoStepsBetweenTicks) {
  Desk desk({{"dc", level(1, 1)}});
  desk.run(10);
  for (int i = 1; i <= 30; ++i) {
    desk.strip("dc").gain_db = -i;
    desk.run(1);
  }
  // 1 dB a tick: the steepest is the first one's 8 ms ramp; from the second on a whole tick each.
  EXPECT_LE(largest_step(desk.program().left, 10 * kTick + 1), 0.11F / kLevelRamp * 1.01F);
  EXPECT_LE(largest_step(desk.program().left, 12 * kTick), 0.11F / kTick * 1.01F);
}

TEST(Mixer, TheFirstTickBeginsAtFullLevel) {
  Desk desk({{"dc", level(0.5F, 0.25F)}});
  desk.strip("dc").gain_db = 6;
  desk.run(1);
  EXPECT_NEAR(desk.program().left.front(), 0.5F * gain_of(6), kExact);
}

TEST(Mixer, AMutedStripFallsSilentWithoutAClickAndExactly) {
  Desk desk({{"a", tone(100, 0)}});
  desk.run(10);
  desk.strip("a").mute = true;
  desk.run(2);
  const float tone_step = 2 * std::numbers::pi_v<float> * 100 / 48000;
  EXPECT_LE(largest_step(desk.program().left), tone_step + 1.0F / kLevelRamp) << "the tone's own and the ramp's";
  EXPECT_EQ(highest(desk.program().left, 10 * kTick + kLevelRamp), 0);
}

TEST(Mixer, BalanceFadesOneSideInProportionAndLeavesTheOther) {
  for (const double pan : {-1.0, -0.5, 0.0, 0.25, 1.0}) {
    Desk desk({{"dc", level(0.5F, 0.5F)}});
    desk.strip("dc").pan = pan;
    desk.run(1);
    EXPECT_NEAR(desk.program().left[0], 0.5 * std::min(1.0, 1 - pan), kExact) << pan;
    EXPECT_NEAR(desk.program().right[0], 0.5 * std::min(1.0, 1 + pan), kExact) << pan;
  }
}

TEST(Mixer, MonoIsTheMeanOfBothSides) {
  Desk desk({{"dc", level(0.5F, -0.25F)}});
  desk.strip("dc").mono = true;
  desk.run(1);
  EXPECT_NEAR(desk.program().left[7], 0.125F, kExact);
  EXPECT_NEAR(desk.program().right[7], 0.125F, kExact);
}

TEST(Mixer, WhatIsMonoAlreadyStaysBitForBitInMono) {
  Desk desk({{"a", tone(997, -3)}});
  desk.strip("a").mono = true;
  desk.run(2);
  for (std::size_t n = 0; n < desk.program().left.size(); ++n)
    ASSERT_EQ(desk.program().left[n], tone(997, -3)(static_cast<std::int64_t>(n))[0]);
}

TEST(Mixer, ADelayIsExactToTheSample) {
  const auto impulse = [](std::int64_t n) { return std::array{n == 100 ? 1.0F : 0.0F, n == 200 ? 1.0F : 0.0F}; };
  Desk desk({{"a", impulse}});
  desk.strip("a").delay_ms = 123.4375;  // 5925 samples
  desk.run(10, 1601);
  for (std::size_t n = 0; n < desk.program().left.size(); ++n) {
    ASSERT_EQ(desk.program().left[n], n == 100 + 5925 ? 1.0F : 0.0F) << n;
    ASSERT_EQ(desk.program().right[n], n == 200 + 5925 ? 1.0F : 0.0F) << n;
  }
}

TEST(Mixer, ADelayThatChangesIsFadedOver) {
  Desk desk({{"a", tone(50, 0)}});
  desk.strip("a").delay_ms = 100;
  desk.run(10);
  desk.strip("a").delay_ms = 450;
  desk.run(10);
  desk.strip("a").delay_ms = 20;  // both changes of two ticks that follow each other
  desk.run(1);
  desk.strip("a").delay_ms = 130;
  desk.run(20);
  const float tone_step = 2 * std::numbers::pi_v<float> * 50 / 48000;
  EXPECT_LE(largest_step(desk.program().left, 10 * kTick), tone_step + 2.0F / DelayLine::kFade);
  const std::size_t last = desk.program().left.size() - 1;
  EXPECT_NEAR(desk.program().left[last], tone(50, 0)(static_cast<std::int64_t>(last) - 6240)[0], kExact);
}

TEST(Mixer, WhatADelayHoldsIsHeardAfterTheSourceFellSilent) {
  Desk desk({{"a", level(0.5F, 0.5F)}});
  desk.strip("a").delay_ms = 1000;
  desk.run(15);
  desk.gone["a"] = 1;
  desk.run(60);
  EXPECT_EQ(desk.program().left[47999], 0);
  EXPECT_EQ(desk.program().left[48000], 0.5F);
  EXPECT_EQ(desk.program().left[48000 + 15 * kTick - 1], 0.5F);
  EXPECT_EQ(desk.program().left[48000 + 15 * kTick], 0);
}

TEST(Mixer, SoundFollowsTheSceneOverAShortRamp) {
  Desk desk({{"a", level(0.5F, 0.5F)}, {"music", level(0.25F, 0.25F)}});
  desk.strip("music").follow_video = false;
  desk.levels["a"].value = 0;
  desk.levels["music"].value = 0;
  desk.run(5);
  EXPECT_EQ(highest(desk.program().left), 0.25F) << "what does not follow is heard on any scene";
  desk.levels["a"].value = 1;
  desk.run(1);
  EXPECT_NEAR(desk.program().left[5 * kTick + kLevelRamp / 2 - 1], 0.5F, kExact) << "half way";
  EXPECT_EQ(desk.program().left[5 * kTick + kLevelRamp], 0.75F);
}

TEST(Mixer, ATransitionCarriesTheLevelInOneLineThroughAllTicks) {
  Desk desk({{"a", level(1, 1)}});
  desk.levels["a"] = {0, true};
  desk.run(5);
  for (int i = 1; i <= 10; ++i) {
    desk.levels["a"] = {static_cast<float>(i) / 10, true};
    desk.run(1);
  }
  for (int k = 1; k <= 10 * kTick; ++k)
    ASSERT_NEAR(desk.program().left[5 * kTick + k - 1], static_cast<float>(k) / (10 * kTick), 3 * kExact) << k;
}

TEST(Mixer, SoloIsHeardOnTheMonitorAloneAndNotOnTheProgram) {
  Desk desk({{"a", level(0.5F, 0.5F)}, {"b", level(0.25F, 0.25F)}});
  desk.strip("b").mute = true;
  desk.run(10);
  EXPECT_EQ(desk.of(AudioBus::monitor).left.back(), 0.5F) << "the program";
  desk.strip("b").solo = true;
  desk.run(10);
  EXPECT_EQ(desk.of(AudioBus::monitor).left.back(), 0.25F) << "before the fader: muted as it is";
  EXPECT_EQ(desk.program().left.back(), 0.5F);
  EXPECT_LE(largest_step(desk.of(AudioBus::monitor).left), 1.0F / kLevelRamp);
  desk.strip("b").solo = false;
  desk.run(10);
  EXPECT_EQ(desk.of(AudioBus::monitor).left.back(), 0.5F);
}

TEST(Mixer, SendsTapAfterOrBeforeTheFader) {
  Desk desk({{"a", level(0.5F, 0.5F)}});
  desk.strip("a").gain_db = -20;
  desk.strip("a").sends.aux1 = show::Send{.gain_db = -6};
  desk.strip("a").sends.aux3 = show::Send{.gain_db = -6, .pre_fader = true};
  desk.run(1);
  EXPECT_NEAR(desk.of(AudioBus::aux1).left.back(), 0.5F * gain_of(-26), kExact);
  EXPECT_EQ(desk.of(AudioBus::aux2).left.back(), 0);
  EXPECT_NEAR(desk.of(AudioBus::aux3).left.back(), 0.5F * gain_of(-6), kExact);
  desk.strip("a").program = false;
  desk.strip("a").mute = true;
  desk.run(3);
  EXPECT_EQ(desk.program().left.back(), 0);
  EXPECT_EQ(desk.of(AudioBus::aux1).left.back(), 0);
  EXPECT_NEAR(desk.of(AudioBus::aux3).left.back(), 0.5F * gain_of(-6), kExact);
}

TEST(Mixer, BusesHaveFadersAndMutes) {
  Desk desk({{"a", level(0.5F, 0.5F)}});
  desk.settings.buses.program.gain_db = -6;
  desk.run(1);
  EXPECT_NEAR(desk.program().left[0], 0.5F * gain_of(-6), kExact);
  desk.settings.buses.program.mute = true;
  desk.run(2);
  EXPECT_EQ(desk.program().left.back(), 0);
  EXPECT_LE(largest_step(desk.program().left), 0.3F / kLevelRamp);
}

TEST(Mixer, ASourceThatComesOnAirIsFadedIn) {
  Desk desk({{"a", level(0.5F, 0.5F)}});
  desk.run(2);
  Mixer& mixer = desk.mixer;
  mixer.use(desk.settings, {"a", "new"}, {});
  const AudioBlockPtr loud = block_of(level(0.5F, 0.5F), 0, kTick);
  const std::array<Mixer::Input, 2> inputs{Mixer::Input{loud}, Mixer::Input{loud}};
  const AudioBlockPtr block = mixer.mix(inputs, kTick)[0];
  EXPECT_NEAR(block->plane(0)[kLevelRamp / 2 - 1], 0.75F, kExact);
  EXPECT_EQ(block->plane(0)[kLevelRamp], 1.0F);
}

// Whatever is changed between any two ticks: as much sound as picture, finite, and never above the ceiling.
TEST(Mixer, AnyChangeAtAnyTimeKeepsCountAndCeiling) {
  std::mt19937 random(7);
  const auto chance = [&](double p) { return std::bernoulli_distribution(p)(random); };
  const auto from = [&](double low, double high) { return std::uniform_real_distribution<>(low, high)(random); };
  Desk desk({{"a", tone(80, 3)}, {"b", tone(2500, 0)}, {"c", tone(9000, -10)}});
  desk.settings.limiter.enabled = true;
  for (int i = 0; i < 400; ++i) {
    show::Strip& strip = desk.strip(std::string(1, "abc"[std::uniform_int_distribution<>(0, 2)(random)]));
    if (chance(0.3)) strip.gain_db = from(-100, 26);
    if (chance(0.1)) strip.mute = !strip.mute;
    if (chance(0.1)) strip.solo = !strip.solo;
    if (chance(0.1)) strip.pan = from(-1, 1);
    if (chance(0.1)) strip.mono = !strip.mono;
    if (chance(0.1)) strip.delay_ms = chance(0.5) ? 0 : from(0, 5000);
    if (chance(0.1)) strip.gate = chance(0.5) ? std::optional(show::Gate{.threshold_db = from(-60, 0)}) : std::nullopt;
    if (chance(0.1)) strip.compressor = chance(0.5) ? std::optional(show::Compressor{.ratio = 20}) : std::nullopt;
    if (chance(0.1)) strip.limiter = chance(0.5) ? std::optional(show::StripLimiter{}) : std::nullopt;
    if (chance(0.1))
      strip.eq = {{.shape = static_cast<show::EqShape>(i % 5), .hz = from(10, 20000), .gain_db = 20, .q = 9}};
    if (chance(0.1)) strip.duck = show::Duck{.by = "b", .amount_db = 30};
    if (chance(0.1)) desk.settings.buses.program.gain_db = from(-20, 6);
    if (chance(0.1)) desk.levels["a"] = {static_cast<float>(from(0, 1)), chance(0.5)};
    if (chance(0.05)) desk.gone["b"] = 1;
    if (chance(0.1)) desk.gone.clear();
    desk.run(1, chance(0.5) ? 1601 : 1602);
  }
  desk.end();
  EXPECT_EQ(static_cast<std::int64_t>(desk.program().left.size()), desk.at);
  for (const float x : desk.program().left) ASSERT_TRUE(std::isfinite(x));
  EXPECT_LE(highest(desk.program().left), gain_of(-1));
  EXPECT_GT(highest(desk.program().left), gain_of(-2));
}

}  // namespace
}  // namespace mainstay
