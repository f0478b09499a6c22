#include "engine/monitor/source_tap.h"

#include <gtest/gtest.h>

namespace mainstay {
namespace {

FramePtr picture() {
  return WritableFrame::make(16, 16).freeze();
}

class SourceTapTest : public ::testing::Test {
 protected:
  SourceTapTest() {
    auto plan = std::make_shared<ProgramPlan>();
    for (const char* name : {"bars", "clip"}) plan->inputs.push_back({.name = name, .source = nullptr});
    plan_ = std::move(plan);
  }
  void tick(const FramePtr& bars, const FramePtr& clip, bool joined = true) {
    clock_.advance(Millis(40));
    if (!tap_.wants_ticks()) return;
    ProgramTick tick;
    tick.plan = plan_;
    tick.inputs = {{{.video = bars}, true, true}, {{.video = clip}, joined, false}};
    tap_.on_tick(std::move(tick));
  }

  ManualClock clock_;
  SourceTap tap_{clock_};
  std::shared_ptr<const ProgramPlan> plan_;
};

TEST_F(SourceTapTest, TheLatestPictureIsThereFromTheTickAfterTheFirstAsking) {
  const FramePtr first = picture();
  const FramePtr second = picture();
  tick(picture(), first);
  EXPECT_FALSE(tap_.wants_ticks()) << "nobody asked";
  EXPECT_EQ(tap_.picture("clip"), nullptr);
  EXPECT_TRUE(tap_.wants_ticks());
  tick(picture(), first);
  EXPECT_EQ(tap_.picture("clip"), first);
  tick(picture(), second);
  EXPECT_EQ(tap_.picture("clip"), second);
}

TEST_F(SourceTapTest, NothingIsKeptOfASourceThatNobodyAskedForInASecond) {
  const FramePtr kept = picture();
  tap_.picture("clip");
  tick(picture(), kept);
  EXPECT_GT(kept.use_count(), 1);
  for (int i = 0; i < 26; ++i) tick(picture(), kept);
  EXPECT_EQ(kept.use_count(), 1);
  EXPECT_FALSE(tap_.wants_ticks());
}

TEST_F(SourceTapTest, ASourceThatRestsOrIsNotThereHasNoPicture) {
  tap_.picture("clip");
  tap_.picture("nobody");
  tick(picture(), picture());
  EXPECT_NE(tap_.picture("clip"), nullptr);
  EXPECT_EQ(tap_.picture("nobody"), nullptr);
  tick(picture(), picture(), false);
  EXPECT_EQ(tap_.picture("clip"), nullptr);
}

}  // namespace
}  // namespace mainstay
