#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "engine/ffi/av/encoder_list.h"
#include "engine/ffi/av/parameter_sets.h"
#include "tests/engine/ffi/encoder_test_support.h"

namespace mainstay::ffi {
namespace {

using testing::decode_pictures;
using ::testing::ElementsAre;
using testing::encode_pictures;
using ::testing::HasSubstr;
using testing::moving_picture;
using testing::small_video;

std::vector<std::int64_t> key_times(const std::vector<PacketPtr>& packets) {
  std::vector<std::int64_t> times;
  for (const PacketPtr& packet : packets) {
    if (packet->key) times.push_back(packet->pts);
  }
  return times;
}

class VideoEncoders : public ::testing::TestWithParam<Codec> {};

TEST_P(VideoEncoders, give_every_frame_once_at_its_time_in_decode_order) {
  const auto packets = encode_pictures(small_video(GetParam()), 1000, 40);
  ASSERT_EQ(packets.size(), 40U);
  std::vector<std::int64_t> pts;
  for (std::size_t i = 0; i < packets.size(); ++i) {
    pts.push_back(packets[i]->pts);
    EXPECT_LE(packets[i]->dts, packets[i]->pts);
    if (i > 0) {
      EXPECT_GT(packets[i]->dts, packets[i - 1]->dts);
    }
    EXPECT_EQ(packets[i]->duration, 1);
    EXPECT_EQ(packets[i]->stream, packets[0]->stream);
  }
  std::sort(pts.begin(), pts.end());
  for (std::size_t i = 0; i < pts.size(); ++i) EXPECT_EQ(pts[i], 1000 + static_cast<std::int64_t>(i));
}

TEST_P(VideoEncoders, put_an_idr_on_each_grid_point_and_nowhere_else) {
  const auto packets = encode_pictures(small_video(GetParam()), 1000, 40);
  EXPECT_THAT(key_times(packets), ElementsAre(1000, 1015, 1030));
  if (GetParam() == Codec::av1) return;
  for (const PacketPtr& packet : packets) EXPECT_EQ(packet->key, has_idr(GetParam(), packet->bytes));
}

TEST_P(VideoEncoders, give_gops_that_decode_without_their_predecessors) {
  const auto packets = encode_pictures(small_video(GetParam()), 0, 45);
  const auto whole = decode_pictures(packets);
  ASSERT_EQ(whole.size(), 45U);
  for (const std::int64_t start : {15, 30}) {
    const auto from = std::find_if(packets.begin(), packets.end(), [&](const auto& p) { return p->pts == start; });
    const auto alone = decode_pictures({from, packets.end()});
    ASSERT_EQ(alone.size(), static_cast<std::size_t>(45 - start));
    for (std::size_t i = 0; i < alone.size(); ++i) {
      EXPECT_EQ(alone[i].pts, start + static_cast<std::int64_t>(i));
      EXPECT_FALSE(alone[i].corrupt);
      EXPECT_EQ(alone[i].luma, whole[i + static_cast<std::size_t>(start)].luma);
    }
  }
}

TEST_P(VideoEncoders, make_the_same_bytes_on_every_run_with_one_thread) {
  const auto first = encode_pictures(small_video(GetParam()), 500, 40);
  const auto second = encode_pictures(small_video(GetParam()), 500, 40);
  ASSERT_EQ(first.size(), second.size());
  EXPECT_EQ(first[0]->stream->extradata, second[0]->stream->extradata);
  for (std::size_t i = 0; i < first.size(); ++i) {
    EXPECT_TRUE(std::ranges::equal(first[i]->bytes, second[i]->bytes)) << "packet " << i;
    EXPECT_EQ(first[i]->pts, second[i]->pts);
    EXPECT_EQ(first[i]->dts, second[i]->dts);
  }
}

TEST_P(VideoEncoders, tell_their_stream_from_the_start) {
  const auto config = small_video(GetParam());
  auto encoder = VideoEncoder::open(config);
  ASSERT_TRUE(encoder) << encoder.error().describe();
  const StreamInfoPtr info = (*encoder)->stream();
  EXPECT_EQ(info->codec, GetParam());
  EXPECT_EQ(info->width, 128);
  EXPECT_EQ(info->height, 72);
  EXPECT_EQ(info->time_base, (TimeBase{1, 30}));
  EXPECT_FALSE(info->extradata.empty());
  EXPECT_GE(info->profile, 0);
  if (GetParam() != Codec::av1) {
    EXPECT_GT(info->level, 0);
  }
}

// SVT-AV1 works on its own threads and says nothing of when.
class LowDelayEncoders : public ::testing::TestWithParam<Codec> {};

TEST_P(LowDelayEncoders, GiveEachPictureAtOnce) {
  auto config = small_video(GetParam());
  config.low_delay = true;
  auto encoder = VideoEncoder::open(config);
  ASSERT_TRUE(encoder) << encoder.error().describe();
  for (int n = 0; n < 20; ++n) {
    ASSERT_TRUE((*encoder)->send(*moving_picture(128, 72, n), n, n == 0));
    const auto packet = (*encoder)->receive();
    ASSERT_TRUE(packet) << n;
    EXPECT_EQ((*packet)->pts, n);
    EXPECT_EQ((*packet)->dts, n);
  }
}

INSTANTIATE_TEST_SUITE_P(Software, LowDelayEncoders, ::testing::Values(Codec::h264, Codec::hevc),
                         [](const auto& parameter) { return std::string(to_string(parameter.param)); });
INSTANTIATE_TEST_SUITE_P(Software, VideoEncoders, ::testing::Values(Codec::h264, Codec::hevc, Codec::av1),
                         [](const auto& parameter) { return std::string(to_string(parameter.param)); });

}  // namespace
}  // namespace mainstay::ffi
