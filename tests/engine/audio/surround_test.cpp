// The mixer in other layouts than stereo: what comes out of each channel, to the sample.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/engine/audio/surround_support.h"

namespace mainstay {
namespace {

using namespace audio_test;
using show::AudioBus;
using testing::ElementsAre;
using testing::FloatNear;

constexpr float k = 0.70710678F;  // -3 dB

auto each(const std::vector<float>& values) {
  std::vector<testing::Matcher<float>> matchers;
  for (const float value : values) matchers.push_back(FloatNear(value, 1e-6F));
  return testing::ElementsAreArray(matchers);
}

const std::vector<float> kValues{0.5F, 0.25F, 0.125F, 0.0625F, 0.03125F, 0.015625F};

TEST(SurroundMixer, ASourceIn51IsPassedOnWithoutACopy) {
  LayoutDesk desk(AudioLayout::surround, {{"film", tones(6, -20)}});
  desk.run(3);
  EXPECT_EQ(desk.out[0], desk.last);
  EXPECT_EQ(desk.mixer.passed(), 3);
}

TEST(SurroundMixer, StereoStaysInFrontAndMonoIsTheCentre) {
  LayoutDesk desk(AudioLayout::surround, {{"music", still({0.5F, 0.25F})}, {"voice", still({0.125F})}});
  desk.run(2);
  EXPECT_THAT(desk.now(), ElementsAre(0.5F, 0.25F, 0.125F, 0, 0, 0));
}

TEST(SurroundMixer, SourcesOfAllLayoutsAreAddedChannelByChannel) {
  LayoutDesk desk(AudioLayout::surround, {{"a", still(kValues)}, {"b", still({0.25F, 0.25F})}, {"c", still({0.5F})}});
  desk.run(2);
  EXPECT_THAT(desk.now(), each({0.75F, 0.5F, 0.625F, 0.0625F, 0.03125F, 0.015625F}));
}

TEST(SurroundMixer, AStereoProgramHearsThe51SourceMixedDown) {
  LayoutDesk desk(AudioLayout::stereo, {{"film", still(kValues)}});
  desk.run(2);
  EXPECT_THAT(desk.now(), each({0.5F + 0.125F * k + 0.03125F * k, 0.25F + 0.125F * k + 0.015625F * k}));
}

TEST(SurroundMixer, AMonoProgramHearsAllInOneChannel) {
  LayoutDesk desk(AudioLayout::mono, {{"film", still(kValues)}, {"voice", still({0.25F})}});
  desk.run(2);
  const float film = 0.75F * k + 0.125F + (0.03125F + 0.015625F) / 2;
  EXPECT_THAT(desk.now(), each({film + 0.25F}));
  desk.strip("film").pan = -1;
  desk.strip("voice").mono = true;
  desk.run(4);
  EXPECT_THAT(desk.now(), each({film + 0.25F})) << "there is nowhere to pan to";
}

TEST(SurroundMixer, ABalanceFadesTheFarSideInFrontAndBehind) {
  LayoutDesk desk(AudioLayout::surround, {{"film", still({1, 1, 1, 1, 1, 1})}});
  desk.strip("film").pan = 0.25;
  desk.run(4);
  EXPECT_THAT(desk.now(), each({0.75F, 1, 1, 1, 0.75F, 1}));
  desk.strip("film").pan = -1;
  desk.run(4);
  EXPECT_THAT(desk.now(), each({1, 0, 1, 1, 1, 0}));
}

TEST(SurroundMixer, MonoIsPannedFromTheCentreToASideWithItsPowerUnchanged) {
  LayoutDesk desk(AudioLayout::surround, {{"voice", still({0.5F})}});
  desk.strip("voice").pan = 0.5;
  desk.run(4);
  EXPECT_THAT(desk.now(), each({0, 0.5F * k, 0.5F * k, 0, 0, 0}));
  desk.strip("voice").pan = -1;
  desk.run(4);
  EXPECT_THAT(desk.now(), each({0.5F, 0, 0, 0, 0, 0}));
  desk.strip("voice").pan = 0;
  desk.run(4);
  EXPECT_THAT(desk.now(), each({0, 0, 0.5F, 0, 0, 0}));
}

TEST(SurroundMixer, AMonoSourceBeginsInTheCentreAlone) {
  LayoutDesk desk(AudioLayout::surround, {{"voice", {}}});
  desk.run(3);
  desk.sources["voice"] = still({0.5F});
  desk.run(2);
  EXPECT_EQ(highest(desk.heard[kLeft]), 0);
  EXPECT_EQ(highest(desk.heard[kRight]), 0);
  EXPECT_EQ(desk.now()[kCentre], 0.5F);
}

TEST(SurroundMixer, TheMonoSwitchMakesSidesAlikeInFrontAndBehind) {
  LayoutDesk desk(AudioLayout::surround, {{"film", still({1, 0, 0.5F, 0.25F, 0, 0.5F})}});
  desk.strip("film").mono = true;
  desk.run(4);
  EXPECT_THAT(desk.now(), each({0.5F, 0.5F, 0.5F, 0.25F, 0.25F, 0.25F}));
}

TEST(SurroundMixer, FadersMutesAndSendsMoveAllChannelsTogether) {
  LayoutDesk desk(AudioLayout::surround, {{"film", still(kValues)}});
  desk.strip("film").gain_db = -20 * std::log10(2);
  desk.strip("film").sends.aux1 = show::Send{.gain_db = 0};
  desk.strip("film").sends.aux2 = show::Send{.gain_db = 0, .pre_fader = true};
  desk.run(2);
  std::vector<float> half = kValues;
  for (float& value : half) value /= 2;
  EXPECT_THAT(desk.now(), each(half));
  EXPECT_THAT(desk.now(AudioBus::aux1), each(half));
  EXPECT_THAT(desk.now(AudioBus::aux2), each(kValues));
  desk.strip("film").mute = true;
  desk.settings.buses.aux2.gain_db = -20 * std::log10(2);
  desk.run(2);
  EXPECT_THAT(desk.now(), each({0, 0, 0, 0, 0, 0}));
  EXPECT_THAT(desk.now(AudioBus::aux2), each(half));
}

TEST(SurroundMixer, SoloIsHeardOnTheMonitorInAllChannels) {
  LayoutDesk desk(AudioLayout::surround, {{"film", still(kValues)}, {"music", still({0.25F, 0.25F})}});
  desk.strip("film").solo = true;
  desk.run(3);
  EXPECT_THAT(desk.now(AudioBus::monitor), each(kValues));
}

TEST(SurroundMixer, ALimiterTurnsAllChannelsDownForThePeakOfOne) {
  LayoutDesk desk(AudioLayout::surround, {{"film", {6, [](int c, std::int64_t n) {
                                                      const float loud = tone(997, 12)(n)[0];
                                                      return c == kLeftSurround ? loud : loud / 8;
                                                    }}}});
  desk.settings.limiter = {.enabled = true, .ceiling_db = -1};
  desk.run(30);
  desk.end();
  ASSERT_EQ(static_cast<std::int64_t>(desk.heard[0].size()), desk.at) << "as much sound as picture";
  EXPECT_LE(highest(desk.heard[kLeftSurround]), gain_of(-1));
  EXPECT_GT(highest(desk.heard[kLeftSurround]), gain_of(-2));
  for (std::size_t n = 0; n < desk.heard[0].size(); ++n)
    ASSERT_NEAR(desk.heard[kLfe][n], desk.heard[kLeftSurround][n] / 8, 1e-6F) << n;
}

TEST(SurroundMixer, BelowTheCeilingAllChannelsPassBitForBit) {
  LayoutDesk desk(AudioLayout::surround, {{"film", tones(6, -6)}});
  desk.settings.limiter.enabled = true;
  desk.run(10);
  desk.end();
  for (int c = 0; c < 6; ++c) {
    for (std::size_t n = 0; n < desk.heard[0].size(); ++n)
      ASSERT_EQ(desk.heard[static_cast<std::size_t>(c)][n], channel_tone(c, static_cast<std::int64_t>(n), -6)) << c;
  }
}

TEST(SurroundMixer, ACompressorAndAStripsLimiterAreLinkedOverAllChannels) {
  for (const bool compressor : {true, false}) {
    LayoutDesk desk(AudioLayout::surround, {{"film", {6, [](int c, std::int64_t n) {
                                                        const float loud = tone(1000, 0)(n)[0];
                                                        return c == kRightSurround ? loud : loud / 16;
                                                      }}}});
    if (compressor) {
      desk.strip("film").compressor = show::Compressor{.threshold_db = -18, .ratio = 3, .knee_db = 0};
    } else {
      desk.strip("film").limiter = show::StripLimiter{.ceiling_db = -12};
    }
    desk.run(60);
    const std::vector<float>& loud = desk.heard[kRightSurround];
    EXPECT_NEAR(20 * std::log10(highest(loud, loud.size() - 4800)), -12, 0.2);
    for (std::size_t n = 0; n < loud.size(); ++n) ASSERT_NEAR(desk.heard[kCentre][n], loud[n] / 16, 1e-6F) << n;
  }
}

TEST(SurroundMixer, AnEqualiserAndADelayDoTheSameToEachChannelThatThereIs) {
  for (const int channels : {1, 2, 6}) {
    LayoutDesk desk(AudioLayout::surround,
                    {{"film", {channels, [](int, std::int64_t n) { return tone(500, -20)(n)[0]; }}}});
    desk.strip("film").eq = {{.shape = show::EqShape::peak, .hz = 500, .gain_db = 6}};
    desk.strip("film").delay_ms = 10;
    desk.run(60);
    const int first = channels == 1 ? kCentre : kLeft;
    const std::vector<float>& own = desk.heard[static_cast<std::size_t>(first)];
    EXPECT_NEAR(20 * std::log10(highest(own, own.size() - 4800)), -14, 0.05) << channels;
    EXPECT_EQ(highest(std::vector<float>(own.begin(), own.begin() + 480)), 0) << channels;
    for (int c = 0; c < 6; ++c) {
      const bool there = channels == 6 || (channels == 2 && c < 2) || (channels == 1 && c == kCentre);
      const std::vector<float>& heard = desk.heard[static_cast<std::size_t>(c)];
      if (there) {
        EXPECT_EQ(heard, own) << channels << " " << c;
      } else {
        EXPECT_EQ(highest(heard), 0) << channels << " " << c;
      }
    }
  }
}

TEST(SurroundMixer, ADelayStillGivesOutWhatItHoldsWhenTheSourceGetsNarrower) {
  LayoutDesk desk(AudioLayout::surround, {{"list", still({0.5F, 0.5F, 0.5F, 0.5F, 0.5F, 0.5F})}});
  desk.strip("list").delay_ms = 200;  // six ticks
  desk.run(12);
  desk.sources["list"] = still({0.25F, 0.25F});
  desk.run(5);
  EXPECT_THAT(desk.now(), each({0.5F, 0.5F, 0.5F, 0.5F, 0.5F, 0.5F}));
  desk.run(2);
  EXPECT_THAT(desk.now(), each({0.25F, 0.25F, 0, 0, 0, 0}));
  desk.sources["list"] = still({0.125F});
  desk.run(5);
  EXPECT_THAT(desk.now(), each({0.25F, 0.25F, 0, 0, 0, 0}));
  desk.run(2);
  EXPECT_THAT(desk.now(), each({0, 0, 0.125F, 0, 0, 0}));
}

TEST(SurroundMixer, NoiseIsTakenOutOfEachChannelAndWhatIsWantedStays) {
  LayoutDesk desk(AudioLayout::surround, {{"film", tones(6, -20)}});
  desk.strip("film").denoise = show::Denoise{.reduction_db = 0.01, .floor_db = -80};
  desk.run(60);
  const std::int64_t n = desk.at - 1 - Denoiser::kLatency;
  for (int c = 0; c < 6; ++c) EXPECT_NEAR(desk.now()[static_cast<std::size_t>(c)], channel_tone(c, n, -20), 0.001) << c;
}

TEST(SurroundMixer, DuckingListensToAndTurnsDownAnyLayout) {
  LayoutDesk desk(AudioLayout::surround, {{"film", still(kValues)}, {"voice", still({0.5F})}});
  desk.strip("film").duck = show::Duck{.by = "voice", .amount_db = 20 * std::log10(2)};
  desk.run(60);
  std::vector<float> expected = kValues;
  for (float& value : expected) value /= 2;
  expected[kCentre] += 0.5F;
  const std::vector<float> now = desk.now();
  for (std::size_t c = 0; c < 6; ++c) EXPECT_NEAR(now[c], expected[c], 1e-3F) << c;
}

TEST(SurroundMixer, MetersTellOfEachChannel) {
  LayoutDesk desk(AudioLayout::surround,
                  {{"film", {6, [](int c, std::int64_t n) { return tone(1000, -6.0 * (c + 1))(n)[0]; }}},
                   {"voice", tones(1, -20)}});
  desk.strip("voice").mute = true;
  desk.run(60);
  const MeterReading bus = desk.mixer.readings().buses[0];
  const MeterReading film = desk.strip_meter("film");
  const MeterReading voice = desk.strip_meter("voice");
  EXPECT_EQ(bus.channels, 6);
  for (std::size_t c = 0; c < 6; ++c) {
    const double db = -6.0 * (static_cast<double>(c) + 1);
    EXPECT_NEAR(bus.peak_db[c], db, 0.2) << c;
    EXPECT_NEAR(film.rms_db[c], db - 3.01, 0.1) << c;
    if (c == kCentre) {
      EXPECT_NEAR(voice.held_db[c], -20, 0.2);
    } else {
      EXPECT_EQ(voice.held_db[c], kFloorDb) << c;
    }
  }
}

TEST(SurroundMixer, SilenceCostsNothingAndIsAsWideAsTheProgram) {
  LayoutDesk desk(AudioLayout::surround, {{"film", {}}});
  desk.run(2);
  ASSERT_TRUE(desk.out[0]);
  EXPECT_EQ(desk.out[0]->channels, 6);
  EXPECT_TRUE(is_silent(*desk.out[0]));
}

// EBU Tech 3341 (2016), table 1: 1 kHz in five channels for 20 s, -28 dBFS in front, -24 in the centre, -30 behind.
TEST(SurroundLoudness, TheFiveChannelTestSignalReadsMinus23) {
  for (const float lfe : {0.0F, 0.5F}) {
    LayoutDesk desk(AudioLayout::surround, {{"signal", {6, [=](int c, std::int64_t n) {
                                                          constexpr double kDb[] = {-28, -28, -24, 0, -30, -30};
                                                          return c == kLfe ? lfe * tone(60, 0)(n)[0]
                                                                           : tone(1000, kDb[c])(n)[0];
                                                        }}}});
    desk.run(600);
    const LoudnessReading read = desk.mixer.readings().loudness[0];
    EXPECT_NEAR(read.integrated, -23, 0.1) << "the LFE does not count: " << lfe;
    EXPECT_NEAR(read.short_term, -23, 0.1);
    EXPECT_NEAR(read.momentary, -23, 0.1);
  }
}

TEST(SurroundLoudness, AMonoProgramIsAsLoudAsItsOneChannel) {
  LayoutDesk desk(AudioLayout::mono, {{"signal", {1, [](int, std::int64_t n) { return tone(1000, -20)(n)[0]; }}}});
  desk.run(300);
  EXPECT_NEAR(desk.mixer.readings().loudness[0].integrated, -23.01, 0.1);
}

}  // namespace
}  // namespace mainstay
