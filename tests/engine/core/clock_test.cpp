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
