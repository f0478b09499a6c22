// Meters: true peak by the signals of BS.1770-4 Annex 2 and EBU Tech 3341 (15 to 19), ballistics; loudness by the
// signals of EBU Tech 3341 (1 to 6, 9, 12) and Tech 3342 (1 to 4), synthesised as the documents describe them.
#include "engine/audio/meter.h"

#include <gtest/gtest.h>

#include "engine/audio/bus.h"
#include "tests/engine/audio/audio_support.h"

namespace mainstay {
namespace {

using namespace audio_test;

void measure(Bus& bus, const Signal& signal, double seconds) {
  const auto total = static_cast<std::int64_t>(seconds * 48000);
  for (std::int64_t at = 0; at < total; at += kTick)
    bus.measure(view_of(*block_of(signal, at, static_cast<int>(std::min<std::int64_t>(kTick, total - at)))));
}

struct Part {
  double lufs;
  double seconds;
};

// A 1 kHz sine, in phase on both sides; its peak in dBFS is its loudness in LUFS to a few hundredths.
void measure_parts(Bus& bus, const std::vector<Part>& parts) {
  constexpr std::int64_t kRun = 4800;  // a hundred periods: the tone goes on from run to run
  for (const Part& part : parts) {
    const AudioBlockPtr run = block_of(tone(1000, part.lufs), 0, kRun);
    for (std::int64_t left = std::llround(part.seconds * 48000); left > 0; left -= kRun) {
      const auto count = static_cast<std::size_t>(std::min(left, kRun));
      bus.measure(view_of(*run).part(0, count));
    }
  }
}

TEST(TruePeak, TheTestSignalsOfTech3341AreReadWithinItsTolerance) {
  struct Case {
    double divisor;  // of the sample rate
    double phase;    // degrees
    double peak;     // of full scale
    double expected_db;
  };
  // Signals 15 to 19: +0.2/-0.4 dB.
  for (const Case& c : {Case{4, 0, 0.5, -6}, Case{4, 45, 0.5, -6}, Case{6, 60, 0.5, -6}, Case{8, 67.5, 0.5, -6},
                        Case{4, 45, 1.41, 3}}) {
    Meter meter;
    const Signal steady = tone(48000 / c.divisor, 20 * std::log10(c.peak), c.phase * std::numbers::pi / 180);
    const Signal signal = [&](std::int64_t n) {  // faded in: a tone that breaks in is higher than it goes on
      const float in = std::min(1.0F, static_cast<float>(n) / 4800);
      return std::array{steady(n)[0] * in, steady(n)[1] * in};
    };
    for (int i = 0; i < 30; ++i) meter.add(view_of(*block_of(signal, i * kTick, kTick)), {1, 1});
    EXPECT_LE(meter.values().held_db[0], c.expected_db + 0.2) << c.divisor << " " << c.phase;
    EXPECT_GE(meter.values().held_db[0], c.expected_db - 0.4) << c.divisor << " " << c.phase;
  }
}

TEST(TruePeak, LookingOnlyWhereItCouldBeHigherFindsTheSame) {
  TruePeak all;
  TruePeak some;
  for (int i = 0; i < 50; ++i) {
    const Signal signal = [i](std::int64_t n) {
      const double x = std::sin(0.7 * static_cast<double>(n) + i) * std::exp(-0.002 * static_cast<double>(n % 1601));
      return std::array{static_cast<float>(x), 0.0F};
    };
    const AudioBlockPtr block = block_of(signal, i * 1601, 1601);
    std::vector<float> out(1601);
    all.process(block->plane(0), out);
    const float highest = std::max(*std::ranges::max_element(out), peak_of(block->plane(0)));
    EXPECT_NEAR(some.highest(block->plane(0), 0), highest, 0.02) << i;
  }
}

TEST(Meter, APeakFallsTwentyDecibelIn1700MillisecondsAndIsHeldForTwoSeconds) {
  Meter meter;
  meter.add(view_of(*block_of(tone(997, -6), 0, kTick)), {1, 1});
  EXPECT_NEAR(meter.values().peak_db[0], -6, 0.2);
  for (int i = 0; i < 51; ++i) meter.silence(kTick);
  EXPECT_NEAR(meter.values().peak_db[0], -26, 0.3);
  EXPECT_NEAR(meter.values().held_db[0], -6, 0.2);
  for (int i = 0; i < 15; ++i) meter.silence(kTick);
  EXPECT_LT(meter.values().held_db[0], -20);
  for (int i = 0; i < 600; ++i) meter.silence(kTick);
  EXPECT_EQ(meter.values().peak_db[0], kFloorDb);
  EXPECT_TRUE(meter.is_down());
}

TEST(Meter, RmsRisesWithItsTimeConstant) {
  Meter meter;
  const AudioBlockPtr block = block_of(tone(1000, -20), 0, 1600);
  for (int i = 0; i < 9; ++i) meter.add(view_of(*block), {1, 0.5F});  // 300 ms
  EXPECT_NEAR(meter.values().rms_db[0], -23.01 + 10 * std::log10(1 - std::exp(-1)), 0.05);
  for (int i = 0; i < 200; ++i) meter.add(view_of(*block), {1, 0.5F});
  EXPECT_NEAR(meter.values().rms_db[0], -23.01, 0.01);
  EXPECT_NEAR(meter.values().rms_db[1], -29.03, 0.01) << "after the fader";
}

TEST(Loudness, SteadyTonesReadAsTheyAre) {
  for (const double lufs : {-23.0, -33.0}) {  // Tech 3341, 1 and 2
    Bus bus;
    measure_parts(bus, {{lufs, 20}});
    EXPECT_NEAR(bus.loudness().momentary, lufs, 0.1);
    EXPECT_NEAR(bus.loudness().short_term, lufs, 0.1);
    EXPECT_NEAR(bus.loudness().integrated, lufs, 0.1);
    EXPECT_NEAR(bus.loudness().measured_s, 20, 0.1);
  }
}

TEST(Loudness, QuietPartsAreGatedOut) {
  const std::vector<std::vector<Part>> cases{
      {{-36, 10}, {-23, 60}, {-36, 10}},                        // 3
      {{-72, 10}, {-36, 10}, {-23, 60}, {-36, 10}, {-72, 10}},  // 4
      {{-26, 20}, {-20, 20.1}, {-26, 20}},                      // 5
  };
  for (const auto& parts : cases) {
    Bus bus;
    measure_parts(bus, parts);
    EXPECT_NEAR(bus.loudness().integrated, -23, 0.1) << parts.size();
  }
}

TEST(Loudness, ShortTermAndMomentaryStandStillOverRepeatedParts) {
  Bus three;  // 9: short-term
  for (int i = 0; i < 5; ++i) measure_parts(three, {{-20, 1.34}, {-30, 1.66}});
  EXPECT_NEAR(three.loudness().short_term, -23, 0.1);
  Bus twelve;  // 12: momentary
  for (int i = 0; i < 25; ++i) measure_parts(twelve, {{-20, 0.18}, {-30, 0.22}});
  EXPECT_NEAR(twelve.loudness().momentary, -23, 0.1);
}

TEST(Loudness, TheRangeIsThatOfTech3342) {
  const std::vector<std::pair<std::vector<Part>, double>> cases{
      {{{-20, 20}, {-30, 20}}, 10},
      {{{-20, 20}, {-15, 20}}, 5},
      {{{-40, 20}, {-20, 20}}, 20},
      {{{-50, 20}, {-35, 20}, {-20, 20}, {-35, 20}, {-50, 20}}, 15},
  };
  for (const auto& [parts, range] : cases) {
    Bus bus;
    measure_parts(bus, parts);
    EXPECT_NEAR(bus.loudness().range, range, 1);
  }
}

TEST(Loudness, ResetStartsAnew) {
  Bus bus;
  measure_parts(bus, {{-15, 20}});
  bus.reset_loudness();
  measure_parts(bus, {{-30, 10}});
  EXPECT_NEAR(bus.loudness().integrated, -30, 0.1);
  bus.reset_loudness();
  bus.measure_silence(48000);
  EXPECT_EQ(bus.loudness().integrated, kFloorDb);
}

TEST(Loudness, SilenceEmptiesTheWindowsAndLeavesTheIntegral) {
  Bus bus;
  measure_parts(bus, {{-23, 10}});
  for (int i = 0; i < 30 * 60; ++i) bus.measure_silence(kTick);
  EXPECT_EQ(bus.loudness().momentary, kFloorDb);
  EXPECT_EQ(bus.loudness().short_term, kFloorDb);
  EXPECT_NEAR(bus.loudness().integrated, -23, 0.1);
}

TEST(Loudness, ADualMonoIsThreeDecibelLouderThanOneSide) {
  Bus bus;
  const Signal both = tone(1000, -23);
  measure(
      bus,
      [&](std::int64_t n) {
        return std::array{both(n)[0], 0.0F};
      },
      10);
  EXPECT_NEAR(bus.loudness().integrated, -26.01, 0.1);
}

}  // namespace
}  // namespace mainstay
