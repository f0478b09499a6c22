#include "engine/sources/picture_retimer.h"

#include <gtest/gtest.h>

#include <random>
#include <vector>

namespace mainstay {
namespace {

std::vector<FrameIndex> slots(PictureRetimer retimer, const std::vector<std::int64_t>& times) {
  std::vector<FrameIndex> found;
  for (const std::int64_t t : times) found.push_back(retimer.slot(t));
  return found;
}

TEST(PictureRetimer, MapsTheProgramsOwnRateOneToOneThroughAnyRounding) {
  for (const Rate rate :
       {Rate{30, 1}, Rate{25, 1}, Rate{30000, 1001}, Rate{60, 1}, Rate{60000, 1001}, Rate{24000, 1001}}) {
    for (const TimeBase base : {kMillisBase, kTsBase, TimeBase{1, 15360}, rate.time_base()}) {
      PictureRetimer retimer(rate, rate, base, 0, base);
      // A day's worth, in steps, so that no rounding can pile up unseen.
      for (std::int64_t n = 0; n < 3000; ++n) {
        const std::int64_t pts = rescale(n, rate.time_base(), base);
        ASSERT_EQ(retimer.slot(pts), n) << rate.str() << " in 1/" << base.den;
      }
      PictureRetimer late(rate, rate, base, 0, base);
      for (std::int64_t n = 2'000'000; n < 2'000'100; ++n)
        ASSERT_EQ(late.slot(rescale(n, rate.time_base(), base)), n) << rate.str() << " in 1/" << base.den;
    }
  }
}

TEST(PictureRetimer, LetsACameraTrembleByHalfAFrame) {
  std::mt19937 random(7);
  std::uniform_int_distribution<int> tremble(-1499, 1499);  // of 3000 ticks a frame
  PictureRetimer retimer({30, 1}, {30, 1}, kTsBase, 0, kTsBase);
  for (std::int64_t n = 0; n < 5000; ++n) ASSERT_EQ(retimer.slot(n * 3000 + (n ? tremble(random) : 0)), n);
}

TEST(PictureRetimer, ShowsAtEachFrameWhatTheSourceShowsThen) {
  const Rate program{30, 1};
  for (const Rate source : {Rate{25, 1}, Rate{24000, 1001}, Rate{60, 1}, Rate{50, 1}, Rate{12, 1}, Rate{120, 1}}) {
    PictureRetimer retimer(program, source, source.time_base(), 0, source.time_base());
    std::vector<FrameIndex> first;
    for (std::int64_t n = 0; n < 2000; ++n) first.push_back(retimer.slot(n));
    std::size_t shown = 0;
    for (FrameIndex k = 0; k < first[1990]; ++k) {
      while (shown + 1 < first.size() && first[shown + 1] <= k) ++shown;
      // The picture being shown at k/30 s is floor(k·rate/30).
      ASSERT_EQ(static_cast<std::int64_t>(shown), mul_div(k, source.num, std::int64_t{source.den} * 30))
          << source.str() << " at " << k;
    }
  }
}

TEST(PictureRetimer, GivesTheSameForSixtyInMilliseconds) {
  std::vector<std::int64_t> exact;
  std::vector<std::int64_t> rounded;
  for (std::int64_t n = 0; n < 600; ++n) {
    exact.push_back(n);
    rounded.push_back(rescale(n, {1, 60}, kMillisBase));
  }
  EXPECT_EQ(slots(PictureRetimer({30, 1}, {60, 1}, {1, 60}, 0, {1, 60}), exact),
            slots(PictureRetimer({30, 1}, {60, 1}, kMillisBase, 0, kMillisBase), rounded));
}

TEST(PictureRetimer, FollowsAVariableRate) {
  // 100 ms, a hole of 500 ms, then fast.
  PictureRetimer retimer({30, 1}, {11, 1}, kMillisBase, 0, kMillisBase);
  EXPECT_EQ(slots(retimer, {0, 100, 600, 620, 640, 700}), (std::vector<FrameIndex>{0, 3, 18, 19, 20, 21}));
}

TEST(PictureRetimer, PutsTheFirstPictureOnAFrameAndMovesTheSoundWithIt) {
  // Sound starts 1024 samples before the picture (AAC's priming in a transport stream).
  PictureRetimer retimer({30, 1}, {30, 1}, kTsBase, 1920, kTsBase);
  EXPECT_EQ(retimer.slot(1920), 1);
  EXPECT_EQ(retimer.slot(1920 + 3000), 2);
  EXPECT_EQ(retimer.sample_shift(), 1600 - 1024);
  EXPECT_EQ(retimer.media_time(1), Nanos(21'333'333));
  PictureRetimer plain({30, 1}, {30, 1}, kTsBase, 0, kTsBase);
  EXPECT_EQ(plain.slot(0), 0);
  EXPECT_EQ(plain.sample_shift(), 0);
}

TEST(PictureRetimer, KnowsWhereTheLastPictureEnds) {
  PictureRetimer same({30, 1}, {30, 1}, kMillisBase, 0, kMillisBase);
  same.slot(967);
  EXPECT_EQ(same.end(967, 33), 30);
  EXPECT_EQ(same.end(967, 0), 30);
  PictureRetimer slower_source({30, 1}, {25, 1}, {1, 25}, 0, {1, 25});
  slower_source.slot(249);
  EXPECT_EQ(slower_source.end(249, 1), 300);
}

}  // namespace
}  // namespace mainstay
