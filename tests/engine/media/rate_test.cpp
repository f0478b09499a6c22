#include "engine/media/rate.h"

#include <gtest/gtest.h>

namespace mainstay {
namespace {

TEST(RateTest, ReadsTheWaysPeopleWriteRates) {
  EXPECT_EQ(*Rate::parse("30"), (Rate{30, 1}));
  EXPECT_EQ(*Rate::parse("50/2"), (Rate{25, 1}));
  EXPECT_EQ(*Rate::parse("29.97"), (Rate{30000, 1001}));
  EXPECT_EQ(*Rate::parse("23.976"), (Rate{24000, 1001}));
  EXPECT_EQ(*Rate::parse("59.94"), (Rate{60000, 1001}));
  EXPECT_EQ(*Rate::parse("12.5"), (Rate{25, 2}));
}

TEST(RateTest, RefusesWhatIsNoRate) {
  for (const char* text : {"", "0", "-30", "30/0", "1/2", "abc", "30fps", "30/1/1", "9999", "30.", "99999999999"}) {
    EXPECT_FALSE(Rate::parse(text)) << text;
  }
}

TEST(RateTest, SamplesOfConsecutiveFramesAdjoinForADay) {
  for (const Rate rate : {Rate{30, 1}, Rate{30000, 1001}, Rate{24000, 1001}, Rate{60000, 1001}, Rate{25, 1}}) {
    std::int64_t next = 0;
    const FrameIndex day = rate.at(std::chrono::hours(24));
    for (FrameIndex n = 0; n < day; ++n) {
      ASSERT_EQ(rate.first_sample(n), next);
      next += rate.samples(n);
    }
    EXPECT_EQ(next, mul_div(day, std::int64_t{48000} * rate.den, rate.num));
  }
}

TEST(RateTest, AFramesBeginLiesInThatFrame) {
  const Rate rate{30000, 1001};
  for (FrameIndex n = 0; n < 100'000; n += 37) {
    EXPECT_LE(rate.at(rate.begin(n)), n);
    EXPECT_EQ(rate.at(rate.begin(n) + Nanos(1)), n);
  }
}

TEST(RateTest, RoundingGoesDownBelowZeroToo) {
  EXPECT_EQ(mul_div(-1, 1, 2), -1);
  EXPECT_EQ(mul_div(-1, 1, 2, Rounding::up), 0);
  EXPECT_EQ(mul_div(3, 1, 2, Rounding::nearest), 2);
  EXPECT_EQ(rescale(1, {1001, 30000}, kTsBase), 3003);
}

TEST(RateTest, NothingOverflowsInThreeHundredDays) {
  const Rate rate{60000, 1001};
  const Nanos days300 = std::chrono::hours(24 * 300);
  const FrameIndex n = rate.at(days300);
  EXPECT_EQ(rescale(n, rate.time_base(), kTsBase), mul_div(n, 90000LL * 1001, 60000, Rounding::nearest));
  EXPECT_GT(rate.first_sample(n), 0);
}

}  // namespace
}  // namespace mainstay
