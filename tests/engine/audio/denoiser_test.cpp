#include "engine/audio/denoiser.h"

#include <gtest/gtest.h>

#include <random>

#include "tests/engine/audio/audio_support.h"

namespace mainstay {
namespace {

using audio_test::Desk;
using audio_test::Heard;
using audio_test::Signal;

/// Hiss: the same at every sample number in every run.
Signal hiss(double rms_db) {
  static const std::vector<float> noise = [] {
    std::minstd_rand random(7);
    std::normal_distribution<float> normal;
    std::vector<float> all(1 << 18);
    for (float& v : all) v = normal(random);
    return all;
  }();
  const auto level = static_cast<float>(std::pow(10, rms_db / 20));
  return [level](std::int64_t n) {
    const float v = level * noise[static_cast<std::size_t>(n) & (noise.size() - 1)];
    return std::array{v, v};
  };
}

double rms_db(const std::vector<float>& samples, std::size_t from) {
  double sum = 0;
  for (std::size_t i = from; i < samples.size(); ++i) sum += samples[i] * samples[i];
  return 10 * std::log10(sum / static_cast<double>(samples.size() - from));
}

/// What a denoiser makes of a signal, in ticks of these lengths in turn.
Heard denoised(const Signal& signal, const show::Denoise& settings, const std::vector<int>& ticks, int seconds = 2) {
  Denoiser denoiser;
  denoiser.set(settings);
  Heard heard;
  std::int64_t n = 0;
  while (n < seconds * 48000) {
    for (const int samples : ticks) {
      AudioBlock block = *audio_test::block_of(signal, n, samples);
      denoiser.process(planes_of(block));
      heard.add(std::make_shared<AudioBlock>(std::move(block)));
      n += samples;
    }
  }
  return heard;
}

TEST(DenoiserTest, WhatGoesInComesOutAFixedTimeLaterWhateverTheTicks) {
  const Signal signal = hiss(-20);
  const std::vector<std::vector<int>> all{{1600}, {800, 801}, {1601, 1602, 1601, 1602, 1602}, {2002}};
  for (const auto& ticks : all) {
    const Heard heard = denoised(signal, {.reduction_db = 0.01, .floor_db = -80}, ticks);
    double difference = 0;
    for (std::size_t i = 24000; i < 72000; ++i) {
      const float in = signal(static_cast<std::int64_t>(i) - Denoiser::kLatency)[0];
      difference = std::max<double>(difference, std::abs(heard.left[i] - in));
    }
    EXPECT_LT(difference, 0.001);
  }
}

TEST(DenoiserTest, HissGetsQuieterAndAVoiceDoesNot) {
  const show::Denoise settings{.reduction_db = 20, .floor_db = -45};
  const Heard noise = denoised(hiss(-50), settings, {1600}, 4);
  EXPECT_LT(rms_db(noise.left, 96000), -50 - 10);
  const Signal voice = audio_test::tone(700, -20);
  const Heard spoken = denoised(voice, settings, {1600}, 4);
  EXPECT_NEAR(rms_db(spoken.left, 96000), -23.01, 0.5);
}

TEST(DenoiserTest, AStripWithADelayIsAsLateAsAsked) {
  Desk desk({{"mic", hiss(-20)}});
  desk.strip("mic").denoise = show::Denoise{.reduction_db = 0.01, .floor_db = -80};
  desk.strip("mic").delay_ms = 100;
  desk.run(60);
  const auto& heard = desk.program().left;
  double difference = 0;
  for (std::size_t i = 48000; i < 90000; ++i)
    difference = std::max<double>(difference, std::abs(heard[i] - hiss(-20)(static_cast<std::int64_t>(i) - 4800)[0]));
  EXPECT_LT(difference, 0.001);
  EXPECT_EQ(desk.mixer.readings().strips.at(0).second.latency_ms, 0);
}

TEST(DenoiserTest, AStripWithoutADelayTellsHowLateItIs) {
  Desk desk({{"mic", hiss(-20)}});
  desk.strip("mic").denoise = show::Denoise{};
  desk.run(10);
  EXPECT_FLOAT_EQ(desk.mixer.readings().strips.at(0).second.latency_ms, 37.5F);
}

TEST(DenoiserTest, ItIsSwitchedAndSetWithoutAClick) {
  Desk desk({{"mic", audio_test::tone(100, -12)}});
  desk.run(10);
  desk.strip("mic").denoise = show::Denoise{.reduction_db = 12, .floor_db = -60};
  desk.run(30);
  desk.strip("mic").denoise->reduction_db = 30;
  desk.run(30);
  desk.strip("mic").denoise->enabled = false;
  desk.run(30);
  desk.strip("mic").denoise.reset();
  desk.run(10);
  const auto& heard = desk.program().left;
  double step = 0;
  for (std::size_t i = 4800; i < heard.size(); ++i) step = std::max<double>(step, std::abs(heard[i] - heard[i - 1]));
  // The tone's own, and two of them fading over 20 ms.
  EXPECT_LT(step, 0.251 * 2 * std::numbers::pi * 100 / 48000 + 2 * 0.251 / Denoiser::kFade);
}

}  // namespace
}  // namespace mainstay
