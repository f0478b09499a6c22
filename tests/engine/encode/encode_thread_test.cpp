#include "engine/encode/encode_thread.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>

#include "engine/encode/encode_config.h"
#include "tests/engine/encode/encode_test_support.h"

namespace mainstay {
namespace {

using testing::FakeVideoEncoder;
using ::testing::HasSubstr;
using testing::plain_picture;
using testing::small_video;

VideoStage::Options real() {
  VideoStage::Options options;
  options.encoder = small_video();
  return options;
}

struct Outcome {
  EncodeStats stats;
  std::vector<PacketPtr> packets;
};

Outcome run_offline(int frames) {
  ManualClock clock(ManualClock::Drive::program);
  Outcome run;
  std::promise<void> done;
  auto link = VideoEncodeThread::start(
      clock, real(), [&](PacketPtr p) { run.packets.push_back(std::move(p)); }, {}, [&] { done.set_value(); });
  EXPECT_TRUE(link) << link.error().describe();
  for (int n = 0; n < frames; ++n) {
    EXPECT_TRUE((*link)->push(plain_picture(128, 72, n * 3 % 200), n));
  }
  (*link)->finish();
  done.get_future().wait();
  run.stats = (*link)->stats();
  return run;
}

TEST(EncodeThread, offline_loses_nothing_and_encodes_all_that_is_queued_when_finished) {
  const Outcome run = run_offline(100);
  EXPECT_EQ(run.packets.size(), 100U);
  EXPECT_EQ(run.stats.frames, 100);
  EXPECT_EQ(run.stats.dropped, 0);
  EXPECT_EQ(run.stats.name, "v0");
  EXPECT_EQ(run.stats.error, "");
  EXPECT_GT(run.stats.kbps_mean, 0);
  EXPECT_GE(run.stats.kbps_peak_1s, run.stats.kbps_mean);
}

TEST(EncodeThread, gives_the_same_digest_for_the_same_pictures) {
  const Outcome first = run_offline(60);
  EXPECT_EQ(first.stats.digest, run_offline(60).stats.digest);
  EXPECT_NE(first.stats.digest, run_offline(59).stats.digest);
}

TEST(EncodeThread, live_never_waits_for_a_stuck_encoder_and_counts_what_it_drops) {
  ManualClock clock;
  FakeVideoEncoder::Script script;
  std::promise<void> stuck;
  std::promise<void> release;
  std::shared_future<void> released = release.get_future().share();
  bool first = true;
  script.fails = [&](std::int64_t) {
    if (std::exchange(first, false)) {
      stuck.set_value();
      released.wait();
    }
    return false;
  };
  VideoStage::Options options = real();
  options.open = [&](const ffi::VideoEncoderConfig& config) -> Result<std::unique_ptr<ffi::VideoEncoder>> {
    return std::unique_ptr<ffi::VideoEncoder>(std::make_unique<FakeVideoEncoder>(config, script));
  };
  std::promise<void> done;
  std::vector<std::int64_t> times;
  auto link = VideoEncodeThread::start(
      clock, options, [&](const PacketPtr& p) { times.push_back(p->pts); }, {}, [&] { done.set_value(); });
  ASSERT_TRUE(link);
  const FramePtr picture = plain_picture(128, 72, 100);
  (*link)->push(picture, 0);
  stuck.get_future().wait();
  for (int n = 1; n <= 60; ++n) (*link)->push(picture, n);
  EXPECT_EQ((*link)->stats().dropped, 60 - 16);  // half a second at 30 fps: 16 pictures
  release.set_value();
  (*link)->finish();
  done.get_future().wait();
  EXPECT_EQ(times.front(), 0);
  EXPECT_EQ(times[1], 45);
  EXPECT_EQ(times.back(), 60);
  EXPECT_EQ((*link)->stats().frames, 17);
}

TEST(EncodeThread, says_why_its_encoder_does_not_open) {
  ManualClock clock;
  VideoStage::Options options = real();
  options.encoder.encoder = "h264_of_tomorrow";
  const auto link = VideoEncodeThread::start(clock, options, [](const PacketPtr&) {});
  ASSERT_FALSE(link);
  EXPECT_THAT(link.error().message, HasSubstr("h264_of_tomorrow"));
  EXPECT_THAT(link.error().message, HasSubstr("libx264"));
}

TEST(EncodeThread, destroyed_without_finish_ends_and_does_not_tell_a_clean_end) {
  ManualClock clock(ManualClock::Drive::program);
  bool told = false;
  {
    auto link = VideoEncodeThread::start(
        clock, real(), [](const PacketPtr&) {}, {}, [&] { told = true; });
    ASSERT_TRUE(link);
    for (int n = 0; n < 4; ++n) (*link)->push(plain_picture(128, 72, 100), n);
  }
  EXPECT_FALSE(told);
}

TEST(EncodeThread, encodes_sound) {
  ManualClock clock(ManualClock::Drive::program);
  AudioStage::Options options;
  std::vector<PacketPtr> packets;
  std::promise<void> done;
  auto link = AudioEncodeThread::start(
      clock, options, [&](PacketPtr p) { packets.push_back(std::move(p)); }, {}, [&] { done.set_value(); });
  ASSERT_TRUE(link);
  for (int n = 0; n < 30; ++n) (*link)->push(std::make_shared<const AudioBlock>(2, 1600), 48000 + n * 1600);
  (*link)->finish();
  done.get_future().wait();
  EXPECT_EQ((*link)->stats().name, "a0");
  ASSERT_FALSE(packets.empty());
  EXPECT_LE(packets.front()->pts, 48000);
  EXPECT_GE(packets.back()->pts + packets.back()->duration, 96000);
}

TEST(EncodeConfig, follows_the_show_and_bounds_what_it_leaves_open_by_the_caps) {
  show::Show show;
  show.program.rate = {30000, 1001};
  show::VideoEncode video;
  video.height = 720;
  show::Caps caps;
  caps.max_bframes = 2;
  caps.max_profile = std::string("main");
  caps.max_video_kbps = 6000;
  const VideoConfig config = make_video_config(show, video, caps);
  const ffi::VideoEncoderConfig& encoder = config.stage.encoder;
  EXPECT_EQ(encoder.width, 1280);
  EXPECT_EQ(encoder.height, 720);
  EXPECT_EQ(encoder.gop, 60);
  EXPECT_EQ(encoder.bframes, 2);
  EXPECT_EQ(encoder.profile, "main");
  EXPECT_LT(encoder.kbps, 6000);
  EXPECT_FALSE(encoder.low_delay);
  EXPECT_THAT(config.note, HasSubstr("6000 kb/s"));
  EXPECT_EQ(config.stage.first_frame, 30);
}

TEST(EncodeConfig, sub_second_means_no_delay_in_the_encoders) {
  show::Show show;
  show.program.latency_target = show::LatencyTarget::sub_second;
  EXPECT_TRUE(make_video_config(show, {}, {}).stage.encoder.low_delay);
  EXPECT_TRUE(make_audio_config(show, {}, {}).encoder.low_delay);
}

}  // namespace
}  // namespace mainstay
