#include "engine/studio/reaper.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace mainstay {
namespace {

class ReaperTest : public ::testing::Test {
 protected:
  std::shared_ptr<void> part(const std::string& name) {
    return std::shared_ptr<int>(new int, [this, name](const int* p) {
      delete p;
      std::lock_guard lock(mutex_);
      gone_.push_back(name);
    });
  }

  SteadyClock clock_;
  std::mutex mutex_;
  std::vector<std::string> gone_;
  Reaper reaper_{clock_};
};

TEST_F(ReaperTest, WhatSomebodyHoldsIsNotEndedBeforeItIsLetGo) {
  auto held = part("held");
  reaper_.take(held);
  reaper_.take(part("free"));
  while (reaper_.waiting() != 1) std::this_thread::yield();
  EXPECT_EQ(gone_, std::vector<std::string>{"free"});
  held.reset();
  reaper_.finish();
  EXPECT_EQ(gone_, (std::vector<std::string>{"free", "held"}));
  EXPECT_EQ(reaper_.waiting(), 0u);
}

TEST_F(ReaperTest, APartGoesBeforeWhatItNeeds) {
  auto needed = part("needed");
  auto held = part("part");
  reaper_.take(held, needed);
  reaper_.take(std::move(needed));
  held.reset();
  reaper_.finish();
  EXPECT_EQ(gone_, (std::vector<std::string>{"part", "needed"}));
}

TEST_F(ReaperTest, NothingIsNoPart) {
  reaper_.take(nullptr, part("needed"));
  EXPECT_EQ(reaper_.waiting(), 0u);
}

}  // namespace
}  // namespace mainstay
