#include "engine/remote/origin/audience_book.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mainstay::remote {
namespace {

Regions block(const std::string& network, const std::string& name) {
  return Regions(std::map<std::string, std::string>{{network, name}});
}

constexpr const char* kDesktop = "Mozilla/5.0 (X11; Linux x86_64) Chrome/120.0 Safari/537.36";
constexpr const char* kPhone = "Mozilla/5.0 (iPhone) Version/17.0 Mobile/15E148 Safari/604.1";

class AudienceBookTest : public ::testing::Test {
 protected:
  void ask(const std::string& cmcd, const std::string& ip = "192.0.2.1", const char* agent = kDesktop,
           package::ItemKind kind = package::ItemKind::part) {
    const Cmcd parsed = parse_cmcd(cmcd);
    book_.note({ip, agent, kind, parsed});
  }
  Beacon beacon(std::int64_t number, double watch_s = 0) {
    Beacon made;
    made.session = "s1";
    made.number = number;
    made.watch_ms = watch_s * 1000;
    return made;
  }
  void report(const Beacon& made, const std::string& ip = "192.0.2.1", const char* agent = kDesktop) {
    book_.report(ip, agent, made);
  }

  ManualClock clock_;
  std::vector<SessionRecord> ended_;
  AudienceBook book_{clock_, [this](const SessionRecord& record) { ended_.push_back(record); }};
};

TEST_F(AudienceBookTest, ASessionIsOneViewerHoweverMuchItAsks) {
  for (int i = 0; i < 10; ++i) ask("sid=\"s1\"");
  ask("sid=\"s2\"");
  EXPECT_EQ(book_.figures().viewers, 2);
  EXPECT_EQ(book_.figures().all().sessions, 2);
}

TEST_F(AudienceBookTest, PlayersWithoutANameAreKnownByAddressAndBrowser) {
  ask("", "192.0.2.1", kDesktop);
  ask("", "192.0.2.1", kDesktop);
  ask("", "192.0.2.1", kPhone);
  ask("", "192.0.2.2", kDesktop);
  EXPECT_EQ(book_.figures().viewers, 3);
}

TEST_F(AudienceBookTest, ALookAtTheFirstPlaylistIsNoViewer) {
  ask("", "192.0.2.1", kDesktop, package::ItemKind::multivariant);
  EXPECT_EQ(book_.figures().viewers, 0);
  ask("", "192.0.2.1", kDesktop, package::ItemKind::media_playlist);
  EXPECT_EQ(book_.figures().viewers, 1);
}

TEST_F(AudienceBookTest, WhoIsSilentIsGone) {
  ask("sid=\"s1\"");
  clock_.advance(AudienceBook::kSilent);
  EXPECT_EQ(book_.figures().viewers, 1);
  clock_.advance(Millis(1));
  EXPECT_EQ(book_.figures().viewers, 0);
  ASSERT_EQ(ended_.size(), 1u);
  EXPECT_EQ(ended_[0].device, "desktop");
  EXPECT_EQ(ended_[0].browser, "chrome");
}

TEST_F(AudienceBookTest, GroupsAreRegionAndDevice) {
  book_.use(block("10.0.0.0/8", "north"));
  ask("sid=\"a\"", "10.1.1.1");
  ask("sid=\"b\"", "10.1.1.1", kPhone);
  ask("sid=\"c\"", "192.0.2.1", kPhone);
  const AudienceFigures figures = book_.figures();
  ASSERT_EQ(figures.groups.size(), 3u);
  EXPECT_EQ(figures.groups[0].region, "elsewhere");
  EXPECT_EQ(figures.groups[0].device, "mobile");
  EXPECT_EQ(figures.groups[1].region, "north");
  EXPECT_EQ(figures.groups[1].device, "desktop");
  EXPECT_EQ(figures.groups[1].browsers.at("chrome"), 1);
}

TEST_F(AudienceBookTest, ReportsAreSumsOfWhichOnlyWhatGrewCounts) {
  Beacon first = beacon(1);
  first.startup_ms = 800;
  first.latency_ms = 1500;
  report(first);
  clock_.advance(Seconds(10));
  Beacon second = beacon(2, 9);
  second.startup_ms = 800;
  second.latency_ms = 1700;
  second.rebuffers = 2;
  second.rebuffer_ms = 1000;
  second.switches = 1;
  second.errors = 3;
  report(second);
  report(second);  // twice on its way
  report(first);   // late
  const AudienceGroup all = book_.figures().all();
  EXPECT_EQ(all.startup.count(), 1);
  EXPECT_DOUBLE_EQ(all.startup.mean(), 0.8);
  EXPECT_EQ(all.latency.count(), 2);
  EXPECT_DOUBLE_EQ(all.watch_s, 9);
  EXPECT_EQ(all.rebuffers, 2);
  EXPECT_DOUBLE_EQ(all.rebuffer_s, 1);
  EXPECT_EQ(all.switches, 1);
  EXPECT_EQ(all.errors, 3);
  EXPECT_DOUBLE_EQ(*book_.figures().latency_s, 1.7);
  EXPECT_DOUBLE_EQ(*book_.figures().startup_s, 0.8);
  EXPECT_DOUBLE_EQ(book_.figures().rebuffer_ratio, 0.1);
}

TEST_F(AudienceBookTest, WhatItsRequestsToldBeforeItsFirstReportCountsOnce) {
  for (int i = 0; i < 3; ++i) ask("sid=\"s1\",ot=v,d=1000,bs");
  EXPECT_DOUBLE_EQ(book_.figures().all().watch_s, 3);
  report(beacon(1, 0.5));
  clock_.advance(Seconds(10));
  Beacon second = beacon(2, 8);
  second.rebuffers = 4;
  report(second);
  EXPECT_DOUBLE_EQ(book_.figures().all().watch_s, 8);
  EXPECT_EQ(book_.figures().all().rebuffers, 4);
}

TEST_F(AudienceBookTest, NobodyHasWatchedLongerThanThereWasTimeFor) {
  report(beacon(1));
  clock_.advance(Seconds(5));
  report(beacon(2, 86'400));
  EXPECT_LE(book_.figures().all().watch_s, 20);
}

TEST_F(AudienceBookTest, ASessionHeardOfInItsMiddleCountsFromThere) {
  Beacon late = beacon(7, 3600);
  late.startup_ms = 500;
  report(late);
  EXPECT_EQ(book_.figures().all().watch_s, 0);
  EXPECT_EQ(book_.figures().all().startup.count(), 0);
  clock_.advance(Seconds(5));
  report(beacon(8, 3605));
  EXPECT_DOUBLE_EQ(book_.figures().all().watch_s, 5);
}

TEST_F(AudienceBookTest, WhatArrivesAfterTheEndBeginsNoSession) {
  ask("sid=\"s1\"");
  Beacon last = beacon(1, 3);
  last.ended = true;
  report(last);
  ask("sid=\"s1\"");  // was waiting for a part
  EXPECT_EQ(book_.figures().viewers, 0);
  EXPECT_EQ(book_.figures().all().sessions, 1);
  EXPECT_EQ(ended_.size(), 1u);
  clock_.advance(AudienceBook::kSilent + Seconds(1));
  EXPECT_EQ(book_.figures().all().sessions, 1);
  EXPECT_EQ(ended_.size(), 1u);
}

TEST_F(AudienceBookTest, WithoutReportsTheRequestsTellWhatTheyCan) {
  ask("sid=\"s1\",ot=m,su", "192.0.2.1", kDesktop, package::ItemKind::multivariant);
  clock_.advance(Millis(700));
  ask("sid=\"s1\",ot=v,d=2000,su");
  clock_.advance(Millis(200));
  ask("sid=\"s1\",ot=a,d=2000");
  ask("sid=\"s1\",ot=v,d=2000,bs");
  book_.end_all();
  const AudienceGroup all = book_.figures().all();
  EXPECT_EQ(all.rebuffers, 1);
  EXPECT_DOUBLE_EQ(all.watch_s, 4);
  EXPECT_EQ(all.startup.count(), 1);
  EXPECT_DOUBLE_EQ(all.startup.mean(), 0.9);
}

TEST_F(AudienceBookTest, AFailureCountsOnce) {
  Beacon failed = beacon(1);
  failed.failed = true;
  report(failed);
  failed.number = 2;
  report(failed);
  EXPECT_EQ(book_.figures().all().failed, 1);
  EXPECT_DOUBLE_EQ(book_.figures().error_ratio, 1);
}

TEST_F(AudienceBookTest, StaysBounded) {
  for (std::size_t i = 0; i < AudienceBook::kMostSessions + 10; ++i) ask("sid=\"" + std::to_string(i) + "\"");
  EXPECT_EQ(book_.figures().viewers, static_cast<int>(AudienceBook::kMostSessions));
  for (std::size_t i = 0; i < AudienceBook::kMostGroups + 10; ++i) {
    book_.use(block("0.0.0.0/0", "r" + std::to_string(i)));
    ask("sid=\"r" + std::to_string(i) + "\"");
  }
  EXPECT_LE(book_.figures().groups.size(), AudienceBook::kMostGroups);
}

TEST(SecondsHistogramTest, QuantilesLieWithinTheirClass) {
  SecondsHistogram histogram;
  EXPECT_FALSE(histogram.quantile(0.5));
  for (int i = 0; i < 99; ++i) histogram.add(0.9);
  histogram.add(100);
  EXPECT_GT(*histogram.quantile(0.5), 0.75);
  EXPECT_LE(*histogram.quantile(0.5), 1);
  EXPECT_EQ(histogram.up_to(0), 0);
  EXPECT_EQ(histogram.up_to(SecondsHistogram::kBounds.size() - 1), 99);
  EXPECT_EQ(histogram.count(), 100);
}

}  // namespace
}  // namespace mainstay::remote
