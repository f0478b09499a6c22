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

std::vector<StreamInfoPtr> streams_of(const std::vector<PacketPtr>& packets) {
  std::vector<StreamInfoPtr> streams;
  for (const PacketPtr& packet : packets) {
    if (std::find(streams.begin(), streams.end(), packet->stream) == streams.end()) streams.push_back(packet->stream);
  }
  return streams;
}

TEST(Muxer, gives_back_the_writers_error_and_keeps_to_it) {
  const auto packets = program(30);
  for (const Container container : {Container::mpegts, Container::fragmented_mp4, Container::matroska}) {
    bool full = false;
    MuxerOptions options;
    options.container = container;
    auto muxer = Muxer::open(options, streams_of(packets), [&](std::span<const std::uint8_t>) -> Status {
      if (full) return Error{Errc::io, "the disk is full", nullptr};
      return {};
    });
    ASSERT_TRUE(muxer);
    full = true;
    Status status;
    for (const PacketPtr& packet : packets) {
      status = (*muxer)->write(*packet);
      if (!status) break;
    }
    ASSERT_FALSE(status) << demuxer(container);
    EXPECT_EQ(status.error().message, "the disk is full");
    full = false;
    EXPECT_FALSE((*muxer)->write(*packets.back()));
    EXPECT_FALSE((*muxer)->finish());
  }
}

TEST(Muxer, refuses_a_packet_of_a_stream_it_was_not_opened_with) {
  const auto packets = program(30);
  auto muxer = Muxer::open({}, {packets[0]->stream}, [](std::span<const std::uint8_t>) -> Status { return {}; });
  ASSERT_TRUE(muxer);
  const auto other = std::ranges::find_if(packets, [&](const auto& p) { return p->stream != packets[0]->stream; });
  const Status status = (*muxer)->write(**other);
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code, Errc::invalid);
}

TEST(Muxer, says_that_ts_cannot_hold_av1) {
  StreamInfo info;
  info.codec = Codec::av1;
  const auto muxer = Muxer::open({}, {std::make_shared<const StreamInfo>(info)},
                                 [](std::span<const std::uint8_t>) -> Status { return {}; });
  ASSERT_FALSE(muxer);
  EXPECT_EQ(muxer.error().code, Errc::unsupported);
}

TEST(Muxer, names_an_option_that_the_container_does_not_have) {
  const auto packets = program(30);
  MuxerOptions options;
  options.options["no_such_option"] = "1";
  const auto muxer =
      Muxer::open(options, streams_of(packets), [](std::span<const std::uint8_t>) -> Status { return {}; });
  ASSERT_FALSE(muxer);
  EXPECT_THAT(muxer.error().message, ::testing::HasSubstr("no_such_option"));
}

// A kill leaves a file that ends anywhere.
TEST(FragmentedMp4, plays_up_to_the_last_whole_fragment_wherever_it_is_cut) {
  const auto packets = program(30);
  MuxerOptions options;
  options.container = Container::fragmented_mp4;
  std::vector<std::uint8_t> file;
  std::vector<std::size_t> fragments;  // where the file ends when each key packet has been written
  auto muxer = Muxer::open(options, streams_of(packets), [&](std::span<const std::uint8_t> bytes) -> Status {
    file.insert(file.end(), bytes.begin(), bytes.end());
    return {};
  });
  ASSERT_TRUE(muxer);
  const std::size_t header = file.size();
  for (const PacketPtr& packet : packets) {
    ASSERT_TRUE((*muxer)->write(*packet));
    if (fragments.empty() ? file.size() > header : file.size() > fragments.back()) fragments.push_back(file.size());
  }
  ASSERT_EQ(fragments.size(), 3U) << "GOPs of 15 frames: three whole fragments, the fourth is open";
  auto pictures = [&](std::size_t size) {
    const auto found = demux({file.begin(), file.begin() + static_cast<std::ptrdiff_t>(size)}, "mov");
    return std::ranges::count_if(found, [](const auto& p) { return p.stream == 0 && p.size > 0; });
  };
  EXPECT_EQ(pictures(fragments[0]), 15);
  EXPECT_EQ(pictures(fragments[2]), 45);
  for (std::size_t size = header; size < file.size(); size += 611) {
    const auto whole = std::ranges::count_if(fragments, [&](std::size_t end) { return end <= size; });
    EXPECT_GE(pictures(size), whole * 15) << "cut at " << size;
  }
}

TEST(FragmentedMp4, keeps_times_where_frames_are_missing_at_a_fragments_end) {
  auto packets = program(3000);
  // Not referred to by others, and the last before an IDR: the durations no longer add up to the next fragment's start.
  std::erase_if(packets, [](const PacketPtr& p) { return p->video() && p->pts >= 3012 && p->pts < 3015; });
  MuxerOptions options;
  options.container = Container::fragmented_mp4;
  const auto found = demux(mux(options, packets), "mov");
  std::vector<std::int64_t> put;
  std::vector<std::int64_t> got;
  for (const PacketPtr& p : packets) {
    if (p->video()) put.push_back(rescale(p->pts, p->stream->time_base, kNanosBase) / 1000);
  }
  for (const auto& p : found) {
    if (p.stream == 0) got.push_back(p.pts_ns / 1000);
  }
  EXPECT_EQ(got, put);
}

TEST(FragmentedMp4, hands_over_the_open_fragment_when_flushed) {
  const auto packets = program(30);
  MuxerOptions options;
  options.container = Container::fragmented_mp4;
  std::vector<std::uint8_t> file;
  auto muxer = Muxer::open(options, streams_of(packets), [&](std::span<const std::uint8_t> bytes) -> Status {
    file.insert(file.end(), bytes.begin(), bytes.end());
    return {};
  });
  ASSERT_TRUE(muxer);
  for (std::size_t i = 0; i < 10; ++i) ASSERT_TRUE((*muxer)->write(*packets[i]));
  ASSERT_TRUE((*muxer)->flush());
  EXPECT_EQ(demux(file, "mov").size(), 10U);
}

TEST(Matroska, killed_loses_no_more_than_the_open_cluster) {
  const auto packets = program(30);
  MuxerOptions options;
  options.container = Container::matroska;
  const auto killed = mux(options, packets, false);
  const auto found = demux(killed, "matroska");
  // GOPs of half a second begin clusters.
  const auto pictures = std::ranges::count_if(found, [](const auto& p) { return p.stream == 0; });
  EXPECT_GE(pictures, 45);
}

}  // namespace
}  // namespace mainstay::ffi
