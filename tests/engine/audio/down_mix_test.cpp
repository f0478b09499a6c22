#include "engine/audio/down_mix.h"

#include <gtest/gtest.h>

#include "tests/engine/audio/surround_support.h"

namespace mainstay {
namespace {

using namespace audio_test;

/// What comes out, and whether it is one unbroken stream from where it began.
struct Stream {
  std::vector<float> left;
  std::optional<std::int64_t> first;
  void add(const DownMix::Out& out) {
    if (!out.block) return;
    if (!first) first = out.first_sample;
    EXPECT_EQ(out.first_sample, *first + static_cast<std::int64_t>(left.size()));
    left.insert(left.end(), out.block->plane(0).begin(), out.block->plane(0).end());
  }
};

Stream run(DownMix& mix, const Sound& sound, std::int64_t from, int ticks) {
  Stream out;
  for (int i = 0; i < ticks; ++i) out.add(mix.take(block_of(sound, from + i * kTick, kTick), from + i * kTick));
  out.add(mix.flush());
  return out;
}

TEST(DownMix, BelowTheCeilingItIsTheSumToTheSampleAndAtItsPlace) {
  DownMix mix(2);
  const Stream out = run(mix, tones(6, -20), 48000, 5);
  EXPECT_EQ(out.first, 48000);
  ASSERT_EQ(out.left.size(), 5u * kTick) << "all of it";
  for (std::size_t i = 0; i < out.left.size(); ++i) {
    const auto n = static_cast<std::int64_t>(48000 + i);
    const float sum = channel_tone(kLeft, n, -20) +
                      0.70710678F * (channel_tone(kCentre, n, -20) + channel_tone(kLeftSurround, n, -20));
    ASSERT_NEAR(out.left[i], sum, 1e-6F) << i;
  }
}

TEST(DownMix, ASumThatIsTooLoudIsTurnedDown) {
  DownMix mix(2);
  const Stream out = run(mix, {6, [](int, std::int64_t n) { return tone(997, -1)(n)[0]; }}, 0, 30);
  EXPECT_LE(highest(out.left), gain_of(-1));
  EXPECT_GT(highest(out.left), gain_of(-2));
}

TEST(DownMix, ABreakInWhatComesIsNotFilled) {
  DownMix mix(2);
  (void)mix.take(block_of(tones(6, -20), 0, kTick), 0);
  const DownMix::Out out = mix.take(block_of(tones(6, -20), 480000, kTick), 480000);
  EXPECT_EQ(out.first_sample, 480000);
}

TEST(DownMix, MonoIsSpreadToBothSidesAndNeverWaits) {
  DownMix mix(2);
  const DownMix::Out out = mix.take(block_of(still({0.5F}), 0, 10), 7);
  EXPECT_EQ(out.first_sample, 7);
  ASSERT_EQ(out.block->samples, 10);
  EXPECT_FLOAT_EQ(out.block->plane(1)[9], 0.5F * 0.70710678F);
  EXPECT_EQ(mix.flush().block, nullptr);
}

}  // namespace
}  // namespace mainstay
