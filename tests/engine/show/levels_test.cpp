#include "engine/show/levels.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mainstay::show {
namespace {

using ::testing::HasSubstr;

StreamLoad load(int width, int height, Rate rate, int kbps, const char* profile = "main") {
  return {Codec::h264, profile, width, height, rate, kbps, kbps};
}

TEST(LevelsTest, KnowTheNamesOfLevels) {
  EXPECT_EQ(level_number("4.1"), 41);
  EXPECT_EQ(level_number("4"), 40);
  EXPECT_EQ(level_number("4.0"), 40);
  EXPECT_EQ(level_number("1b"), 10);
  for (const char* bad : {"", "x", "4.", "4.12", "0", ".1", "4,1"}) EXPECT_EQ(level_number(bad), 0) << bad;
}

TEST(LevelsTest, FitWhatTheStandardSaysFits) {
  EXPECT_TRUE(fits_level(load(1280, 720, {30, 1}, 4000), "3.1"));
  EXPECT_FALSE(fits_level(load(1280, 720, {31, 1}, 4000), "3.1"));
  EXPECT_TRUE(fits_level(load(1920, 1080, {30, 1}, 20000), "4"));
  EXPECT_TRUE(fits_level(load(1920, 1080, {30, 1}, 20000), "4.0"));
  EXPECT_FALSE(fits_level(load(1920, 1080, {30, 1}, 20001), "4"));
  EXPECT_TRUE(fits_level(load(1920, 1080, {30, 1}, 25000, "high"), "4"));
  EXPECT_FALSE(fits_level(load(1920, 1080, {60, 1}, 6000), "4.1"));
  EXPECT_TRUE(fits_level(load(1920, 1080, {60, 1}, 6000), "4.2"));
  EXPECT_TRUE(fits_level(load(3840, 2160, {60, 1}, 35000), "5.2"));
  EXPECT_FALSE(fits_level(load(8000, 16, {30, 1}, 1000), "4")) << "too wide for the level, however small";
}

TEST(LevelsTest, SayWhatIsTooMuchAndWhatWouldDo) {
  EXPECT_EQ(fits_level(load(1920, 1080, {60, 1}, 6000), "4.1").error().message,
            "level 4.1 is too low: 1920×1080 at 60/1 frames/s makes 489600 macroblocks/s, it allows 245760; level 4.2 "
            "would do");
  EXPECT_THAT(fits_level(load(1280, 720, {30, 1}, 20000), "3.1").error().message,
              HasSubstr("does not allow 20000 kb/s"));
  StreamLoad buffer = load(1280, 720, {30, 1}, 10000);
  buffer.vbv_kbits = 20000;
  EXPECT_THAT(fits_level(buffer, "3.1").error().message, HasSubstr("buffer does not hold the 20000 kbit"));
  EXPECT_THAT(fits_level(load(8192, 8192, {300, 1}, 6000), "6.2").error().message, HasSubstr("no level would do"));
}

TEST(LevelsTest, OfHevcCountSamples) {
  StreamLoad stream = load(1920, 1080, {60, 1}, 12000);
  stream.codec = Codec::hevc;
  EXPECT_TRUE(fits_level(stream, "4.1"));
  EXPECT_FALSE(fits_level(stream, "4"));
  EXPECT_FALSE(fits_level(stream, "1b"));
  stream.codec = Codec::av1;
  EXPECT_TRUE(fits_level(stream, "anything"));
}

}  // namespace
}  // namespace mainstay::show
