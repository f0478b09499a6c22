#include "engine/deliver/congestion.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mainstay {
namespace {

using testing::HasSubstr;

class CongestionTest : public testing::Test {
 protected:
  CongestionTest() { meter_.begin(now_); }

  /// The same reading every tenth of a second, for so long; how often the meter told something new.
  int hold(const CongestionReading& reading, Nanos time) {
    int told = 0;
    for (Nanos done{0}; done < time; done += Millis(100)) {
      now_ += Millis(100);
      told += meter_.update(now_, reading) ? 1 : 0;
    }
    return told;
  }

  Instant now_{Seconds(100)};
  CongestionMeter meter_{{}};
};

TEST_F(CongestionTest, ResendingThatLastsIsCongestionUntilTheLineIsCleanForAWhile) {
  EXPECT_EQ(hold({.resent_pct = 18}, Millis(900)), 0);
  EXPECT_EQ(hold({.resent_pct = 18}, Millis(300)), 1);
  EXPECT_TRUE(meter_.congested());
  EXPECT_THAT(meter_.why(), HasSubstr("18 % of what is sent got lost before"));
  EXPECT_EQ(hold({.resent_pct = 22}, Seconds(5)), 0) << "the figure alone is no news";
  EXPECT_EQ(hold({.resent_pct = 7}, Seconds(5)), 0) << "still more than a clean line";
  EXPECT_EQ(hold({.resent_pct = 1}, Millis(2900)), 0);
  EXPECT_EQ(hold({.resent_pct = 1}, Millis(300)), 1);
  EXPECT_FALSE(meter_.congested());
  EXPECT_EQ(meter_.why(), "");
}

TEST_F(CongestionTest, ABurstOfLossThatIsMendedIsNone) {
  for (int burst = 0; burst < 5; ++burst) {
    EXPECT_EQ(hold({.resent_pct = 40}, Millis(800)), 0);
    EXPECT_EQ(hold({.resent_pct = 2}, Millis(200)), 0);
  }
}

TEST_F(CongestionTest, ALineThatLosesAFewPercentForEverIsAGoodLine) {
  EXPECT_EQ(hold({.resent_pct = 6}, Seconds(60)), 0);
}

TEST_F(CongestionTest, DropsAreNewsEachTime) {
  EXPECT_EQ(hold({.dropped = 3}, Millis(100)), 1);
  EXPECT_EQ(hold({.dropped = 5, .resent_pct = 20}, Millis(100)), 1);
  EXPECT_THAT(meter_.why(), HasSubstr("5 packets dropped"));
}

}  // namespace
}  // namespace mainstay
