#include "engine/remote/origin/rate_limit.h"

#include <gtest/gtest.h>

namespace mainstay::remote {
namespace {

TEST(RateLimitTest, AnAddressHasItsShareAndABurst) {
  ManualClock clock;
  RateLimit rate(clock);
  rate.set(10);
  for (int i = 0; i < 30; ++i) EXPECT_TRUE(rate.take("192.0.2.1")) << i;
  EXPECT_FALSE(rate.take("192.0.2.1"));
  EXPECT_TRUE(rate.take("192.0.2.2"));
  clock.advance(Millis(100));
  EXPECT_TRUE(rate.take("192.0.2.1"));
  EXPECT_FALSE(rate.take("192.0.2.1"));
}

TEST(RateLimitTest, ZeroIsNoLimit) {
  ManualClock clock;
  RateLimit rate(clock);
  for (int i = 0; i < 10'000; ++i) ASSERT_TRUE(rate.take("192.0.2.1"));
  EXPECT_EQ(rate.addresses(), 0u);
}

TEST(RateLimitTest, AHouseholdOfIPv6IsOneAddress) {
  EXPECT_EQ(household("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2");
  EXPECT_EQ(household("2001:db8::5"), "2001:db8");
  EXPECT_EQ(household("192.0.2.1"), "192.0.2.1");
}

TEST(RateLimitTest, OfTooManyAddressesTheOldestIsForgotten) {
  ManualClock clock;
  RateLimit rate(clock);
  rate.set(1);
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(rate.take("first"));
  EXPECT_FALSE(rate.take("first"));
  for (std::size_t i = 0; i < RateLimit::kMostAddresses; ++i) EXPECT_TRUE(rate.take(std::to_string(i)));
  EXPECT_EQ(rate.addresses(), RateLimit::kMostAddresses);
  EXPECT_TRUE(rate.take("first"));
}

}  // namespace
}  // namespace mainstay::remote
