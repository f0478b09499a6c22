// Gate, equaliser, compressor, strip limiter and ducking, by what they do to tones.
#include <gtest/gtest.h>

#include "tests/engine/audio/audio_support.h"

namespace mainstay {
namespace {

using namespace audio_test;
using show::EqShape;

// Amplitude in dB of a tone in the last 100 ms.
double amplitude_db(const std::vector<float>& samples, double hz) {
  constexpr std::size_t kLook = 4800;
  double a = 0;
  double b = 0;
  for (std::size_t n = samples.size() - kLook; n < samples.size(); ++n) {
    const double w = 2 * std::numbers::pi * hz * static_cast<double>(n) / 48000;
    a += samples[n] * std::sin(w);
    b += samples[n] * std::cos(w);
  }
  return 20 * std::log10(std::max(2 * std::hypot(a, b) / kLook, 1e-9));
}

TEST(Equaliser, ItsResponseIsTheCookbooks) {
  const std::vector<std::pair<show::EqBand, std::vector<std::pair<double, double>>>> bands{
      {{.shape = EqShape::peak, .hz = 1000, .gain_db = 6, .q = 1}, {{1000, 6}, {20, 0}, {20000, 0}}},
      {{.shape = EqShape::low_shelf, .hz = 200, .gain_db = -9}, {{10, -9}, {200, -4.5}, {10000, 0}}},
      {{.shape = EqShape::high_shelf, .hz = 4000, .gain_db = 9}, {{50, 0}, {4000, 4.5}, {23000, 9}}},
      {{.shape = EqShape::high_pass, .hz = 100}, {{100, -3.01}, {50, -12.3}, {10000, 0}}},
      {{.shape = EqShape::low_pass, .hz = 5000}, {{5000, -3.01}, {100, 0}}},
  };
  for (const auto& [band, points] : bands) {
    for (const auto& [hz, db] : points)
      EXPECT_NEAR(20 * std::log10(response_of(coefficients_of(band), hz)), db, 0.1) << hz;
  }
}

TEST(Equaliser, ATonePassesWithThatResponse) {
  Desk desk({{"a", tone(1000, -20)}});
  desk.strip("a").eq = {{.shape = EqShape::peak, .hz = 1000, .gain_db = 6},
                        {.shape = EqShape::high_pass, .hz = 80},
                        {.shape = EqShape::high_shelf, .hz = 8000, .gain_db = -4}};
  desk.run(30);
  double expected = -20;
  for (const show::EqBand& band : desk.strip("a").eq)
    expected += 20 * std::log10(response_of(coefficients_of(band), 1000));
  EXPECT_NEAR(amplitude_db(desk.program().left, 1000), expected, 0.01);
  EXPECT_EQ(desk.program().left, desk.program().right);
}

TEST(Equaliser, AChangeIsNotHeardAsAClick) {
  Desk desk({{"a", tone(200, -6)}});
  desk.strip("a").eq = {{.shape = EqShape::peak, .hz = 200, .gain_db = -12}};
  desk.run(30);
  desk.strip("a").eq = {{.shape = EqShape::low_shelf, .hz = 400, .gain_db = 12},
                        {.shape = EqShape::high_pass, .hz = 30}};
  desk.run(30);
  desk.strip("a").eq.clear();
  desk.run(30);
  const float loudest = highest(desk.program().left);
  EXPECT_LE(largest_step(desk.program().left), loudest * 2 * std::numbers::pi_v<float> * 200 / 48000 * 2)
      << "the steepest place of the loudest tone, twice";
  EXPECT_NEAR(amplitude_db(desk.program().left, 200), -6, 0.001) << "and flat it is as if there were none";
  EXPECT_EQ(desk.sound[0], desk.last["a"]) << "not even a copy";
}

TEST(Gate, ItClosesBelowItsThresholdAndOpensAbove) {
  const auto speech = [](std::int64_t n) { return tone(500, n < 96000 || n >= 192000 ? -20 : -60)(n); };
  Desk desk({{"a", speech}});
  desk.strip("a").gate = show::Gate{.threshold_db = -40, .range_db = -30};
  desk.run(60);
  EXPECT_NEAR(amplitude_db(desk.program().left, 500), -20, 0.05) << "open";
  desk.run(60);
  EXPECT_NEAR(amplitude_db(desk.program().left, 500), -90, 0.1) << "closed";
  desk.run(30);
  EXPECT_NEAR(amplitude_db(desk.program().left, 500), -20, 0.05) << "open again";
  EXPECT_LE(largest_step(desk.program().left), 0.1F * 2 * std::numbers::pi_v<float> * 500 / 48000 * 1.5F);
}

TEST(Gate, ItHoldsBeforeItCloses) {
  const auto burst = [](std::int64_t n) { return tone(500, n < 48000 ? -20 : -50)(n); };
  Desk desk({{"a", burst}});
  desk.strip("a").gate = show::Gate{.threshold_db = -40, .hold_ms = 400};
  desk.run(30 + 11);  // 367 ms after the end of the burst
  EXPECT_NEAR(amplitude_db(desk.program().left, 500), -50, 0.05);
  desk.run(50);
  EXPECT_LT(amplitude_db(desk.program().left, 500), -100);
}

TEST(Compressor, ALoudToneComesDownByItsCurve) {
  for (const auto& [level, out] : std::vector<std::pair<double, double>>{{-30, -30}, {-6, -14}, {0, -12}}) {
    Desk desk({{"a", tone(1000, level)}});
    desk.strip("a").compressor = show::Compressor{.threshold_db = -18, .ratio = 3, .knee_db = 0};
    desk.run(60);
    EXPECT_NEAR(amplitude_db(desk.program().left, 1000), out, 0.15) << level;
  }
}

TEST(Compressor, TheKneeIsRoundAndTheMakeupIsAdded) {
  Compressor compressor;
  compressor.set(show::Compressor{.threshold_db = -20, .ratio = 4, .knee_db = 8});
  EXPECT_EQ(compressor.curve_db(-24), 0);
  EXPECT_NEAR(compressor.curve_db(-20), 0.75 * 1, 1e-5) << "slope · (knee/2)² / (2 · knee)";
  EXPECT_NEAR(compressor.curve_db(-16), 3, 1e-5);
  EXPECT_NEAR(compressor.curve_db(0), 15, 1e-5);
  Desk desk({{"a", tone(1000, -40)}});
  desk.strip("a").compressor = show::Compressor{.makeup_db = 8};
  desk.run(90);
  EXPECT_NEAR(amplitude_db(desk.program().left, 1000), -32, 0.02);
  desk.strip("a").compressor.reset();
  desk.run(90);
  EXPECT_NEAR(amplitude_db(desk.program().left, 1000), -40, 0.001);
  EXPECT_EQ(desk.sound[0], desk.last["a"]);
}

TEST(Compressor, ItIsAsFastAsItsTimeConstants) {
  const auto step = [](std::int64_t n) { return tone(4000, n < 48000 ? -40 : 0)(n); };
  Desk desk({{"a", step}});
  desk.strip("a").compressor = show::Compressor{.threshold_db = -20, .ratio = 50, .knee_db = 0, .attack_ms = 100};
  desk.run(33);  // 100 ms after the step: 1 - 1/e of 19.6 dB
  float peak = 0;
  for (std::size_t n = 48000 + 4800 - 24; n < 48000 + 4800; ++n) peak = std::max(peak, desk.program().left[n]);
  EXPECT_NEAR(db_of(peak), -19.6 * (1 - std::exp(-1)), 0.3);
}

TEST(StripLimiter, NoSampleIsAboveTheCeilingAndQuietSoundIsUntouched) {
  const auto swell = [](std::int64_t n) { return tone(300, n < 48000 ? -10 : 6)(n); };
  Desk desk({{"a", swell}});
  desk.strip("a").limiter = show::StripLimiter{.ceiling_db = -3};
  desk.run(29);
  for (std::size_t n = 0; n < desk.program().left.size(); ++n)
    ASSERT_EQ(desk.program().left[n], swell(static_cast<std::int64_t>(n))[0]);
  desk.run(30);
  EXPECT_LE(highest(desk.program().left), gain_of(-3));
  EXPECT_NEAR(db_of(highest(desk.program().left, 60000)), -3, 0.01);
}

TEST(Ducker, MusicStepsBackWhileSomebodySpeaks) {
  const auto voice = [](std::int64_t n) { return tone(300, n >= 48000 && n < 144000 ? -10 : -80)(n); };
  Desk desk({{"music", tone(3000, -20)}, {"voice", voice}});
  desk.strip("music").duck = show::Duck{.by = "voice", .amount_db = 15};
  desk.run(29);
  EXPECT_NEAR(amplitude_db(desk.program().left, 3000), -20, 0.01);
  desk.run(40);
  EXPECT_NEAR(amplitude_db(desk.program().left, 3000), -35, 0.05);
  desk.run(20 + 9);  // the voice has ended 250 ms ago: held
  EXPECT_NEAR(amplitude_db(desk.program().left, 3000), -35, 0.05);
  desk.run(150);
  EXPECT_NEAR(amplitude_db(desk.program().left, 3000), -20, 0.05);
}

TEST(Ducker, AVoiceThatIsNotOnAirDucksNothing) {
  Desk desk({{"music", tone(3000, -20)}, {"voice", tone(300, -10)}});
  desk.strip("music").duck = show::Duck{.by = "voice"};
  desk.strip("voice").mute = true;
  desk.run(60);
  EXPECT_NEAR(amplitude_db(desk.program().left, 3000), -20, 0.01);
}

TEST(Filters, SwitchedOffInTheMiddleTheyLetGoWithoutAClick) {
  Desk desk({{"a", tone(100, 0)}});
  show::Strip& strip = desk.strip("a");
  strip.gate = show::Gate{.threshold_db = -1};
  strip.compressor = show::Compressor{.threshold_db = -30};
  strip.limiter = show::StripLimiter{.ceiling_db = -20};
  desk.run(30);
  strip.gate->enabled = strip.compressor->enabled = strip.limiter->enabled = false;
  desk.run(90);
  EXPECT_LE(largest_step(desk.program().left), 2 * std::numbers::pi_v<float> * 100 / 48000 * 1.2F);
  EXPECT_EQ(desk.sound[0], desk.last["a"]);
}

}  // namespace
}  // namespace mainstay
