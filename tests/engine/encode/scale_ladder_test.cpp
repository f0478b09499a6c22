#include "engine/encode/scale_ladder.h"

#include <gtest/gtest.h>

#include <cstring>
#include <thread>

namespace mainstay {
namespace {

FramePtr picture(int width, int height, int luma) {
  WritableFrame frame = WritableFrame::make(width, height);
  frame.fill(static_cast<std::uint8_t>(luma), 100, 150);
  for (int x = 0; x < width; ++x) frame.planes[0][x] = static_cast<std::uint8_t>(x);
  return std::move(frame).freeze();
}

bool equal(const Frame& a, const Frame& b) {
  if (a.width != b.width || a.height != b.height) return false;
  for (int y = 0; y < a.height; ++y) {
    if (std::memcmp(a.planes[0] + y * a.strides[0], b.planes[0] + y * b.strides[0],
                    static_cast<std::size_t>(a.width)) != 0)
      return false;
  }
  return true;
}

TEST(ScaleLadderTest, the_programs_size_is_passed_on_as_it_is) {
  ScaleLadder ladder;
  ladder.use({{320, 180}});
  const FramePtr frame = picture(320, 180, 90);
  EXPECT_EQ(*ladder.get(frame, 1, {320, 180}), frame);
  EXPECT_EQ(ladder.scaled(), 0);
}

TEST(ScaleLadderTest, each_size_is_made_once_a_frame_whoever_asks_first) {
  ScaleLadder ladder;
  ladder.use({{80, 44}, {320, 180}, {160, 90}, {160, 90}});
  for (FrameIndex n = 0; n < 5; ++n) {
    const FramePtr frame = picture(640, 360, 50 + static_cast<int>(n));
    ASSERT_TRUE(ladder.get(frame, n, {80, 44}));
    ASSERT_TRUE(ladder.get(frame, n, {320, 180}));
    ASSERT_TRUE(ladder.get(frame, n, {160, 90}));
    ASSERT_TRUE(ladder.get(frame, n, {160, 90}));
  }
  EXPECT_EQ(ladder.scaled(), 15);
}

TEST(ScaleLadderTest, a_size_comes_from_the_next_larger_one_whoever_asks_first) {
  const FramePtr frame = picture(640, 360, 90);
  ScaleLadder down;
  down.use({{320, 180}, {160, 90}});
  const FramePtr large = *down.get(frame, 1, {320, 180});
  const FramePtr small = *down.get(frame, 1, {160, 90});
  ScaleLadder up;
  up.use({{160, 90}, {320, 180}});
  EXPECT_TRUE(equal(**up.get(frame, 1, {160, 90}), *small));
  EXPECT_TRUE(equal(**up.get(frame, 1, {320, 180}), *large));
  ScaleLadder half;
  half.use({{160, 90}});
  EXPECT_TRUE(equal(**half.get(large, 1, {160, 90}), *small));
}

TEST(ScaleLadderTest, stages_may_ask_at_once) {
  ScaleLadder ladder;
  ladder.use({{320, 180}, {160, 90}, {80, 44}});
  const FramePtr frame = picture(640, 360, 90);
  std::vector<std::thread> stages;
  for (const ScaleLadder::Size size : {ScaleLadder::Size{320, 180}, {160, 90}, {80, 44}}) {
    stages.emplace_back([&, size] {
      for (FrameIndex n = 0; n < 50; ++n) EXPECT_EQ((*ladder.get(frame, n, size))->width, size.width);
    });
  }
  for (std::thread& stage : stages) stage.join();
  EXPECT_GE(ladder.scaled(), 150);
}

TEST(ScaleLadderTest, a_rendition_that_is_leaving_is_served_too) {
  ScaleLadder ladder;
  ladder.use({{320, 180}});
  ladder.use({});
  EXPECT_EQ((*ladder.get(picture(640, 360, 90), 1, {320, 180}))->height, 180);
}

}  // namespace
}  // namespace mainstay
