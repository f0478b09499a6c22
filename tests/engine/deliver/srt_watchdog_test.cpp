#include "engine/deliver/srt_watchdog.h"

#include <gtest/gtest.h>

#include <random>

namespace mainstay {
namespace {

class AckWatchdogTest : public ::testing::Test {
 protected:
  void look(std::int64_t acks, bool waiting, Nanos step = Millis{50}, Nanos rtt = Millis{20}) {
    now += step;
    watchdog.update(now, acks, waiting, rtt);
  }

  Instant now{};
  AckWatchdog watchdog{now};
};

TEST_F(AckWatchdogTest, SilenceWhileSomethingIsOnItsWayIsALoss) {
  look(10, true);
  for (int i = 0; i < 29; ++i) look(10, true);
  EXPECT_FALSE(watchdog.lost());
  look(10, true);
  EXPECT_TRUE(watchdog.lost());
  EXPECT_EQ(watchdog.silence(), Millis{1500});
  EXPECT_EQ(watchdog.last_ack(), Instant{} + Millis{50});
}

TEST_F(AckWatchdogTest, SilenceWithNothingOnItsWayIsNone) {
  for (int i = 0; i < 200; ++i) look(10, false);
  EXPECT_FALSE(watchdog.lost());
  EXPECT_EQ(watchdog.silence(), Nanos{0});
}

TEST_F(AckWatchdogTest, ALongLineHasMoreTime) {
  for (int i = 0; i < 47; ++i) look(1, true, Millis{50}, Millis{600});
  EXPECT_FALSE(watchdog.lost());
  for (int i = 0; i < 3; ++i) look(1, true, Millis{50}, Millis{600});
  EXPECT_TRUE(watchdog.lost());
}

TEST_F(AckWatchdogTest, OurOwnStallIsNotTheReceiversSilence) {
  look(10, true);
  look(10, true, Seconds{30});
  EXPECT_FALSE(watchdog.lost());
  look(11, true);
  EXPECT_EQ(watchdog.silence(), Nanos{0});
}

TEST_F(AckWatchdogTest, AReceiverThatAcknowledgesEveryOtherSecondLives) {
  std::mt19937 random(3);
  std::int64_t acks = 0;
  for (int i = 0; i < 5000; ++i) {
    if (i % 28 == 0) ++acks;
    look(acks, true, Millis{20 + static_cast<int>(random() % 31)});
    ASSERT_FALSE(watchdog.lost());
  }
}

}  // namespace
}  // namespace mainstay
