#include "engine/remote/origin/beacon.h"

#include <gtest/gtest.h>

namespace mainstay::remote {
namespace {

TEST(BeaconTest, IsReadWhole) {
  const auto beacon = parse_beacon(R"({"session": "s1", "number": 3, "mode": "low_latency", "startup_ms": 800.5,
    "rebuffers": 2, "rebuffer_ms": 1200, "switches": 1, "watch_ms": 9000, "errors": 1, "failed": false,
    "latency_ms": 1400, "height": 720, "ended": true, "more": [1, 2]})");
  ASSERT_TRUE(beacon) << beacon.error().describe();
  EXPECT_EQ(beacon->session, "s1");
  EXPECT_EQ(beacon->number, 3);
  EXPECT_EQ(beacon->mode, "low_latency");
  EXPECT_EQ(beacon->startup_ms, 800.5);
  EXPECT_EQ(beacon->rebuffers, 2);
  EXPECT_EQ(beacon->rebuffer_ms, 1200);
  EXPECT_EQ(beacon->switches, 1);
  EXPECT_EQ(beacon->watch_ms, 9000);
  EXPECT_EQ(beacon->errors, 1);
  EXPECT_EQ(beacon->latency_ms, 1400);
  EXPECT_EQ(beacon->height, 720);
  EXPECT_TRUE(beacon->ended);
}

TEST(BeaconTest, WhatIsMissingOrNullIsNotKnown) {
  const auto beacon = parse_beacon(R"({"session": "s1", "startup_ms": null, "mode": "something new"})");
  ASSERT_TRUE(beacon);
  EXPECT_FALSE(beacon->startup_ms || beacon->latency_ms);
  EXPECT_EQ(beacon->mode, "unknown");
}

TEST(BeaconTest, NonsenseIsRefused) {
  for (const char* wrong :
       {"", "no", "[]", "{}", R"({"session": 5})", R"({"session": "a b"})", R"({"session": "s", "watch_ms": -1})",
        R"({"session": "s", "watch_ms": 1e300})", R"({"session": "s", "rebuffers": "2"})",
        R"({"session": "s", "ended": 1})", R"({"session": "s", "height": 1e9})", R"({"session": "s")"})
    EXPECT_FALSE(parse_beacon(wrong)) << wrong;
  EXPECT_FALSE(parse_beacon(R"({"session": "s", "x": ")" + std::string(3000, 'x') + "\"}"));
  EXPECT_FALSE(parse_beacon(std::string(2000, '[')));
}

}  // namespace
}  // namespace mainstay::remote
