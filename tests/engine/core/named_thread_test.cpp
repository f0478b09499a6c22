#include "engine/core/named_thread.h"

#include <gtest/gtest.h>
#include <pthread.h>
#include <sched.h>

#include <array>

namespace mainstay {
namespace {

TEST(NamedThreadTest, RunsUnderItsNameUntilItIsStopped) {
  std::array<char, 16> name{};
  bool stopped = false;
  NamedThread thread("a name of more than fifteen", [&](std::stop_token stop) {
    pthread_getname_np(pthread_self(), name.data(), name.size());
    while (!stop.stop_requested()) std::this_thread::yield();
    stopped = true;
  });
  EXPECT_TRUE(thread.joinable());
  thread.stop();
  EXPECT_FALSE(thread.joinable());
  EXPECT_TRUE(stopped);
  EXPECT_STREQ(name.data(), "a name of more ");
}

#if defined(__linux__)

int policy() {
  return sched_getscheduler(0) & ~SCHED_RESET_ON_FORK;
}

// What this user may do is found out on a thread of the test's own.
bool may_be_prompt() {
  bool may = false;
  std::jthread([&] {
    sched_param param{};
    param.sched_priority = sched_get_priority_min(SCHED_RR);
    may = sched_setscheduler(0, SCHED_RR, &param) == 0;
  }).join();
  return may;
}

TEST(NamedThreadTest, APromptThreadGoesFirstWhereItMayAndThoseItMakesAreNormal) {
  int prompt = -1;
  int made = -1;
  NamedThread outer("outer", Scheduling::prompt, [&](std::stop_token) {
    prompt = policy();
    NamedThread inner("inner", [&](std::stop_token) { made = policy(); });
    inner.join();
  });
  outer.join();
  EXPECT_EQ(prompt, may_be_prompt() ? SCHED_RR : SCHED_OTHER);
  EXPECT_EQ(made, SCHED_OTHER) << "an encoder that the control thread opens would hold up all others";
}

#endif

}  // namespace
}  // namespace mainstay
