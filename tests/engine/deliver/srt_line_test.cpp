#include "engine/deliver/srt_line.h"

#include <gtest/gtest.h>

namespace mainstay {
namespace {

constexpr Nanos kLook = Millis{50};

class LineGaugeTest : public ::testing::Test {
 protected:
  // For so long the same: `unacked` on its way, `rate` bytes a second acknowledged.
  void hold(Nanos time, Nanos unacked, double rate, Nanos rtt = Millis{10}) {
    for (Nanos done{0}; done < time; done += kLook) look(unacked, rate, kLook, rtt);
  }
  void look(Nanos unacked, double rate, Nanos passed = kLook, Nanos rtt = Millis{10}) {
    now_ += passed;
    acked_ += static_cast<std::int64_t>(rate * seconds(passed));
    kept_ += static_cast<std::int64_t>(kept_rate_ * seconds(passed));
    gauge_.update(now_, {unacked, rtt, latency_, acked_, kept_, resent_pct_});
  }
  double limit() const { return static_cast<double>(gauge_.limit().value_or(0)); }

  Instant now_{Seconds{100}};
  Nanos latency_ = Millis{1200};
  double kept_rate_ = 0;
  double resent_pct_ = 0;
  std::int64_t acked_ = 0;
  std::int64_t kept_ = 0;
  LineGauge gauge_{now_};
};

TEST_F(LineGaugeTest, LeavesTimeToSendAgainWithinTheLatency) {
  look(Millis{10}, 0);
  EXPECT_EQ(gauge_.most_unacked(), Millis{2 * 10 + 300});
  latency_ = Millis{120};
  look(Millis{10}, 0);
  EXPECT_EQ(gauge_.most_unacked(), Millis{2 * 10 + 200}) << "less would be held up by every lossy line";
}

TEST_F(LineGaugeTest, StopsBeforeLibsrtGivesUp) {
  latency_ = Millis{900};
  look(Millis{10}, 0, kLook, Millis{300});
  EXPECT_EQ(gauge_.most_unacked(), Millis{700}) << "70 % of the second it keeps at least";
  look(Millis{10}, 0, kLook, Millis{290});
  latency_ = Millis{8000};
  look(Millis{10}, 0, kLook, Millis{290});
  EXPECT_EQ(gauge_.most_unacked(), Millis{2 * 290 + 2000});
}

TEST_F(LineGaugeTest, AGoodLineIsNotLimited) {
  hold(Seconds{60}, Millis{30}, 300'000);
  EXPECT_FALSE(gauge_.full());
  EXPECT_FALSE(gauge_.limit());
}

TEST_F(LineGaugeTest, WhatTheLinesOwnQueueHoldsCountsAsOnItsWay) {
  hold(Seconds{5}, Millis{30}, 300'000);
  hold(Millis{100}, Millis{450}, 150'000, Millis{400});
  EXPECT_TRUE(gauge_.full()) << "a round trip of a full queue is none of the line's";
}

TEST_F(LineGaugeTest, ALineThatGotLongIsBelievedAfterAWhile) {
  hold(Seconds{5}, Millis{30}, 300'000);
  hold(Seconds{10}, Millis{430}, 300'000, Millis{400});
  EXPECT_FALSE(gauge_.full());
}

TEST_F(LineGaugeTest, ALineThatStaysFullGetsALittleLessThanItDelivers) {
  hold(Seconds{5}, Millis{30}, 300'000);
  hold(Seconds{2}, Millis{500}, 100'000);
  EXPECT_NEAR(limit(), 95'000, 3'000);
  hold(Seconds{1}, Millis{200}, 95'000);
  EXPECT_NEAR(limit(), 96'000, 3'000) << "with care at first";
  hold(Seconds{9}, Millis{200}, 95'000);
  EXPECT_NEAR(limit(), 190'000, 6'000);
  hold(Seconds{11}, Millis{200}, 95'000);
  EXPECT_FALSE(gauge_.limit()) << "forgotten";
}

TEST_F(LineGaugeTest, AStallIsNoNarrowLine) {
  for (int stall = 0; stall < 20; ++stall) {
    hold(Seconds{1}, Millis{30}, 300'000);
    hold(Millis{200}, Millis{500}, 0);
    EXPECT_TRUE(gauge_.full());
  }
  EXPECT_FALSE(gauge_.limit());
}

TEST_F(LineGaugeTest, AfterALongStallWhatComesAtOnceRaisesTheLimit) {
  hold(Seconds{5}, Millis{30}, 300'000);
  hold(Millis{600}, Millis{500}, 0);
  EXPECT_LT(limit(), 220'000);
  EXPECT_GT(limit(), 0);
  hold(Millis{100}, Millis{100}, 6 * 300'000);
  hold(Millis{600}, Millis{30}, 300'000);
  EXPECT_GT(limit(), 0.9 * 300'000);
}

TEST_F(LineGaugeTest, WhereMuchIsMissingWhatIsNotCounts) {
  kept_rate_ = 150'000;
  resent_pct_ = 20;
  hold(Seconds{2}, Millis{500}, 0);
  EXPECT_NEAR(limit(), 0.95 * 150'000, 3'000);
  look(Millis{30}, 100 * 150'000);
  EXPECT_NEAR(limit(), 0.95 * 150'000, 5'000) << "what was missing came, and with it all that was there before";
}

TEST_F(LineGaugeTest, OurOwnStallIsNotTheLines) {
  hold(Seconds{5}, Millis{30}, 300'000);
  look(Millis{500}, 0, Seconds{3});
  EXPECT_FALSE(gauge_.limit());
}

TEST_F(LineGaugeTest, AnotherStreamIsATry) {
  hold(Seconds{5}, Millis{30}, 300'000);
  hold(Seconds{2}, Millis{500}, 100'000);
  gauge_.forget();
  EXPECT_FALSE(gauge_.limit());
}

}  // namespace
}  // namespace mainstay
