#include "engine/sources/ingest/ingest_switch.h"

#include <gtest/gtest.h>

#include <random>

#include "engine/core/clock.h"

namespace mainstay {
namespace {

class IngestSwitchTest : public testing::Test {
 protected:
  static constexpr Nanos kTick = Millis(40);

  /// One tick; the inputs named deliver a picture in it.
  IngestRole tick(bool main_delivers, bool backup_delivers, bool aligned = false) {
    clock.advance(kTick);
    update(main, main_delivers);
    update(backup, backup_delivers);
    return rules.decide(clock.now(), main, backup, aligned);
  }

  static void update_at(InputView& input, bool delivers, Instant now) {
    input.connected = input.connected || delivers;
    input.has_due = delivers;
    if (delivers) input.last_media = now;
  }

  void update(InputView& input, bool delivers) { update_at(input, delivers, clock.now()); }

  void run(int ticks, bool main_delivers, bool backup_delivers, bool aligned = false) {
    for (int i = 0; i < ticks; ++i) tick(main_delivers, backup_delivers, aligned);
  }

  ManualClock clock;
  InputView main{.present = true};
  InputView backup{.present = true};
  IngestSwitch rules{{.hold = Millis(500), .return_hold = Seconds(3)}, clock.now()};
};

TEST_F(IngestSwitchTest, MainIsOnAirWhileItDelivers) {
  run(1000, true, true);
  EXPECT_EQ(rules.on_air(), IngestRole::main);
  EXPECT_EQ(rules.switches(), 0);
}

TEST_F(IngestSwitchTest, TheOtherTakesOverAfterTheHoldAndNotBefore) {
  run(100, true, true);
  run(12, false, true);  // 480 ms
  EXPECT_EQ(rules.on_air(), IngestRole::main);
  tick(false, true);
  EXPECT_EQ(rules.on_air(), IngestRole::backup);
}

TEST_F(IngestSwitchTest, WithTheSameEncodeTheOtherStandsInAtOnce) {
  run(100, true, true, true);
  EXPECT_EQ(tick(false, true, true), IngestRole::backup);
}

TEST_F(IngestSwitchTest, MainComesBackAfterSteadyDelivery) {
  run(100, true, true);
  run(100, false, true);
  run(75, true, true);  // first delivery, then 2.96 s
  EXPECT_EQ(rules.on_air(), IngestRole::backup);
  run(2, true, true);
  EXPECT_EQ(rules.on_air(), IngestRole::main);
  EXPECT_EQ(rules.switches(), 2);
}

TEST_F(IngestSwitchTest, AMainThatStumblesIsNotSteady) {
  run(100, true, true);
  run(100, false, true);
  for (int i = 0; i < 20; ++i) {
    run(50, true, true);   // 2 s
    run(15, false, true);  // 600 ms
  }
  EXPECT_EQ(rules.on_air(), IngestRole::backup);
  EXPECT_EQ(rules.switches(), 1);
}

TEST_F(IngestSwitchTest, WhenNeitherDeliversNothingChanges) {
  run(100, true, true);
  run(1000, false, false);
  EXPECT_EQ(rules.on_air(), IngestRole::main);
  run(13, false, true);
  EXPECT_EQ(rules.on_air(), IngestRole::backup);
}

TEST_F(IngestSwitchTest, OnBackupALostBackupGivesWayToMainAfterTheHoldOnly) {
  run(100, true, true);
  run(100, false, true);
  ASSERT_EQ(rules.on_air(), IngestRole::backup);
  tick(true, true);
  run(13, true, false);
  EXPECT_EQ(rules.on_air(), IngestRole::main) << "no need to wait for return_hold when backup is gone";
}

TEST_F(IngestSwitchTest, BackupAloneGoesOnAirWhenMainNeverCame) {
  run(5, false, true);
  EXPECT_EQ(rules.on_air(), IngestRole::main);
  run(10, false, true);
  EXPECT_EQ(rules.on_air(), IngestRole::backup);
}

TEST_F(IngestSwitchTest, WhatIsBufferedOnTheOneOnAirIsPlayedOutFirst) {
  run(100, true, true);
  main.connected = false;
  for (int i = 0; i < 30; ++i) {
    clock.advance(kTick);
    update(backup, true);
    main.has_due = true;  // a long buffer
    EXPECT_EQ(rules.decide(clock.now(), main, backup, false), IngestRole::main);
  }
  EXPECT_EQ(tick(false, true), IngestRole::backup);
}

TEST_F(IngestSwitchTest, WithoutABackupItNeverLeavesMain) {
  backup.present = false;
  run(100, true, false);
  run(100, false, true);
  EXPECT_EQ(rules.on_air(), IngestRole::main);
}

// The invariants hold whatever the inputs do.
TEST_F(IngestSwitchTest, RandomFaultSequencesKeepTheRules) {
  std::mt19937 random(1);
  for (int sequence = 0; sequence < 2000; ++sequence) {
    ManualClock time;
    InputView a{.present = true};
    InputView b{.present = true};
    IngestSwitch policy({.hold = Millis(500), .return_hold = Seconds(3)}, time.now());
    Instant main_steady = kNever;
    Instant last_switch = time.now();
    bool a_up = random() % 2;
    bool b_up = random() % 2;
    for (int i = 0; i < 300; ++i) {
      time.advance(kTick);
      if (random() % 20 == 0) a_up = !a_up;
      if (random() % 20 == 0) b_up = !b_up;
      update_at(a, a_up, time.now());
      update_at(b, b_up, time.now());
      const bool aligned = sequence % 2 == 0;
      const IngestRole before = policy.on_air();
      const IngestRole after = policy.decide(time.now(), a, b, aligned);
      if (!a_up && time.now() - (a.last_media == kNever ? Instant{} : a.last_media) >= Millis(500))
        main_steady = kNever;
      else if (main_steady == kNever)
        main_steady = time.now();
      const bool up = after == IngestRole::main ? a_up : b_up;
      const bool other_up = after == IngestRole::main ? b_up : a_up;
      if (after != before) {
        EXPECT_TRUE(up) << "never to one that has nothing";
        last_switch = time.now();
      }
      const InputView& on_air = after == IngestRole::main ? a : b;
      const Instant silent_since =
          std::max(last_switch, on_air.connected && on_air.last_media != kNever ? on_air.last_media : Instant{});
      if (!up && other_up) {
        EXPECT_LT(time.now() - silent_since, aligned ? kTick : Nanos(Millis(500)));
      }
      if (before == IngestRole::backup && after == IngestRole::main && b_up) {
        EXPECT_GE(time.now() - main_steady, Seconds(3));
      }
    }
  }
}

}  // namespace
}  // namespace mainstay
