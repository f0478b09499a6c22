#include "engine/remote/origin/regions.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mainstay::remote {
namespace {

TEST(RegionsTest, TheSmallestBlockThatHoldsTheAddressNamesIt) {
  const Regions regions(
      {{"10.0.0.0/8", "all"}, {"10.1.0.0/16", "north"}, {"10.1.2.3/32", "one"}, {"2001:db8::/33", "six"}});
  EXPECT_EQ(regions.of("10.9.9.9"), "all");
  EXPECT_EQ(regions.of("10.1.9.9"), "north");
  EXPECT_EQ(regions.of("10.1.2.3"), "one");
  EXPECT_EQ(regions.of("::ffff:10.1.2.3"), "one");
  EXPECT_EQ(regions.of("2001:db8:7fff::1"), "six");
  EXPECT_EQ(regions.of("2001:db8:8000::1"), "elsewhere");
  EXPECT_EQ(regions.of("192.0.2.1"), "elsewhere");
  EXPECT_EQ(regions.of("nonsense"), "elsewhere");
  EXPECT_THAT(regions.names(), ::testing::ElementsAre("all", "elsewhere", "north", "one", "six"));
}

TEST(RegionsTest, WhatIsNoBlockIsLeftOut) {
  const Regions regions({{"10.0.0.0/33", "a"}, {"x/8", "b"}, {"10.0.0.0/8x", "c"}, {"0.0.0.0/0", "everywhere"}});
  EXPECT_EQ(regions.of("10.0.0.1"), "everywhere");
  EXPECT_EQ(regions.of("2001:db8::1"), "elsewhere");
  EXPECT_EQ(Regions().of("10.0.0.1"), "elsewhere");
}

}  // namespace
}  // namespace mainstay::remote
