#include "engine/deliver/step_policy.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mainstay {
namespace {

using testing::HasSubstr;

class StepPolicyTest : public testing::Test {
 protected:
  static LegLadder ladder() {
    LegLadder ladder;
    ladder.rungs = {{"v0", 6000}, {"v1", 3000}, {"v2", 1500}, {"v3", 500}};
    return ladder;
  }

  StepPolicyTest() {
    policy_.begin(now_);
    hold(Millis(0), 6000, Seconds(5));
  }

  void look(Nanos waiting, double kbps, double resent_pct = 0) {
    now_ += Millis(100);
    CongestionReading reading;
    reading.waiting = waiting;
    reading.dropped = dropped_;
    reading.resent_pct = resent_pct;
    policy_.update(now_, reading, kbps);
  }
  void hold(Nanos waiting, double kbps, Nanos time, double resent_pct = 0) {
    for (Nanos done{0}; done < time; done += Millis(100)) look(waiting, kbps, resent_pct);
  }
  /// What waits goes from one to the other; ends early when another rung is wanted.
  Nanos ramp(Nanos from, Nanos to, Nanos time, double kbps) {
    const std::size_t before = policy_.wanted();
    for (Nanos done{0}; done < time; done += Millis(100)) {
      look(from + Nanos((to - from).count() / time.count() * done.count()), kbps);
      if (policy_.wanted() != before) return done;
    }
    return time;
  }
  /// As a leg does at the next key frame.
  void key_frame() { policy_.took(now_, policy_.wanted()); }
  /// Calm until a higher rung is wanted; how long that took.
  Nanos until_up(Nanos limit = Seconds(2000)) {
    const Instant from = now_;
    while (policy_.wanted() >= policy_.current() && now_ - from < limit) look(Millis(0), 400);
    return now_ - from;
  }
  /// The network carries less again: down at the next key frame.
  void fail() {
    hold(Millis(0), 3000, Millis(2100));
    ramp(Millis(0), Seconds(2), Seconds(2), 1000);
    key_frame();
  }

  Instant now_{Seconds(100)};
  std::int64_t dropped_ = 0;
  StepPolicy policy_{ladder()};
};

TEST_F(StepPolicyTest, WhatWaitsAndGrowsBringsTheRungThatFitsWhatTheNetworkCarries) {
  const Nanos after = ramp(Millis(0), Seconds(2), Seconds(2), 2000);
  EXPECT_LE(after, Millis(700));
  EXPECT_EQ(policy_.rungs()[policy_.wanted()].name, "v2") << "85 % of 2000 kb/s hold 1500";
  EXPECT_THAT(policy_.why(), HasSubstr("ms waiting, the network carries 2000 kb/s"));
}

TEST_F(StepPolicyTest, AHiccupThatIsOverBeforeTheKeyFrameChangesNothing) {
  ramp(Millis(0), Seconds(1), Seconds(1), 3000);
  ASSERT_GT(policy_.wanted(), 0U);
  look(Millis(200), 9000);
  EXPECT_EQ(policy_.wanted(), 0U);
}

TEST_F(StepPolicyTest, UntilTheKeyFrameTheLatestFigureCounts) {
  ramp(Millis(0), Seconds(1), Seconds(1), 500);
  ASSERT_EQ(policy_.wanted(), 3U);
  ramp(Seconds(1), Seconds(2), Seconds(1), 2000);
  EXPECT_EQ(policy_.wanted(), 2U);
}

TEST_F(StepPolicyTest, ADropIsNoHiccup) {
  dropped_ = 40;
  look(Millis(0), 2000);
  ASSERT_EQ(policy_.wanted(), 2U);
  hold(Millis(0), 2000, Seconds(1));
  EXPECT_EQ(policy_.wanted(), 2U);
  EXPECT_THAT(policy_.why(), HasSubstr("packets were dropped"));
}

TEST_F(StepPolicyTest, WhatStillWaitsAfterAStepIsNoReasonForAnotherWhileItGetsLess) {
  ramp(Millis(0), Seconds(3), Seconds(3), 2000);
  key_frame();
  ASSERT_EQ(policy_.current(), 2U);
  for (int waits = 3000; waits > 0; waits -= 25) look(Millis(waits), 2000);
  EXPECT_EQ(policy_.wanted(), 2U);
}

TEST_F(StepPolicyTest, WhatDoesNotGetLessBringsTheNextStep) {
  ramp(Millis(0), Seconds(3), Seconds(3), 2000);
  key_frame();
  hold(Seconds(3), 1400, Seconds(2));
  look(Seconds(3), 1400);
  EXPECT_EQ(policy_.wanted(), 3U);
}

TEST_F(StepPolicyTest, BelowTheLowestThereIsNothing) {
  hold(Seconds(3), 100, Seconds(1));
  key_frame();
  ASSERT_EQ(policy_.current(), 3U);
  hold(Seconds(5), 100, Seconds(60));
  EXPECT_EQ(policy_.wanted(), 3U);
}

TEST_F(StepPolicyTest, UpIsOneRungAfterCalmAndTheNextOneAfterCalmAgain) {
  hold(Seconds(1), 500, Seconds(1));
  key_frame();
  ASSERT_EQ(policy_.current(), 3U);
  const Nanos first = until_up();
  EXPECT_GE(first, Seconds(10));
  EXPECT_LE(first, Millis(10200));
  EXPECT_EQ(policy_.wanted(), 2U);
  EXPECT_THAT(policy_.why(), HasSubstr("calm for 10 s"));
  key_frame();
  EXPECT_LE(until_up(), Millis(10200));
  EXPECT_EQ(policy_.wanted(), 1U);
}

TEST_F(StepPolicyTest, TroubleBeforeTheKeyFrameTakesAStepUpBack) {
  hold(Seconds(1), 2000, Seconds(1));
  key_frame();
  until_up();
  ASSERT_LT(policy_.wanted(), policy_.current());
  look(Millis(300), 1500);
  EXPECT_EQ(policy_.wanted(), policy_.current());
}

TEST_F(StepPolicyTest, EachTryThatDoesNotHoldDoublesTheWaitUpToALimit) {
  ramp(Millis(0), Seconds(2), Seconds(2), 4000);
  key_frame();
  ASSERT_EQ(policy_.current(), 1U);
  std::vector<int> waits;
  for (int i = 0; i < 8; ++i) {
    waits.push_back(static_cast<int>(until_up() / Seconds(1)));
    key_frame();
    ASSERT_EQ(policy_.current(), 0U) << i;
    hold(Millis(0), 4000, Millis(2100));
    ramp(Millis(0), Seconds(2), Seconds(2), 4000);
    key_frame();
    ASSERT_EQ(policy_.current(), 1U) << i;
  }
  EXPECT_THAT(waits, testing::ElementsAre(10, 20, 40, 80, 160, 300, 300, 300));
}

TEST_F(StepPolicyTest, ARungThatHoldsIsForgiven) {
  ramp(Millis(0), Seconds(2), Seconds(2), 4000);
  key_frame();
  until_up();
  key_frame();
  hold(Millis(0), 4000, Millis(2100));
  ramp(Millis(0), Seconds(2), Seconds(2), 4000);
  key_frame();
  EXPECT_EQ(policy_.wait(), Seconds(20));
  until_up();
  key_frame();
  hold(Millis(0), 6000, Millis(20'500));
  ramp(Millis(0), Seconds(2), Seconds(2), 4000);
  key_frame();
  EXPECT_EQ(policy_.wait(), Seconds(10)) << "that was trouble of its own";
}

TEST_F(StepPolicyTest, RungsBelowTheOneThatFailedAreNotWaitedForLonger) {
  ramp(Millis(0), Seconds(2), Seconds(2), 4000);
  key_frame();
  for (int i = 0; i < 3; ++i) {
    while (policy_.current() > 0) {
      until_up();
      key_frame();
    }
    fail();
  }
  ASSERT_EQ(policy_.current(), 3U);
  EXPECT_EQ(policy_.wait(), Seconds(10));
}

TEST_F(StepPolicyTest, LossThatLastsBringsALowerRungAndLossThatItDoesNotLessenIsTheLines) {
  hold(Millis(0), 6000, Millis(2500), 30);
  EXPECT_EQ(policy_.wanted(), 0U);
  hold(Millis(0), 6000, Seconds(1), 30);
  ASSERT_EQ(policy_.wanted(), 1U) << "85 % of 6000 hold 3000";
  key_frame();
  hold(Millis(0), 3000, Seconds(8), 30);
  EXPECT_EQ(policy_.wanted(), 1U) << "as much as before: a lower one would not help";
  hold(Millis(0), 3000, Seconds(6), 30);
  EXPECT_EQ(policy_.wanted(), 0U) << "it is the line's own, and no reason to stay down";
}

TEST_F(StepPolicyTest, ANewConnectionStartsWithTheRungThatWasWantedAndMayCatchUp) {
  ramp(Millis(0), Seconds(2), Seconds(2), 2000);
  ASSERT_EQ(policy_.wanted(), 2U);
  policy_.lost(now_);
  policy_.begin(now_);
  EXPECT_EQ(policy_.current(), 2U);
  for (int waits = 1900; waits > 0; waits -= 30) look(Millis(waits), 2000);
  EXPECT_EQ(policy_.wanted(), 2U);
}

TEST_F(StepPolicyTest, AConnectionLostRightAfterAStepUpGoesOnOneRungLower) {
  ramp(Millis(0), Seconds(2), Seconds(2), 4000);
  key_frame();
  until_up();
  key_frame();
  policy_.lost(now_);
  policy_.begin(now_);
  EXPECT_EQ(policy_.current(), 1U);
  EXPECT_EQ(policy_.wait(), Seconds(20));
}

TEST_F(StepPolicyTest, AnotherLadderGoesOnWithTheRungOfThatName) {
  ramp(Millis(0), Seconds(2), Seconds(2), 2000);
  key_frame();
  LegLadder other = ladder();
  other.rungs.erase(other.rungs.begin() + 1);
  policy_.change(other);
  EXPECT_EQ(policy_.rungs()[policy_.current()].name, "v2");
  policy_.change({});
  EXPECT_EQ(policy_.wanted(), 0U);
}

}  // namespace
}  // namespace mainstay
