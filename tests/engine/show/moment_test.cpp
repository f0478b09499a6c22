#include "engine/show/moment.h"

#include <gtest/gtest.h>

namespace mainstay::show {
namespace {

constexpr Seconds kDay = std::chrono::hours(24);
constexpr UtcInstant kMidnight{Seconds(1782864000)};  // 2026-07-01 00:00:00 UTC

TEST(ParseMoment, ReadsATimeOfDayAsTheNextOne) {
  const auto moment = parse_moment("18:00:30");
  ASSERT_TRUE(moment);
  const UtcInstant then = kMidnight + std::chrono::hours(18) + Seconds(30);
  EXPECT_EQ(moment->from(kMidnight), then);
  EXPECT_EQ(moment->from(then), then);
  EXPECT_EQ(moment->from(then + Nanos(1)), then + kDay);
  EXPECT_EQ(parse_moment("00:00")->from(kMidnight + Seconds(1)), kMidnight + kDay);
}

TEST(ParseMoment, ReadsADateAndTime) {
  const auto moment = parse_moment("2026-07-01T00:00:00Z");
  ASSERT_TRUE(moment);
  EXPECT_EQ(moment->from(kMidnight + kDay), kMidnight) << "that may be over";
}

TEST(ParseMoment, RefusesEverythingElse) {
  for (const char* wrong : {"", "18", "24:00", "18:60", "18:00:60", "2026-02-30T00:00:00Z", "2026-07-01", "18.00",
                            "2026-07-01T00:00:00", "2026-07-01T00:00:00+01:00", "9999-07-01T00:00:00Z", "1x:00"})
    EXPECT_FALSE(parse_moment(wrong)) << wrong;
}

}  // namespace
}  // namespace mainstay::show
