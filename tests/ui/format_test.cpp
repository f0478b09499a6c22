#include "ui/format.h"

#include <gtest/gtest.h>

namespace mainstay::ui {
namespace {

LegSnapshot leg_in(LegState state, Nanos in_state = Seconds{10}, const char* role = "main") {
  LegSnapshot leg;
  leg.destination = "platform";
  leg.role = role;
  leg.state = state;
  leg.in_state = in_state;
  return leg;
}

Snapshot on_air_with(std::vector<LegSnapshot> legs) {
  Snapshot snapshot;
  snapshot.phase = Phase::on_air;
  snapshot.show_name = "Channel";
  snapshot.legs = std::move(legs);
  return snapshot;
}

TEST(FormatTest, ElapsedTimeIsAClockUntilItNeedsDays) {
  EXPECT_EQ(elapsed_text(Nanos{0}), "00:00:00");
  EXPECT_EQ(elapsed_text(Seconds{3599}), "00:59:59");
  EXPECT_EQ(elapsed_text(Seconds{99 * 3600 + 3599}), "99:59:59");
  EXPECT_EQ(elapsed_text(Seconds{100 * 3600}), "4d 04:00:00");
  EXPECT_EQ(elapsed_text(Seconds{-5}), "00:00:00");
}

TEST(FormatTest, CountsAreGroupedByThousands) {
  EXPECT_EQ(count_text(0), "0");
  EXPECT_EQ(count_text(999), "999");
  EXPECT_EQ(count_text(1000), QString("1") + QChar(0x202F) + "000");
  EXPECT_EQ(count_text(-1234567), QString("-1") + QChar(0x202F) + "234" + QChar(0x202F) + "567");
}

TEST(FormatTest, WhatIsNotKnownIsADashAndNotAZero) {
  EXPECT_EQ(millis_text(Nanos{0}), "–");
  EXPECT_EQ(millis_text(Micros{300}), "1");
  EXPECT_EQ(kbps_text(std::numeric_limits<double>::quiet_NaN()), "–");
}

TEST(FormatTest, RatesAreReadAsPeopleSayThem) {
  EXPECT_EQ(rate_text(Rate{30, 1}), "30 fps");
  EXPECT_EQ(rate_text(Rate{30000, 1001}), "29.97 fps");
}

TEST(FormatTest, BytesGrowThroughTheirUnits) {
  EXPECT_EQ(bytes_text(999'000), QString("999") + QChar(0x202F) + "kB");
  EXPECT_EQ(bytes_text(1'400'000'000), QString("1.4") + QChar(0x202F) + "GB");
  EXPECT_EQ(bytes_text(2'000'000'000'000'000), QString("2000.0") + QChar(0x202F) + "TB");
}

TEST(FormatTest, AConnectBecomesAWarningAfterTwoSeconds) {
  EXPECT_EQ(leg_tone(leg_in(LegState::connecting, Seconds{2})), Tone::quiet);
  EXPECT_EQ(leg_tone(leg_in(LegState::connecting, Millis{2001})), Tone::warning);
}

TEST(FormatTest, ALostLegStaysAmberWhileItConnectsAgain) {
  LegSnapshot leg = leg_in(LegState::connecting, Millis{100});
  leg.detail = "connection refused";
  EXPECT_EQ(leg_tone(leg), Tone::warning);
  EXPECT_EQ(delivery_line(on_air_with({leg_in(LegState::live), leg})).tone, Tone::warning);
}

TEST(FormatTest, OnlyALegInTroubleIsAmber) {
  EXPECT_EQ(leg_tone(leg_in(LegState::live)), Tone::calm);
  EXPECT_EQ(leg_tone(leg_in(LegState::degraded)), Tone::warning);
  EXPECT_EQ(leg_tone(leg_in(LegState::backoff)), Tone::error);
  EXPECT_EQ(leg_tone(leg_in(LegState::idle)), Tone::quiet);
  EXPECT_EQ(leg_tone(leg_in(LegState::stopped)), Tone::quiet);
}

TEST(FormatTest, DeliveryNamesTheLegThatIsDown) {
  const Line line =
      delivery_line(on_air_with({leg_in(LegState::live), leg_in(LegState::backoff, Seconds{1}, "backup")}));
  EXPECT_EQ(line.text, "1 of 2 legs live: platform/backup down");
  EXPECT_EQ(line.tone, Tone::warning);
}

TEST(FormatTest, DeliverySaysWhenNobodyGetsTheProgram) {
  const Line line = delivery_line(on_air_with({leg_in(LegState::backoff), leg_in(LegState::backoff)}));
  EXPECT_EQ(line.tone, Tone::error);
  EXPECT_EQ(line.text, "No leg is live: nobody gets this");
  EXPECT_EQ(delivery_line(on_air_with({})).tone, Tone::warning);
}

TEST(FormatTest, DeliverySaysThatViewersGetItFromHere) {
  Snapshot snapshot = on_air_with({});
  snapshot.hls = HlsSnapshot{.state = "waiting"};
  EXPECT_EQ(delivery_line(snapshot).tone, Tone::quiet);
  snapshot.hls->state = "live";
  EXPECT_EQ(delivery_line(snapshot).text, "Served to viewers from here");
  EXPECT_EQ(delivery_line(snapshot).tone, Tone::calm);
  snapshot.audience = AudienceSnapshot{.state = "failed"};
  EXPECT_EQ(delivery_line(snapshot).tone, Tone::error);
}

TEST(FormatTest, AFreshConnectIsNotAnAlarm) {
  const Line line = delivery_line(on_air_with({leg_in(LegState::connecting, Millis{300})}));
  EXPECT_EQ(line.text, "Connecting");
  EXPECT_EQ(line.tone, Tone::quiet);
}

TEST(FormatTest, ALegInStandbyIsNotMissed) {
  const Line line = delivery_line(on_air_with({leg_in(LegState::live), leg_in(LegState::idle)}));
  EXPECT_EQ(line.text, "1 of 1 legs live, 1 in standby");
  EXPECT_EQ(line.tone, Tone::calm);
}

TEST(FormatTest, OffAirThereIsNothingToDeliver) {
  EXPECT_EQ(delivery_line({}).text, "");
}

TEST(FormatTest, ARisenCountIsNewsForAWhileOnly) {
  Rising rising;
  EXPECT_EQ(rising.tone(412), Tone::quiet);  // from before
  EXPECT_EQ(rising.tone(413), Tone::warning);
  Tone last = Tone::warning;
  for (int look = 0; look < 100; ++look) last = rising.tone(413);
  EXPECT_EQ(last, Tone::quiet);
  EXPECT_EQ(rising.tone(414), Tone::warning);
  EXPECT_EQ(rising.tone(0), Tone::quiet);  // a new show counts from zero
}

TEST(FormatTest, AnEndedSourceMattersOnlyOnAir) {
  SourceSnapshot source;
  source.state = "ended";
  EXPECT_EQ(source_tone(source), Tone::quiet);
  source.on_air = true;
  EXPECT_EQ(source_tone(source), Tone::warning);
}

TEST(FormatTest, WhatTheWatchersRaisedIsOneLineAndTheProgramComesFirst) {
  Snapshot snapshot = on_air_with({});
  EXPECT_EQ(watch_line(snapshot).text, "");
  snapshot.watches = {{"clip", false, "freeze", 3, -90}, {"program", true, "silence", 4, -90}};
  EXPECT_EQ(watch_line(snapshot).text, QString("Program silent  ·  clip frozen"));
  EXPECT_EQ(watch_line(snapshot).tone, Tone::warning);
}

}  // namespace
}  // namespace mainstay::ui
