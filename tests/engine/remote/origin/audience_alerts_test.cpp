#include "engine/remote/origin/audience_alerts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/core/clock.h"
#include "engine/remote/origin/audience_window.h"

namespace mainstay::remote {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class AudienceWindowTest : public ::testing::Test {
 protected:
  RecentFigures figures(int present = 0) { return window_.figures(clock_.now(), present); }

  ManualClock clock_;
  AudienceWindow window_{Seconds(60)};
};

TEST_F(AudienceWindowTest, of_startups_the_slowest_twentieth_may_be_as_slow_as_it_likes) {
  EXPECT_EQ(figures().startup_p95_s, std::nullopt);
  for (int i = 0; i < 19; ++i) window_.started(clock_.now(), 0.5 + 0.01 * i);
  window_.started(clock_.now(), 50);
  EXPECT_DOUBLE_EQ(*figures().startup_p95_s, 0.68);
  window_.started(clock_.now(), 40);
  EXPECT_DOUBLE_EQ(*figures().startup_p95_s, 40);
}

TEST_F(AudienceWindowTest, what_is_longer_ago_than_the_window_counts_no_more) {
  window_.started(clock_.now(), 9);
  window_.played(clock_.now(), 10, 10);
  window_.failed(clock_.now());
  window_.ended(clock_.now());
  EXPECT_DOUBLE_EQ(figures().rebuffer_ratio, 0.5);
  EXPECT_DOUBLE_EQ(figures().error_ratio, 1);
  clock_.advance(Seconds(30));
  window_.played(clock_.now(), 60, 0);
  EXPECT_DOUBLE_EQ(figures().rebuffer_ratio, 0.125);
  EXPECT_DOUBLE_EQ(figures(3).error_ratio, 0.25);
  clock_.advance(Seconds(31));
  EXPECT_DOUBLE_EQ(figures().rebuffer_ratio, 0);
  EXPECT_DOUBLE_EQ(figures(3).error_ratio, 0);
  EXPECT_EQ(figures().startup_p95_s, std::nullopt);
  EXPECT_EQ(figures(3).sessions, 3);
}

TEST_F(AudienceWindowTest, stays_bounded) {
  for (int i = 0; i < 100'000; ++i) {
    window_.started(clock_.now(), 1);
    window_.played(clock_.now(), 1, 0);
    clock_.advance(Millis(1));
  }
  EXPECT_DOUBLE_EQ(*figures().startup_p95_s, 1);
}

class AudienceAlertsTest : public ::testing::Test {
 protected:
  AudienceAlertsTest() {
    limits_.rebuffer_ratio = 0.02;
    limits_.least_sessions = 3;
    limits_.after = Millis(2000);
    limits_.clear = Millis(10'000);
    alerts_.use(limits_);
  }
  /// "raised rebuffering", a second after the last look.
  std::vector<std::string> see(double ratio, std::int64_t sessions = 10) {
    clock_.advance(Seconds(1));
    RecentFigures now;
    now.window_s = 300;
    now.sessions = sessions;
    now.rebuffer_ratio = ratio;
    std::vector<std::string> out;
    for (const auto& change : alerts_.see(clock_.now(), now)) {
      out.push_back((change.raised ? "raised " : "cleared ") + change.alert.kind);
      message_ = change.message;
    }
    return out;
  }

  ManualClock clock_;
  show::HlsAlerts limits_;
  AudienceAlerts alerts_;
  std::string message_;
};

TEST_F(AudienceAlertsTest, a_limit_that_stays_exceeded_is_raised_once) {
  EXPECT_THAT(see(0.03), IsEmpty());
  EXPECT_THAT(see(0.03), IsEmpty());
  EXPECT_THAT(see(0.03), ElementsAre("raised rebuffering"));
  EXPECT_EQ(message_, "viewers' players stand still: 3.0 % of the time (of 10 sessions in 300 s), limit 2.0 %");
  EXPECT_THAT(see(0.04), IsEmpty());
  EXPECT_THAT(alerts_.raised(), ElementsAre(AudienceAlert{"rebuffering", 0.04, 0.02}));
}

TEST_F(AudienceAlertsTest, a_moment_above_the_limit_is_nothing) {
  for (int i = 0; i < 10; ++i) EXPECT_THAT(see(i % 2 == 0 ? 0.03 : 0.01), IsEmpty());
}

TEST_F(AudienceAlertsTest, is_cleared_when_it_has_stayed_well_below_for_long_enough) {
  for (int i = 0; i < 3; ++i) see(0.03);
  for (int i = 0; i < 30; ++i) EXPECT_THAT(see(0.018), IsEmpty());  // about the limit
  for (int i = 0; i < 10; ++i) EXPECT_THAT(see(0.015), IsEmpty());
  EXPECT_THAT(see(0.015), ElementsAre("cleared rebuffering"));
  EXPECT_THAT(message_, HasSubstr("again"));
  EXPECT_THAT(alerts_.raised(), IsEmpty());
}

TEST_F(AudienceAlertsTest, what_a_few_say_is_no_figure) {
  for (int i = 0; i < 10; ++i) EXPECT_THAT(see(0.9, 2), IsEmpty());
}

TEST_F(AudienceAlertsTest, a_limit_that_is_taken_away_clears_what_it_had_raised) {
  for (int i = 0; i < 3; ++i) see(0.03);
  alerts_.use({.startup_p95_s = 3});
  EXPECT_THAT(see(0.03), ElementsAre("cleared rebuffering"));
}

TEST_F(AudienceAlertsTest, without_limits_nothing_is_raised) {
  alerts_.use({});
  for (int i = 0; i < 10; ++i) EXPECT_THAT(see(1), IsEmpty());
  EXPECT_FALSE(show::HlsAlerts{}.any());
}

}  // namespace
}  // namespace mainstay::remote
