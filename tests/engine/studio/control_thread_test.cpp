#include "engine/studio/control_thread.h"

#include <gtest/gtest.h>

#include <atomic>
#include <vector>

namespace mainstay {
namespace {

TEST(ControlThreadTest, RunsCommandsInOrderAndAllBeforeItEnds) {
  SteadyClock clock;
  std::vector<int> ran;
  ControlThread control(clock, Seconds(10), [] {});
  for (int i = 0; i < 100; ++i) EXPECT_TRUE(control.post([&ran, i] { ran.push_back(i); }));
  control.finish();
  ASSERT_EQ(ran.size(), 100u);
  for (int i = 0; i < 100; ++i) EXPECT_EQ(ran[i], i);
  EXPECT_FALSE(control.post([] {}));
}

TEST(ControlThreadTest, ACommandMayPostAnother) {
  SteadyClock clock;
  std::atomic<bool> second = false;
  ControlThread control(clock, Seconds(10), [] {});
  control.post([&] {
    control.post([&] {
      second = true;
      second.notify_all();
    });
  });
  second.wait(false);
  EXPECT_TRUE(second);
}

TEST(ControlThreadTest, IsIdleBetweenCommandsOnItsPeriod) {
  ManualClock clock;
  std::atomic<int> idle = 0;
  ControlThread control(clock, Millis(200), [&] { ++idle; });
  while (clock.waiters() == 0) std::this_thread::yield();
  EXPECT_EQ(idle, 0);
  clock.advance(Millis(200));
  while (idle == 0) std::this_thread::yield();
  control.finish();
  EXPECT_EQ(idle, 1);
}

TEST(ControlThreadTest, TakesNoMoreThanItsLimit) {
  SteadyClock clock;
  std::atomic<bool> go = false;
  ControlThread control(clock, Seconds(10), [] {});
  control.post([&] { go.wait(false); });
  std::size_t taken = 0;
  while (taken <= ControlThread::kMostWaiting && control.post([] {})) ++taken;
  EXPECT_GE(taken, ControlThread::kMostWaiting - 1);
  EXPECT_LE(taken, ControlThread::kMostWaiting);
  go = true;
  go.notify_all();
}

}  // namespace
}  // namespace mainstay
