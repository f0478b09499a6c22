#include "engine/encode/video_stage.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/engine/encode/encode_test_support.h"

namespace mainstay {
namespace {

using ::testing::ElementsAre;
using testing::FakeVideoEncoder;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::plain_picture;
using testing::small_video;

struct VideoStageTest : ::testing::Test {
  FakeVideoEncoder::Script script;
  std::function<bool()> opens = [] { return true; };
  std::vector<PacketPtr> packets;
  std::vector<EncodeNotice> notices;
  std::unique_ptr<VideoStage> stage;

  void make(FrameIndex first_frame = 0) {
    VideoStage::Options options;
    options.encoder = small_video();
    options.first_frame = first_frame;
    options.open = [this](const ffi::VideoEncoderConfig& config) -> Result<std::unique_ptr<ffi::VideoEncoder>> {
      if (!opens()) return Error{Errc::unsupported, "no device", nullptr};
      return std::unique_ptr<ffi::VideoEncoder>(std::make_unique<FakeVideoEncoder>(config, script));
    };
    auto made = VideoStage::open(
        options, [this](PacketPtr p) { packets.push_back(std::move(p)); },
        [this](const EncodeNotice& n) { notices.push_back(n); });
    ASSERT_TRUE(made);
    stage = std::move(*made);
  }
  void take(FrameIndex n) {
    static const FramePtr kPicture = plain_picture(128, 72, 100);
    stage->take({kPicture, n, stage->time_of(n)});
  }
  std::vector<EncodeNotice::Kind> kinds() const {
    std::vector<EncodeNotice::Kind> all;
    for (const EncodeNotice& notice : notices) all.push_back(notice.kind);
    return all;
  }
};

TEST_F(VideoStageTest, asks_for_an_idr_at_each_grid_point_counted_from_the_programs_first_frame) {
  make(30);
  for (FrameIndex n = 30; n < 65; ++n) take(n);
  EXPECT_THAT(script.forced, ElementsAre(30, 40, 50, 60));
}

TEST_F(VideoStageTest, moves_a_dropped_grid_frames_idr_to_the_next_frame_and_keeps_the_grid) {
  make(0);
  for (FrameIndex n = 0; n < 35; ++n) {
    if (n != 10 && n != 11 && n != 25) take(n);
  }
  EXPECT_THAT(script.forced, ElementsAre(0, 12, 20, 30));
}

TEST_F(VideoStageTest, started_off_the_grid_gives_an_idr_first_and_then_joins_the_grid) {
  make(0);
  for (FrameIndex n = 17; n < 32; ++n) take(n);
  EXPECT_THAT(script.forced, ElementsAre(17, 20, 30));
}

TEST_F(VideoStageTest, passes_over_a_frame_that_is_not_after_the_last) {
  make(0);
  for (const FrameIndex n : {0, 1, 1, 0, 2}) take(n);
  EXPECT_THAT(script.sent, ElementsAre(0, 1, 2));
}

TEST_F(VideoStageTest, repeats_pictures_for_an_encoder_that_counts_its_grid_itself) {
  script.forces_idr = false;
  script.delay = 1;
  make(0);
  for (const FrameIndex n : {0, 1, 4, 5}) take(n);
  EXPECT_THAT(script.sent, ElementsAre(0, 1, 2, 3, 4, 5));
}

TEST_F(VideoStageTest, rebuilds_a_failed_encoder_at_once_with_an_idr_and_the_same_stream) {
  int failures = 1;
  script.fails = [&](std::int64_t pts) { return pts == 5 && failures-- > 0; };
  make(0);
  const StreamInfoPtr before = stage->stream();
  for (FrameIndex n = 0; n < 12; ++n) take(n);
  EXPECT_THAT(script.forced, ElementsAre(0, 5, 10));
  EXPECT_EQ(packets.size(), 12U);
  EXPECT_EQ(stage->stream(), before);
  for (const PacketPtr& packet : packets) EXPECT_EQ(packet->stream, before);
  EXPECT_THAT(kinds(), ElementsAre(EncodeNotice::Kind::failed, EncodeNotice::Kind::rebuilt));
  EXPECT_THAT(notices[0].message, HasSubstr("choked on frame 5"));
  EXPECT_THAT(stage->error(), IsEmpty());
  EXPECT_EQ(stage->lost(), 0);
}

TEST_F(VideoStageTest, counts_what_a_failed_encoder_still_held) {
  script.delay = 3;
  int failures = 1;
  script.fails = [&](std::int64_t pts) { return pts == 5 && failures-- > 0; };
  make(0);
  for (FrameIndex n = 0; n < 12; ++n) take(n);
  stage->drain();
  EXPECT_EQ(stage->lost(), 3);
  EXPECT_EQ(packets.size(), 9U);
}

TEST_F(VideoStageTest, tries_a_broken_encoder_five_times_a_minute_and_says_so_once) {
  make(0);
  script.fails = [](std::int64_t pts) { return pts == 1; };
  int attempts = 0;
  opens = [&] { return ++attempts, false; };
  for (FrameIndex n = 0; n < 30 * 59; ++n) take(n);
  EXPECT_EQ(attempts, 5);
  EXPECT_EQ(std::ranges::count(kinds(), EncodeNotice::Kind::waiting), 1);
  EXPECT_THAT(stage->error(), HasSubstr("no device"));
  EXPECT_EQ(stage->lost(), 30 * 59 - 1);
  opens = [] { return true; };
  for (FrameIndex n = 30 * 59; n < 30 * 62; ++n) take(n);
  EXPECT_EQ(kinds().back(), EncodeNotice::Kind::rebuilt);
  EXPECT_EQ(packets.back()->pts, 30 * 62 - 1);
}

TEST_F(VideoStageTest, never_lets_decode_times_run_backward_across_a_rebuild) {
  int failures = 1;
  script.fails = [&](std::int64_t pts) { return pts == 5 && failures-- > 0; };
  make(0);
  for (FrameIndex n = 0; n < 12; ++n) take(n);
  for (std::size_t i = 1; i < packets.size(); ++i) EXPECT_GT(packets[i]->dts, packets[i - 1]->dts);
}

TEST(VideoStage, scales_the_program_to_the_renditions_size) {
  VideoStage::Options options;
  options.encoder = small_video();
  std::vector<PacketPtr> packets;
  auto stage = VideoStage::open(options, [&](PacketPtr p) { packets.push_back(std::move(p)); }, {});
  ASSERT_TRUE(stage) << stage.error().describe();
  for (FrameIndex n = 0; n < 5; ++n) (*stage)->take({plain_picture(320, 180, 100), n, {}});
  (*stage)->drain();
  EXPECT_EQ(packets.size(), 5U);
  EXPECT_EQ((*stage)->stream()->width, 128);
  EXPECT_THAT((*stage)->error(), IsEmpty());
}

TEST(VideoStage, keeps_the_grid_of_a_real_encoder_when_frames_are_dropped) {
  for (const Codec codec : {Codec::h264, Codec::hevc, Codec::av1}) {
    VideoStage::Options options;
    options.encoder = small_video();
    options.encoder.codec = codec;
    if (codec == Codec::av1) options.encoder.preset = "12";
    std::vector<std::int64_t> keys;
    auto stage = VideoStage::open(options,
                                  [&](const PacketPtr& p) {
                                    if (p->key) keys.push_back(p->pts);
                                  },
                                  {});
    ASSERT_TRUE(stage) << stage.error().describe();
    for (FrameIndex n = 0; n < 35; ++n) {
      if (n != 10 && n != 25) (*stage)->take({plain_picture(128, 72, static_cast<int>(n) * 5), n, {}});
    }
    (*stage)->drain();
    // SVT-AV1 cannot be forced: the missing picture is repeated, and the IDR stands where it belongs.
    EXPECT_THAT(keys, ElementsAre(0, codec == Codec::av1 ? 10 : 11, 20, 30)) << to_string(codec);
  }
}

}  // namespace
}  // namespace mainstay
