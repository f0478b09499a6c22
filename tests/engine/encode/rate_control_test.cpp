#include "engine/encode/rate_control.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/encode/bitrate_meter.h"
#include "engine/encode/video_stage.h"
#include "tests/engine/encode/encode_test_support.h"

namespace mainstay {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::noise_picture;

// What any second may hold, by the buffer model.
double worst_second(const RatePlan& plan, double fps) {
  return plan.maxrate_kbps * (1 - 1 / fps) + plan.vbv_kbits;
}

TEST(RatePlan, leaves_rate_and_buffer_alone_without_a_cap) {
  const RatePlan plan = plan_rate({6000, 1000, {30, 1}, {}, {}});
  EXPECT_EQ(plan.kbps, 6000);
  EXPECT_EQ(plan.maxrate_kbps, 6000);
  EXPECT_EQ(plan.vbv_kbits, 6000);
  EXPECT_THAT(plan.note, IsEmpty());
}

TEST(RatePlan, leaves_rate_and_buffer_alone_under_a_cap_they_cannot_break) {
  const RatePlan plan = plan_rate({3000, 1000, {30, 1}, 6000, {}});
  EXPECT_EQ(plan.kbps, 3000);
  EXPECT_EQ(plan.vbv_kbits, 3000);
  EXPECT_THAT(plan.note, IsEmpty());
}

TEST(RatePlan, shrinks_the_buffer_before_the_rate) {
  const RatePlan plan = plan_rate({4000, 1000, {30, 1}, 6000, {}});
  EXPECT_EQ(plan.kbps, 4000);
  EXPECT_LT(plan.vbv_kbits, 4000);
  EXPECT_GE(plan.vbv_kbits, 800);
  EXPECT_LE(worst_second(plan, 30), 6000);
  EXPECT_THAT(plan.note, HasSubstr("6000 kb/s"));
}

TEST(RatePlan, lowers_the_rate_when_a_fifth_of_a_second_of_buffer_is_still_too_much) {
  const RatePlan plan = plan_rate({6000, 1000, {30, 1}, 6000, {}});
  EXPECT_LT(plan.kbps, 6000);
  EXPECT_GT(plan.kbps, 4900);
  EXPECT_NEAR(plan.vbv_kbits, plan.kbps / 5, 1);
  EXPECT_LE(worst_second(plan, 30), 6000);
}

TEST(RatePlan, keeps_a_smaller_buffer_that_the_show_asks_for) {
  const RatePlan plan = plan_rate({6000, 100, {60, 1}, 6000, {}});
  EXPECT_NEAR(plan.vbv_kbits, plan.kbps / 10, 1);
  EXPECT_LE(worst_second(plan, 60), 6000);
}

TEST(RatePlan, keeps_to_the_buffer_cap) {
  const RatePlan plan = plan_rate({6000, 1500, {30, 1}, {}, 500});
  EXPECT_EQ(plan.vbv_kbits, 3000);
  EXPECT_THAT(plan.note, HasSubstr("max_vbv_ms"));
}

// The proof: noise, another picture of it in every frame. With pauses, because a pause fills the buffer up and what
// comes after it may spend that at once.
struct Measured {
  double mean = 0;
  double peak = 0;
};

Measured encode_noise(const RatePlan& plan, bool pauses) {
  VideoStage::Options options;
  options.encoder = testing::small_video();
  options.encoder.width = 192;
  options.encoder.height = 108;
  options.encoder.gop = 60;
  options.encoder.kbps = plan.kbps;
  options.encoder.maxrate_kbps = plan.maxrate_kbps;
  options.encoder.vbv_kbits = plan.vbv_kbits;
  options.encoder.threads = 0;
  BitrateMeter meter;
  auto stage = VideoStage::open(options, [&](const PacketPtr& packet) { meter.add(*packet); }, {});
  EXPECT_TRUE(stage) << stage.error().describe();
  std::vector<FramePtr> noise;
  for (std::uint32_t i = 0; i < 45; ++i) noise.push_back(noise_picture(192, 108, i));
  const FramePtr still = testing::plain_picture(192, 108, 90);
  constexpr FrameIndex kFrames = 30 * 21;
  for (FrameIndex n = 0; n < kFrames; ++n) {
    // Noise, then one picture of it held for half a second, then nothing for half a second.
    const FrameIndex phase = pauses ? n % 97 : 0;
    const FramePtr& moving = noise[static_cast<std::size_t>(phase < 67 ? n * 7 % 45 : 3)];
    (*stage)->take({phase >= 82 ? still : moving, n, {}});
  }
  (*stage)->drain();
  return {meter.kbps_mean(), meter.kbps_peak_1s()};
}

class RatePlanOnNoise : public ::testing::TestWithParam<int> {};

TEST_P(RatePlanOnNoise, holds_the_measured_peak_of_any_second_under_the_cap) {
  const RatePlan plan = plan_rate({GetParam(), 1000, {30, 1}, 1000, {}});
  const Measured steady = encode_noise(plan, false);
  EXPECT_LE(steady.peak, 1000);
  EXPECT_GE(steady.mean, 0.95 * plan.kbps);
  const Measured paused = encode_noise(plan, true);
  EXPECT_LE(paused.peak, 1000);
  RecordProperty("steady_mean_kbps", static_cast<int>(steady.mean));
  RecordProperty("steady_peak_kbps", static_cast<int>(steady.peak));
  RecordProperty("paused_peak_kbps", static_cast<int>(paused.peak));
}

INSTANTIATE_TEST_SUITE_P(Under1000, RatePlanOnNoise, ::testing::Values(1000, 600));

}  // namespace
}  // namespace mainstay
