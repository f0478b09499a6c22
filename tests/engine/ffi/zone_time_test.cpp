#include "engine/ffi/pango/zone_time.h"

#include <gtest/gtest.h>

namespace mainstay::ffi {
namespace {

std::string at(const std::string& zone, std::int64_t unix_s, const std::string& format) {
  const auto made = ZoneTime::make(zone);
  if (!made) return made.error().describe();
  const auto text = made->format(UtcInstant(Seconds(unix_s)), format);
  return text ? *text : text.error().describe();
}

TEST(ZoneTime, WritesUtcAndOtherZones) {
  constexpr std::int64_t kSummer = 1782907200;  // 2026-07-01 12:00:00 UTC
  EXPECT_EQ(at("UTC", kSummer, "%Y-%m-%d %H:%M:%S"), "2026-07-01 12:00:00");
  EXPECT_EQ(at("Europe/Berlin", kSummer, "%H:%M"), "14:00") << "summer time";
  EXPECT_EQ(at("America/New_York", kSummer, "%H:%M %Z"), "08:00 EDT");
  EXPECT_EQ(at("Asia/Kolkata", kSummer, "%H:%M"), "17:30");
}

TEST(ZoneTime, ChangesToSummerTimeAtTheSecond) {
  constexpr std::int64_t kChange = 1774746000;  // 2026-03-29 01:00:00 UTC
  EXPECT_EQ(at("Europe/Berlin", kChange - 1, "%H:%M:%S"), "01:59:59");
  EXPECT_EQ(at("Europe/Berlin", kChange, "%H:%M:%S"), "03:00:00");
}

TEST(ZoneTime, RefusesWhatItDoesNotKnow) {
  EXPECT_EQ(at("Europe/Berlino", 0, "%H"),
            "there is no time zone 'Europe/Berlino': UTC, local, or a name as Europe/Berlin");
  EXPECT_EQ(at("UTC", 0, "%Q"), "'%Q' has a mark that strftime does not know");
}

}  // namespace
}  // namespace mainstay::ffi
