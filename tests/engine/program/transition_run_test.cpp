#include "engine/program/transition_run.h"

#include <gtest/gtest.h>

#include <vector>

#include "engine/program/black.h"

namespace mainstay {
namespace {

std::vector<double> positions(TransitionRun& run, int ticks) {
  std::vector<double> out;
  for (int i = 0; i < ticks; ++i) {
    const TransitionRun::Point point = run.next();
    out.push_back(point.mixed ? point.position : -1);
  }
  return out;
}

TEST(TransitionRun, MixesExactlyAsManyFramesAsItHas) {
  TransitionRun run;
  EXPECT_FALSE(run.next().mixed) << "nothing runs";
  run.begin(3);
  EXPECT_EQ(positions(run, 5), (std::vector<double>{0.25, 0.5, 0.75, -1, -1}));
  EXPECT_FALSE(run.running());
  run.begin(0);
  EXPECT_EQ(positions(run, 2), (std::vector<double>{0.5, -1})) << "one frame at least";
}

TEST(TransitionRun, GoesBackTheWayItCameFrameForFrame) {
  TransitionRun run;
  run.begin(9);
  EXPECT_EQ(positions(run, 3), (std::vector<double>{0.1, 0.2, 0.3}));
  run.turn_back();
  TransitionRun::Point point = run.next();
  EXPECT_TRUE(point.backwards);
  EXPECT_DOUBLE_EQ(point.position, 0.2);
  EXPECT_DOUBLE_EQ(point.done, 1.0 / 3) << "sound: a third of the way back";
  EXPECT_DOUBLE_EQ(run.next().position, 0.1);
  point = run.next();
  EXPECT_FALSE(point.mixed);
  EXPECT_TRUE(point.backwards);
}

TEST(TransitionRun, TurnedTwiceEndsWhereItWasGoingFirst) {
  TransitionRun run;
  run.begin(3);
  EXPECT_EQ(positions(run, 2), (std::vector<double>{0.25, 0.5}));
  run.turn_back();
  EXPECT_EQ(positions(run, 1), (std::vector<double>{0.25}));
  run.turn_back();
  EXPECT_EQ(positions(run, 3), (std::vector<double>{0.5, 0.75, -1}));
}

TEST(TransitionRun, StandsWhereTheBarHoldsIt) {
  TransitionRun run;
  run.hold_at(0.5);
  EXPECT_FALSE(run.next().mixed) << "a bar moves nothing that does not run";
  run.begin(9);
  run.hold_at(0.35);
  EXPECT_EQ(positions(run, 3), (std::vector<double>{0.35, 0.35, 0.35}));
  run.hold_at(0);
  EXPECT_EQ(positions(run, 1), (std::vector<double>{0})) << "it is not over: the bar may come again";
  run.hold_at(0.7);
  EXPECT_DOUBLE_EQ(run.next().position, 0.7);
  run.hold_at(1);
  EXPECT_FALSE(run.next().mixed);
  EXPECT_FALSE(run.running());
}

TEST(TransitionRun, GoesOnFromWhereTheBarLeftIt) {
  TransitionRun run;
  run.begin(9);
  run.hold_at(0.77);
  run.next();
  run.go_on();
  EXPECT_EQ(positions(run, 3), (std::vector<double>{0.8, 0.9, -1}));
}

TEST(TransitionRun, TheBarOfOneThatGoesBackLeadsToWhereItGoes) {
  TransitionRun run;
  run.begin(9);
  run.next();
  run.turn_back();
  run.hold_at(0.9);  // nearly there, which is where it came from
  EXPECT_DOUBLE_EQ(run.next().position, 0.1);
  run.hold_at(1);
  EXPECT_FALSE(run.next().mixed);
}

TEST(Black, TakesAsManyFramesAsItIsGivenThereAndBack) {
  Black black;
  EXPECT_EQ(black.next(), 0);
  black.go(true, 3);
  EXPECT_DOUBLE_EQ(black.next(), 0.25);
  EXPECT_DOUBLE_EQ(black.next(), 0.5);
  black.go(false, 3);  // halfway
  EXPECT_DOUBLE_EQ(black.next(), 0.25);
  EXPECT_EQ(black.next(), 0);
  black.go(true, 29);
  for (int i = 0; i < 29; ++i) EXPECT_LT(black.next(), 1);
  EXPECT_EQ(black.next(), 1) << "whole, although the sum of thirtieths is not";
  black.go(false, 0);
  EXPECT_EQ(black.next(), 0);
}

}  // namespace
}  // namespace mainstay
