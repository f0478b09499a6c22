#include "engine/core/clock.h"

#include <gtest/gtest.h>

#include "engine/core/named_thread.h"

namespace mainstay {
namespace {

TEST(ManualClockTest, StandsStillUntilAdvanced) {
  ManualClock clock;
  const Instant start = clock.now();
  EXPECT_EQ(clock.now(), start);
  clock.advance(Millis(40));
  EXPECT_EQ(clock.now() - start, Millis(40));
  clock.advance_to(start);
  EXPECT_EQ(clock.now() - start, Millis(40)) << "time never goes back";
}

TEST(ManualClockTest, AUtcStepDoesNotMoveMonotonicTime) {
  ManualClock clock(ManualClock::Drive::test, UtcInstant(Seconds(1000)));
  clock.advance(Seconds(1));
  const Instant before = clock.now();
  clock.step_utc(Seconds(-3600));
  EXPECT_EQ(clock.now(), before);
  EXPECT_EQ(clock.utc_now().time_since_epoch(), Seconds(1000 + 1 - 3600));
}

TEST(ManualClockTest, AWaiterWakesAtItsDeadlineAndNotBefore) {
  ManualClock clock;
  std::atomic<bool> woke = false;
  NamedThread waiter("waiter", [&](std::stop_token stop) {
    EXPECT_TRUE(clock.wait_until(Instant(Millis(100)), stop));
    woke = true;
  });
  while (clock.waiters() == 0) std::this_thread::yield();
  EXPECT_EQ(clock.next_deadline(), Instant(Millis(100)));
  clock.advance(Millis(99));
  EXPECT_FALSE(woke);
  clock.advance(Millis(1));
  waiter.join();
  EXPECT_TRUE(woke);
}

TEST(ManualClockTest, StopEndsAWait) {
  ManualClock clock;
  NamedThread waiter("waiter", [&](std::stop_token stop) { EXPECT_FALSE(clock.wait_until(kNever, stop)); });
  while (clock.waiters() == 0) std::this_thread::yield();
  waiter.stop();
}

TEST(ManualClockTest, DrivenByTheProgramItMovesThereAtOnce) {
  ManualClock clock(ManualClock::Drive::program);
  EXPECT_TRUE(clock.offline());
  EXPECT_TRUE(clock.pace_until(Instant(Seconds(3600)), {}));
  EXPECT_EQ(clock.now(), Instant(Seconds(3600)));
}

TEST(ManualClockTest, ATickDueAtAHoldWaitsUntilTheHolderHasActed) {
  ManualClock clock(ManualClock::Drive::program);
  std::atomic<int> reached = 0;
  const auto hold = clock.hold([&] { ++reached; });
  hold->set(Instant(Seconds(2)));
  EXPECT_TRUE(clock.pace_until(Instant(Seconds(1)), {})) << "what is due before the hold goes on";
  EXPECT_EQ(reached, 0);
  std::atomic<bool> ticked = false;
  NamedThread program("program", [&](std::stop_token stop) {
    EXPECT_TRUE(clock.pace_until(Instant(Seconds(2)), stop));
    ticked = true;
  });
  while (reached == 0) std::this_thread::yield();
  EXPECT_EQ(clock.now(), Instant(Seconds(2))) << "time comes to the hold";
  EXPECT_FALSE(ticked) << "and the frame due there waits";
  hold->set(Instant(Seconds(3)));
  program.join();
  EXPECT_TRUE(ticked);
  EXPECT_EQ(clock.now(), Instant(Seconds(2)));
}

TEST(ManualClockTest, TheEndOfAHoldOrAStopLetsTheProgramGo) {
  ManualClock clock(ManualClock::Drive::program);
  auto hold = clock.hold([] {});
  NamedThread stopped("program",
                      [&](std::stop_token stop) { EXPECT_FALSE(clock.pace_until(Instant(Seconds(1)), stop)); });
  stopped.stop();
  EXPECT_EQ(clock.now(), Instant{});
  NamedThread freed("program", [&](std::stop_token stop) { EXPECT_TRUE(clock.pace_until(Instant(Seconds(1)), stop)); });
  hold.reset();
  freed.join();
  EXPECT_EQ(clock.now(), Instant(Seconds(1)));
}

TEST(ManualClockTest, OffAirAHolderDrivesTheTimeToTheEarliestHold) {
  ManualClock clock(ManualClock::Drive::program);
  int reached = 0;
  const auto mine = clock.hold([] { FAIL() << "who drives knows"; });
  const auto other = clock.hold([&] { ++reached; });
  mine->set(Instant(Seconds(10)));
  other->set(Instant(Seconds(4)));
  mine->drive();
  EXPECT_EQ(clock.now(), Instant(Seconds(4)));
  EXPECT_EQ(reached, 1);
  other->set(kNever);
  mine->drive();
  EXPECT_EQ(clock.now(), Instant(Seconds(10)));
}

TEST(ManualClockTest, OnlyTimeDrivenByTheProgramCanBeHeld) {
  ManualClock by_the_test;
  EXPECT_EQ(by_the_test.hold([] {}), nullptr);
  SteadyClock steady;
  EXPECT_EQ(steady.hold([] {}), nullptr);
}

TEST(SteadyClockTest, WaitEndsAtTheDeadlineOrWhenReady) {
  SteadyClock clock;
  const Instant deadline = clock.now() + Millis(2);
  EXPECT_TRUE(clock.wait_until(deadline, {}));
  EXPECT_GE(clock.now(), deadline);
  std::mutex mutex;
  std::condition_variable_any cv;
  std::unique_lock lock(mutex);
  EXPECT_TRUE(clock.wait(lock, cv, {}, kNever, [] { return true; }));
}

}  // namespace
}  // namespace mainstay
