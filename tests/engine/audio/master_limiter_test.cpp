// The master limiter: transparent below its ceiling, no true peak above it (by libebur128's own oversampling), nothing
// lost or shifted when it comes and goes.
#include "engine/audio/master_limiter.h"

#include <ebur128.h>
#include <gtest/gtest.h>

#include <random>

#include "tests/engine/audio/audio_support.h"

namespace mainstay {
namespace {

using namespace audio_test;

constexpr int kLag = MasterLimiter::kLatency;

double true_peak_db(const Heard& heard) {
  ebur128_state* meter = ebur128_init(2, 48000, EBUR128_MODE_TRUE_PEAK);
  std::vector<float> interleaved;
  for (std::size_t i = 0; i < heard.left.size(); ++i) {
    interleaved.push_back(heard.left[i]);
    interleaved.push_back(heard.right[i]);
  }
  EXPECT_EQ(ebur128_add_frames_float(meter, interleaved.data(), heard.left.size()), EBUR128_SUCCESS);
  double highest = 0;
  for (unsigned channel = 0; channel < 2; ++channel) {
    double peak = 0;
    EXPECT_EQ(ebur128_true_peak(meter, channel, &peak), EBUR128_SUCCESS);
    highest = std::max(highest, peak);
  }
  ebur128_destroy(&meter);
  return 20 * std::log10(highest);
}

Signal noise(float peak, unsigned seed) {
  const auto random = std::make_shared<std::mt19937>(seed);
  return [=](std::int64_t n) {
    std::uniform_real_distribution<float> value(-peak, peak);
    const float burst = (n / 9600) % 3 == 0 ? 1.0F : 0.1F;
    return std::array{value(*random) * burst, value(*random) * burst};
  };
}

TEST(MasterLimiter, WhatIsBelowTheCeilingPassesBitForBit) {
  Desk desk({{"a", tone(997, -2)}});
  desk.settings.limiter.enabled = true;
  desk.run(30);
  desk.end();
  ASSERT_EQ(desk.program().left.size(), 30U * kTick) << "as much sound as picture";
  for (std::size_t n = 0; n < desk.program().left.size(); ++n)
    ASSERT_EQ(desk.program().left[n], tone(997, -2)(static_cast<std::int64_t>(n))[0]) << n;
}

TEST(MasterLimiter, NoTruePeakIsAboveTheCeiling) {
  const std::vector<std::pair<const char*, Signal>> signals{
      {"a sine 12 dB too loud", tone(997, 12)},
      {"a quarter of the sample rate between its samples", tone(12000, 6, std::numbers::pi / 4)},
      {"a low tone", tone(40, 9)},
      {"bursts of noise", noise(3, 1)}};
  for (const double ceiling : {-1.0, -6.0}) {
    for (const auto& [name, signal] : signals) {
      Desk desk({{"a", signal}});
      desk.settings.limiter = {.ceiling_db = ceiling};
      desk.run(60);
      desk.end();
      EXPECT_LE(true_peak_db(desk.program()), ceiling + 0.05) << name;
      EXPECT_GE(true_peak_db(desk.program()), ceiling - 1.0) << name << ": no more than needed";
    }
  }
}

TEST(MasterLimiter, ALowToneThatIsHeldDownStaysATone) {
  Desk desk({{"a", tone(1000, 6)}});
  desk.settings.limiter.enabled = true;
  desk.run(60);
  // The gain stands still while the tone does: what comes out is the tone at another level.
  const auto& out = desk.program().left;
  const std::size_t from = 48000 - kLag;
  double in_phase = 0;
  double power = 0;
  for (std::size_t n = from; n < from + 480 * 20; ++n) {
    const double reference = tone(1000, 0)(static_cast<std::int64_t>(n))[0];
    in_phase += reference * out[n];
    power += static_cast<double>(out[n]) * out[n];
  }
  const double amplitude = 2 * in_phase / (480 * 20);
  const double rest = power / (480 * 20) - amplitude * amplitude / 2;
  EXPECT_NEAR(20 * std::log10(amplitude), -1.3, 0.1);
  EXPECT_LT(10 * std::log10(std::max(rest, 1e-12) / (amplitude * amplitude / 2)), -50) << "distortion, dB";
}

TEST(MasterLimiter, SwitchingItOnAndOffLosesAndShiftsNothing) {
  Desk desk({{"a", tone(997, -6)}});
  for (int i = 0; i < 6; ++i) {
    desk.settings.limiter.enabled = i % 2 == 1;
    desk.run(5, i == 3 ? 160 : kTick);  // also with ticks shorter than what is held back
  }
  desk.end();
  ASSERT_EQ(static_cast<std::int64_t>(desk.program().left.size()), desk.at);
  for (std::size_t n = 0; n < desk.program().left.size(); ++n)
    ASSERT_EQ(desk.program().left[n], tone(997, -6)(static_cast<std::int64_t>(n))[0]) << n;
}

TEST(MasterLimiter, SwitchedOffWhileItHoldsDownItLetsGoFirst) {
  Desk desk({{"a", tone(100, 6)}});
  desk.settings.limiter.enabled = true;
  desk.run(20);
  desk.settings.limiter.enabled = false;
  desk.run(60);
  EXPECT_EQ(desk.mixer.lag(), 0);
  const float tone_step = gain_of(6) * 2 * std::numbers::pi_v<float> * 100 / 48000;
  EXPECT_LE(largest_step(desk.program().left), tone_step * 1.1F);
  EXPECT_EQ(static_cast<std::int64_t>(desk.program().left.size()), desk.at);
}

TEST(MasterLimiter, SilenceCostsNoBlocks) {
  Desk desk({{"a", silence()}});
  desk.settings.limiter.enabled = true;
  desk.run(5);
  const AudioBlockPtr first = desk.sound[0];
  desk.run(1);
  EXPECT_EQ(desk.sound[0], first) << "the same block of zeros";
}

TEST(MasterLimiter, AShortPeakAfterLongSilenceIsSeenInTime) {
  const auto click = [](std::int64_t n) { return std::array{n == 40007 ? 4.0F : 0.0F, 0.0F}; };
  Desk desk({{"a", click}});
  desk.settings.limiter.enabled = true;
  desk.run(40);
  EXPECT_LE(highest(desk.program().left), gain_of(-1));
  EXPECT_GE(highest(desk.program().left), gain_of(-1.5)) << "no more than needed";
}

}  // namespace
}  // namespace mainstay
