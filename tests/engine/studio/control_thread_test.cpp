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

TEST(ControlThreadTest, IsIdleOnItsPeriodAlsoWhenCommandsNeverCease) {
  ManualClock clock;
  int idle = 0;
  int commands = 0;
  std::atomic<bool> done = false;
  std::function<void()> command;
  ControlThread control(clock, Millis(200), [&] { ++idle; });
  command = [&] {
    clock.advance(Millis(50));
    if (++commands < 100) {
      control.post(command);
      return;
    }
    done = true;
    done.notify_all();
  };
  control.post(command);
  done.wait(false);
  control.finish();
  EXPECT_GE(idle, 20);
  EXPECT_LE(idle, 26);
}

TEST(ControlThreadTest, CommandsWaitWhileHeldAndNewsDoNot) {
  SteadyClock clock;
  std::vector<std::string> ran;
  std::atomic<bool> told = false;
  ControlThread control(clock, Seconds(10), [] {});
  control.post([&] {
    control.hold();
    ran.push_back("begun");
    control.post([&] { ran.push_back("next"); });
    control.post_news([&] {
      ran.push_back("news");
      told = true;
      told.notify_all();
    });
  });
  told.wait(false);
  control.resume([&] { ran.push_back(control.is_held() ? "held" : "rest"); });
  control.finish([&] { ran.push_back("last"); });
  EXPECT_EQ(ran, (std::vector<std::string>{"begun", "news", "rest", "next", "last"}));
}

TEST(ControlThreadTest, TheEndWaitsForWhatIsHeld) {
  SteadyClock clock;
  std::atomic<bool> held = false;
  bool rested = false;
  ControlThread control(clock, Seconds(10), [] {});
  control.post([&] {
    control.hold();
    held = true;
    held.notify_all();
  });
  held.wait(false);
  NamedThread other("other", [&](const std::stop_token&) { control.resume([&] { rested = true; }); });
  control.finish();
  EXPECT_TRUE(rested);
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
