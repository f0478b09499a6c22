#include "engine/sources/timed_text.h"

#include <gmock/gmock.h>

#include <cstring>

#include "tests/engine/sources/graphics_fixture.h"
#include "tests/support/pictures.h"

namespace mainstay {
namespace {

using testing::HasSubstr;

/// Same size and same pixels.
bool same(const FramePtr& a, const FramePtr& b) {
  if (!a || !b || a->width != b->width || a->height != b->height) return false;
  for (int y = 0; y < a->height; ++y)
    if (std::memcmp(a->planes[0] + y * a->strides[0], b->planes[0] + y * b->strides[0],
                    static_cast<std::size_t>(a->width) * 4) != 0)
      return false;
  return true;
}

struct TimedTextTest : GraphicsTest {
  ffi::TextPainter painter;

  /// What a text looks like by itself.
  FramePtr painted(const std::string& text) {
    ffi::TextLayout layout;
    layout.even_digits = true;
    return painter.paint(text, {}, layout)->frame;
  }
  bool shows(const std::string& text) { return same(pull_settled(), painted(text)); }
};

TEST_F(TimedTextTest, AClockShowsEachSecondFromItsFirstFrameOn) {
  start(show::ClockSource{});
  EXPECT_TRUE(shows("12:00:00"));
  clock.advance(Millis(999));
  EXPECT_TRUE(shows("12:00:00"));
  clock.advance(Millis(1));
  EXPECT_TRUE(same(pull(), painted("12:00:01"))) << "painted before it was due: no tick waits for it";
  for (int second = 2; second < 70; ++second) {
    clock.advance(Seconds(1));
    ASSERT_TRUE(shows(fmt::format("12:{:02}:{:02}", second / 60, second % 60)));
  }
  EXPECT_EQ(source->status().state, SourceState::live);
}

TEST_F(TimedTextTest, AClockFollowsItsZoneAndAChangeOfUtc) {
  show::ClockSource config;
  config.zone = "Europe/Berlin";
  config.format = "%H:%M";
  start(config);
  EXPECT_TRUE(shows("14:00"));
  clock.step_utc(std::chrono::hours(-3));
  EXPECT_TRUE(shows("11:00"));
  clock.step_utc(std::chrono::hours(5));
  EXPECT_TRUE(shows("16:00"));
}

TEST_F(TimedTextTest, AClockGivesTheSamePictureWithinASecond) {
  start(show::ClockSource{});
  const FramePtr first = pull_settled();
  clock.advance(Millis(500));
  EXPECT_EQ(pull(), first);
}

TEST_F(TimedTextTest, AnUnknownZoneIsAFailure) {
  show::ClockSource config;
  config.zone = "Mars/Olympus";
  start(config);
  EXPECT_EQ(pull(), nullptr);
  EXPECT_EQ(source->status().state, SourceState::failed);
  EXPECT_THAT(source->status().detail, HasSubstr("there is no time zone 'Mars/Olympus'"));
}

TEST_F(TimedTextTest, ACountdownReachesZeroExactlyAtItsMoment) {
  show::CountdownSource config;
  config.to = "12:00:10";
  config.format = "%M:%S";
  start(config);
  EXPECT_TRUE(shows("00:10"));
  clock.advance(Nanos(1));
  EXPECT_TRUE(shows("00:10"));
  clock.advance(Millis(1000));
  EXPECT_TRUE(shows("00:09"));
  clock.advance(Millis(8999) - Nanos(2));
  EXPECT_TRUE(shows("00:01"));
  clock.advance(Millis(1));
  EXPECT_TRUE(shows("00:01")) << "a nanosecond is left";
  clock.advance(Nanos(1));
  EXPECT_TRUE(shows("00:00"));
  clock.advance(Seconds(100));
  EXPECT_TRUE(shows("00:00"));
}

TEST_F(TimedTextTest, ACountdownOfALengthBeginsWhenToldAndIsNotMovedByUtc) {
  show::CountdownSource config;
  config.length = Millis(90'000);
  config.start = show::CountdownStart::manual;
  config.format = "%M:%S";
  config.end_text = "WE ARE LIVE";
  start(config);
  clock.advance(Seconds(50));
  EXPECT_TRUE(shows("01:30"));
  ASSERT_TRUE(source->act(SourceAction::restart));
  EXPECT_TRUE(shows("01:30"));
  clock.advance(Seconds(30));
  EXPECT_TRUE(shows("01:00"));
  clock.step_utc(std::chrono::hours(1));
  EXPECT_TRUE(shows("01:00"));
  clock.advance(Seconds(60));
  EXPECT_TRUE(shows("WE ARE LIVE"));
  ASSERT_TRUE(source->act(SourceAction::restart));
  EXPECT_EQ(source->act(SourceAction::next).error().code, Errc::unsupported);
  clock.advance(Seconds(1));
  pull_settled();
  EXPECT_EQ(source->status().state, SourceState::live);
}

TEST_F(TimedTextTest, AChangedCountdownGoesOn) {
  show::CountdownSource config;
  config.length = Millis(60'000);
  config.format = "%S";
  start(config);
  clock.advance(Seconds(20));
  auto next = make(config);
  next->take_over(*source);
  source = std::move(next);
  source->start();
  settle();
  EXPECT_TRUE(shows("40"));
}

TEST(CountdownText, FillsTheUnitsOfItsFormat) {
  const auto left = [](std::int64_t s, const std::string& format) { return countdown_text(Seconds(s), format); };
  EXPECT_EQ(left(3600 + 23 * 60 + 4, "%H:%M:%S"), "01:23:04");
  EXPECT_EQ(left(3600 + 23 * 60 + 4, "%M:%S"), "83:04");
  EXPECT_EQ(left(100 * 3600, "%H:%M:%S"), "100:00:00");
  EXPECT_EQ(left(26 * 3600 + 61, "%D days, %h h %m min"), "1 days, 2 h 2 min") << "rounded up to what is shown";
  EXPECT_EQ(left(59, "%m min"), "1 min");
  EXPECT_EQ(left(0, "%m min"), "0 min");
  EXPECT_EQ(left(5, "T-%s (100%%)"), "T-5 (100%)");
  EXPECT_EQ(countdown_text(Millis(4001), "%s"), "5");
}

}  // namespace
}  // namespace mainstay
