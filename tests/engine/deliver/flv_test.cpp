#include "engine/deliver/flv.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/deliver/bit_reader.h"
#include "engine/deliver/flv_codecs.h"
#include "engine/ffi/rtmp/amf0.h"

namespace mainstay {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using Bytes = std::vector<std::uint8_t>;

StreamInfoPtr video(Codec codec, Bytes extradata, Rate rate = {30, 1}) {
  auto out = std::make_shared<StreamInfo>();
  out->name = "v0";
  out->codec = codec;
  out->rate = rate;
  out->time_base = rate.time_base();
  out->extradata = std::move(extradata);
  out->width = 1280;
  out->height = 720;
  out->kbps = 3000;
  return out;
}

StreamInfoPtr aac() {
  auto out = std::make_shared<StreamInfo>();
  out->name = "a0";
  out->kind = MediaKind::audio;
  out->codec = Codec::aac;
  out->time_base = kAudioBase;
  out->extradata = {0x11, 0x90};
  out->sample_rate = 48000;
  out->channels = 2;
  out->kbps = 128;
  return out;
}

// A baseline SPS and PPS.
const Bytes kAvcSets{0, 0, 0, 1, 0x67, 0x42, 0xC0, 0x1F, 0xDA, 0, 0, 1, 0x68, 0xCE, 0x0F};

TEST(Nals, AreFoundBehindEitherStartCode) {
  std::vector<Bytes> found;
  const Bytes bytes{0, 0, 0, 1, 9, 0xF0, 0, 0, 1, 0x65, 1, 2, 0, 0, 3, 0, 0, 0, 1, 0x41, 0, 0};
  EXPECT_TRUE(for_each_nal(bytes, [&](auto nal) { found.emplace_back(nal.begin(), nal.end()); }));
  EXPECT_THAT(found, ElementsAre(Bytes{9, 0xF0}, Bytes{0x65, 1, 2, 0, 0, 3}, Bytes{0x41}));
}

TEST(Nals, AreNotFoundWhereThereIsNoStartCode) {
  EXPECT_FALSE(for_each_nal(Bytes{0, 0, 0, 2, 1, 1, 1}, [](auto) { FAIL(); }));
  EXPECT_FALSE(for_each_nal({}, [](auto) { FAIL(); }));
  EXPECT_FALSE(for_each_nal(Bytes{0, 0, 1}, [](auto) { FAIL(); }));
}

TEST(BitReader, ReadsExpGolombAndStopsAtTheEnd) {
  const Bytes bytes{0b10100110, 0b01000010, 0b10000000};
  BitReader bits(bytes);
  EXPECT_EQ(bits.exp_golomb(), 0U);
  EXPECT_EQ(bits.exp_golomb(), 1U);
  EXPECT_EQ(bits.exp_golomb(), 2U);
  EXPECT_EQ(bits.exp_golomb(), 3U);
  EXPECT_EQ(bits.exp_golomb(), 4U);
  EXPECT_FALSE(bits.past_end());
  EXPECT_EQ(bits.bits(32), 0U);
  EXPECT_TRUE(bits.past_end());
}

TEST(FlvTrack, BeginsH264WithItsConfiguration) {
  const auto track = FlvTrack::make(video(Codec::h264, kAvcSets));
  ASSERT_TRUE(track) << track.error().describe();
  Bytes out;
  track->append_header(out);
  EXPECT_THAT(out, ElementsAre(0x17, 0, 0, 0, 0, 1, 0x42, 0xC0, 0x1F, 0xFF, 0xE1, 0, 5, 0x67, 0x42, 0xC0, 0x1F, 0xDA, 1,
                               0, 3, 0x68, 0xCE, 0x0F));
}

TEST(FlvTrack, MakesAnnexBLengthPrefixedAndLeavesOutDelimiters) {
  const auto stream = video(Codec::h264, kAvcSets);
  const auto track = FlvTrack::make(stream);
  ASSERT_TRUE(track);
  const auto packet = make_packet(stream, 5, 3, 1, true, {0, 0, 0, 1, 9, 0xF0, 0, 0, 1, 0x65, 0xAA, 0xBB});
  Bytes out;
  ASSERT_TRUE(track->append(*packet, out));
  EXPECT_THAT(out, ElementsAre(0x17, 1, 0, 0, 67, 0, 0, 0, 3, 0x65, 0xAA, 0xBB));
}

TEST(FlvTrack, RefusesAPacketThatIsNoAnnexB) {
  const auto stream = video(Codec::h264, kAvcSets);
  Bytes out;
  const Status appended = FlvTrack::make(stream)->append(*make_packet(stream, 0, 0, 1, true, {1, 2, 3}), out);
  ASSERT_FALSE(appended);
  EXPECT_EQ(appended.error().code, Errc::corrupt);
}

TEST(FlvTrack, WrapsAac) {
  const auto stream = aac();
  const auto track = FlvTrack::make(stream);
  ASSERT_TRUE(track);
  Bytes out;
  track->append_header(out);
  EXPECT_THAT(out, ElementsAre(0xAF, 0, 0x11, 0x90));
  out.clear();
  ASSERT_TRUE(track->append(*make_packet(stream, 1024, 1024, 1024, true, {5, 6}), out));
  EXPECT_THAT(out, ElementsAre(0xAF, 1, 5, 6));
}

TEST(FlvTrack, WrapsAv1AsEnhancedRtmpWithoutItsDelimiter) {
  // A reduced still-picture header would do; this is profile 0, level 8, as SVT-AV1 writes it for 320×180.
  const Bytes header{0x0A, 0x0B, 0, 0, 0, 4, 0x3C, 0xFF, 0xB3, 0xBB, 0xFC, 0xC0, 0x10};
  const auto stream = video(Codec::av1, header);
  const auto track = FlvTrack::make(stream);
  ASSERT_TRUE(track) << track.error().describe();
  Bytes out;
  track->append_header(out);
  EXPECT_EQ(out[0], 0x90);
  EXPECT_EQ(std::string(out.begin() + 1, out.begin() + 5), "av01");
  EXPECT_EQ(out[5], 0x81);
  out.clear();
  ASSERT_TRUE(track->append(*make_packet(stream, 0, 0, 1, false, {0x12, 0, 0x32, 2, 7, 8}), out));
  EXPECT_THAT(out, ElementsAre(0xA1, 'a', 'v', '0', '1', 0x32, 2, 7, 8));
}

TEST(FlvTrack, NamesACodecThatRtmpCannotCarry) {
  const auto track = FlvTrack::make(video(Codec::vp9, {}));
  ASSERT_FALSE(track);
  EXPECT_EQ(track.error().code, Errc::unsupported);
  EXPECT_THAT(track.error().message, HasSubstr("RTMP cannot carry vp9"));
}

TEST(FlvTrack, SaysWhatParameterSetsLack) {
  EXPECT_THAT(FlvTrack::make(video(Codec::h264, {})).error().message, HasSubstr("no SPS and PPS"));
  EXPECT_THAT(FlvTrack::make(video(Codec::hevc, kAvcSets)).error().message, HasSubstr("no VPS, SPS and PPS"));
  EXPECT_THAT(FlvTrack::make(video(Codec::av1, {})).error().message, HasSubstr("no sequence header"));
}

TEST(FlvTimes, AreRoundedFromTheExactTimeAndNeverSummed) {
  const auto stream = video(Codec::h264, kAvcSets, Rate{30000, 1001});
  std::uint32_t last = 0;
  for (std::int64_t n = 0; n < 100'000; ++n) {
    Packet packet;
    packet.stream = stream;
    packet.dts = n;
    packet.pts = n + 2;
    const std::uint32_t at = flv_timestamp(packet);
    const double exact = static_cast<double>(n) * 1001 / 30;
    ASSERT_NEAR(at, exact, 0.5001);
    ASSERT_NEAR(at + flv_composition_offset(packet), exact + 2 * 1001.0 / 30, 0.5001);
    ASSERT_GE(at, last);
    last = at;
  }
}

TEST(FlvTimes, GoOnPast24BitsAndWrapAt32) {
  const auto stream = video(Codec::h264, kAvcSets, Rate{1000, 1});
  Packet packet;
  packet.stream = stream;
  packet.pts = packet.dts = 0x1000000;
  EXPECT_EQ(flv_timestamp(packet), 0x1000000U);
  packet.pts = packet.dts = 0x100000005;
  EXPECT_EQ(flv_timestamp(packet), 5U);
  packet.pts = packet.dts = -40;
  EXPECT_EQ(flv_timestamp(packet), 0U);
}

TEST(FlvMetadata, DescribesTheStreams) {
  Bytes out;
  append_flv_metadata({video(Codec::h264, kAvcSets), aac()}, out);
  const auto values = ffi::parse_amf0(out);
  ASSERT_TRUE(values);
  ASSERT_EQ(values->size(), 3U);
  EXPECT_EQ((*values)[0].string, "@setDataFrame");
  const auto& data = (*values)[2];
  EXPECT_EQ(data["width"].number, 1280);
  EXPECT_EQ(data["framerate"].number, 30);
  EXPECT_EQ(data["videocodecid"].number, 7);
  EXPECT_EQ(data["videodatarate"].number, 3000);
  EXPECT_EQ(data["audiocodecid"].number, 10);
  EXPECT_EQ(data["audiosamplerate"].number, 48000);
  EXPECT_TRUE(data["stereo"].boolean);
}

}  // namespace
}  // namespace mainstay
