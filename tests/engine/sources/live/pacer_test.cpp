#include "engine/sources/live/pacer.h"

#include <gtest/gtest.h>

namespace mainstay {
namespace {

Instant at(int ms) {
  return Instant(Millis(ms));
}

TEST(Pacer, WhatComesAtOnceGoesOnAtThePaceOfItsPictures) {
  Pacer pacer;
  EXPECT_EQ(pacer.due(Millis(5000), at(100)), at(100));
  EXPECT_EQ(pacer.due(Millis(5040), at(100)), at(140));
  EXPECT_EQ(pacer.due(Millis(5080), at(141)), at(180));
  EXPECT_EQ(pacer.due(Millis(5960), at(181)), at(1060));
}

TEST(Pacer, OneThatIsALittleLateMovesNothing) {
  Pacer pacer;
  pacer.due(Millis(0), at(0));
  EXPECT_EQ(pacer.due(Millis(40), at(90)), at(90));
  EXPECT_EQ(pacer.due(Millis(200), at(91)), at(200));
}

TEST(Pacer, OneThatIsLateByMuchMovesAllThatFollow) {
  Pacer pacer;
  pacer.due(Millis(0), at(0));
  EXPECT_EQ(pacer.due(Millis(40), at(340)), at(340));
  EXPECT_EQ(pacer.due(Millis(80), at(341)), at(380));
}

TEST(Pacer, AJumpOfTheTimelineIsNotWaitedFor) {
  Pacer pacer;
  pacer.due(Millis(0), at(0));
  EXPECT_EQ(pacer.due(Seconds(6), at(10)), at(10));
  EXPECT_EQ(pacer.due(Seconds(6) + Millis(40), at(11)), at(50));
  EXPECT_EQ(pacer.due(Millis(0), at(60)), at(60));
  EXPECT_EQ(pacer.due(Millis(40), at(61)), at(100));
}

}  // namespace
}  // namespace mainstay
