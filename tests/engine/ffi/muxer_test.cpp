#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "tests/engine/ffi/encoder_test_support.h"

namespace mainstay::ffi {
namespace {

using testing::demux;
using testing::encode_pictures;
using testing::encode_sound;
using testing::interleave;
using testing::mux;
using testing::small_video;

constexpr std::int64_t kSecond = 1'000'000'000;

/// Two seconds of 30 fps pictures and their sound from frame `first` on.
std::vector<PacketPtr> program(std::int64_t first, Codec audio = Codec::aac, Rate rate = {30, 1}) {
  VideoEncoderConfig video = small_video();
  video.rate = rate;
  AudioEncoderConfig sound;
  sound.codec = audio;
  auto encoder = AudioEncoder::open(sound);
  EXPECT_TRUE(encoder);
  const auto pictures = encode_pictures(video, first, 60);
  const auto blocks =
      encode_sound(**encoder, rate.first_sample(first), 60, rate.samples(0), [](std::int64_t) { return 0.1F; });
  return interleave(pictures, blocks);
}

const char* demuxer(Container container) {
  return container == Container::mpegts ? "mpegts" : container == Container::matroska ? "matroska" : "mov";
}

struct Case {
  Container container;
  Codec audio;
};

class Muxers : public ::testing::TestWithParam<Case> {};

std::string case_name(const ::testing::TestParamInfo<Case>& parameter) {
  return std::string(demuxer(parameter.param.container)) + "_" + to_string(parameter.param.audio);
}

// At one second, and at a day.
TEST_P(Muxers, keep_every_packet_at_its_time) {
  for (const std::int64_t first : {30, 30 * 86400}) {
    const auto packets = program(first, GetParam().audio);
    MuxerOptions options;
    options.container = GetParam().container;
    const auto found = demux(mux(options, packets), demuxer(GetParam().container));
    ASSERT_EQ(found.size(), packets.size());
    const std::int64_t wrap = (std::int64_t{1} << 33) * kSecond / 90000;
    for (const int stream : {0, 1}) {
      std::vector<PacketPtr> put;
      std::ranges::copy_if(packets, std::back_inserter(put),
                           [&](const auto& p) { return p->video() == (stream == 0); });
      std::vector<testing::DemuxedPacket> got;
      std::ranges::copy_if(found, std::back_inserter(got), [&](const auto& p) { return p.stream == stream; });
      ASSERT_EQ(got.size(), put.size());
      for (std::size_t i = 0; i < put.size(); ++i) {
        std::int64_t pts = rescale(put[i]->pts, put[i]->stream->time_base, kNanosBase);
        if (GetParam().container == Container::mpegts) pts %= wrap;
        // Matroska counts milliseconds (twice with a codec delay), TS and MP4 finer.
        const std::int64_t tolerance = GetParam().container == Container::matroska ? 1'000'000 : 12'000;
        EXPECT_NEAR(static_cast<double>(got[i].pts_ns), static_cast<double>(pts), static_cast<double>(tolerance))
            << "stream " << stream << " packet " << i << " first " << first;
        EXPECT_EQ(got[i].key, put[i]->key);
      }
    }
  }
}

TEST_P(Muxers, make_the_same_bytes_on_every_run) {
  const auto packets = program(30, GetParam().audio);
  MuxerOptions options;
  options.container = GetParam().container;
  EXPECT_EQ(mux(options, packets), mux(options, packets));
}

INSTANTIATE_TEST_SUITE_P(Containers, Muxers,
                         ::testing::Values(Case{Container::mpegts, Codec::aac}, Case{Container::mpegts, Codec::opus},
                                           Case{Container::fragmented_mp4, Codec::aac},
                                           Case{Container::fragmented_mp4, Codec::opus},
                                           Case{Container::matroska, Codec::aac},
                                           Case{Container::matroska, Codec::opus}),
                         case_name);

}  // namespace
}  // namespace mainstay::ffi
