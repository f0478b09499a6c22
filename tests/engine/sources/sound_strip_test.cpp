#include "engine/sources/sound_strip.h"

#include <gtest/gtest.h>

#include <memory>

namespace mainstay {
namespace {

AudioBlockPtr level(int samples, float value = 1) {
  auto block = std::make_shared<AudioBlock>(2, samples);
  for (float& s : block->data) s = value;
  return block;
}

TEST(SoundStrip, CutsRunsOfAnyLengthIntoTicks) {
  SoundStrip strip;
  std::int64_t at = 0;
  for (int length : {1024, 7, 3000, 1152, 960}) {
    auto block = std::make_shared<AudioBlock>(2, length);
    for (int i = 0; i < length; ++i) block->plane(0)[static_cast<std::size_t>(i)] = static_cast<float>(at + i);
    strip.add(at, block);
    at += length;
  }
  for (std::int64_t first = 0; first + 1600 < at - 300; first += 1600) {
    const auto cut = strip.cut(first, 1600, false, {});
    ASSERT_TRUE(cut);
    ASSERT_EQ(cut->samples, 1600);
    for (int i = 0; i < 1600; ++i) ASSERT_EQ(cut->plane(0)[static_cast<std::size_t>(i)], static_cast<float>(first + i));
  }
}

TEST(SoundStrip, IsSilentWhereNothingIs) {
  SoundStrip strip;
  EXPECT_EQ(strip.cut(0, 1600, false, {}), nullptr);
  strip.add(8000, level(100));
  EXPECT_EQ(strip.cut(1600, 1600, false, {}), nullptr);
}

TEST(SoundStrip, FallsAndRisesRoundAGapInsteadOfClicking) {
  SoundStrip strip;
  strip.add(0, level(2000));
  strip.add(3000, level(3000));
  const auto first = strip.cut(0, 1600, false, {});
  const auto second = strip.cut(1600, 1600, false, {});
  const auto third = strip.cut(3200, 1600, false, {});
  EXPECT_EQ(first->plane(0)[0], 1) << "the file's own beginning is left alone";
  EXPECT_EQ(first->plane(1)[1599], 1);
  EXPECT_EQ(second->plane(0)[159], 1);
  EXPECT_LT(second->plane(0)[300], second->plane(0)[200]);
  EXPECT_EQ(second->plane(0)[399], 0);
  EXPECT_EQ(second->plane(0)[400], 0);
  EXPECT_EQ(second->plane(0)[1400], 0) << "the rise begins at the run";
  EXPECT_GT(second->plane(0)[1500], 0);
  EXPECT_LT(second->plane(0)[1599], 1);
  EXPECT_NEAR(third->plane(0)[0], 200.0 / 240, 1e-3) << "and goes on in the next tick";
  EXPECT_EQ(third->plane(0)[40], 1);
}

TEST(SoundStrip, RampsAtCutsAndFlowsOnWhereTheSoundEndsWithTheRound) {
  SoundStrip cut_off;
  cut_off.add(0, level(4000));
  EXPECT_EQ(cut_off.cut(0, 1600, true, {})->plane(0)[0], 0);
  EXPECT_EQ(cut_off.cut(1600, 1600, false, 3200)->plane(0)[1599], 0);
  SoundStrip exact;
  exact.add(0, level(3200));
  exact.finish();
  EXPECT_EQ(exact.cut(0, 1600, false, {})->plane(0)[1599], 1);
  EXPECT_EQ(exact.cut(1600, 1600, false, 3200)->plane(0)[1599], 1);
  SoundStrip brief;
  brief.add(0, level(3100));
  brief.finish();
  const auto last = brief.cut(1600, 1600, false, 3200);
  EXPECT_EQ(last->plane(0)[1499], 0);
  EXPECT_GT(last->plane(0)[1300], last->plane(0)[1400]);
}

TEST(SoundStrip, KeepsTheLayoutAndWhereItChangesTheWiderOne) {
  const auto still = [](int channels, int samples, float value) {
    auto block = std::make_shared<AudioBlock>(channels, samples);
    for (float& s : block->data) s = value;
    return block;
  };
  SoundStrip strip;
  strip.add(0, still(1, 2400, 0.5F));
  strip.add(2400, still(6, 2400, 0.25F));
  const auto mono = strip.cut(0, 1600, false, {});
  const auto both = strip.cut(1600, 1600, false, {});
  const auto wide = strip.cut(3200, 1000, false, {});
  ASSERT_TRUE(mono && both && wide);
  EXPECT_EQ(mono->channels, 1);
  EXPECT_EQ(mono->plane(0)[1599], 0.5F);
  ASSERT_EQ(both->channels, 6);
  EXPECT_EQ(both->plane(2)[799], 0.5F) << "mono is the centre";
  EXPECT_EQ(both->plane(0)[799], 0);
  EXPECT_EQ(both->plane(5)[800], 0.25F);
  ASSERT_EQ(wide->channels, 6);
  EXPECT_EQ(wide->plane(4)[0], 0.25F);
}

}  // namespace
}  // namespace mainstay
