#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "tests/engine/ffi/encoder_test_support.h"

namespace mainstay::ffi {
namespace {

using testing::decode_sound;
using testing::encode_sound;
using testing::loudest;

std::unique_ptr<AudioEncoder> open(Codec codec, int channels = 2) {
  AudioEncoderConfig config;
  config.codec = codec;
  config.channels = channels;
  auto encoder = AudioEncoder::open(config);
  EXPECT_TRUE(encoder) << encoder.error().describe();
  return encoder ? std::move(*encoder) : nullptr;
}

class AudioEncoders : public ::testing::TestWithParam<Codec> {};

// 1601 samples a block: not the codec's 1024 or 960, nor any tick's 1600.
TEST_P(AudioEncoders, put_an_impulse_on_its_sample) {
  constexpr std::int64_t kFirst = 48'000'000'123;
  constexpr std::int64_t kImpulse = kFirst + 20'000;
  const auto encoder = open(GetParam());
  const auto packets =
      encode_sound(*encoder, kFirst, 30, 1601, [](std::int64_t at) { return at == kImpulse ? 0.9F : 0.0F; });
  const auto sound = decode_sound(packets);
  ASSERT_FALSE(sound.samples.empty());
  EXPECT_EQ(sound.pts + static_cast<std::int64_t>(loudest(sound.samples)), kImpulse);
}

TEST_P(AudioEncoders, start_their_priming_before_the_first_sample_and_cover_the_last) {
  const auto encoder = open(GetParam());
  const auto packets = encode_sound(*encoder, 48000, 30, 1600, [](std::int64_t) { return 0.1F; });
  ASSERT_FALSE(packets.empty());
  EXPECT_LT(packets.front()->pts, 48000);
  EXPECT_GE(packets.back()->pts + packets.back()->duration, 48000 + 30 * 1600);
  for (std::size_t i = 1; i < packets.size(); ++i) {
    EXPECT_EQ(packets[i]->pts, packets[i - 1]->pts + packets[i - 1]->duration) << i;
    EXPECT_EQ(packets[i]->dts, packets[i]->pts);
    EXPECT_TRUE(packets[i]->key);
  }
}

TEST_P(AudioEncoders, keep_positions_across_a_gap_an_overlap_and_a_jump) {
  for (const std::int64_t gap : {std::int64_t{5000}, std::int64_t{-700}, std::int64_t{480'000}}) {
    const auto encoder = open(GetParam());
    AudioBlock quiet(2, 9600);
    ASSERT_TRUE(encoder->send(quiet, 0));
    AudioBlock loud(2, 9600);
    loud.plane(0)[4000] = loud.plane(1)[4000] = 0.9F;
    ASSERT_TRUE(encoder->send(loud, 9600 + gap));
    ASSERT_TRUE(encoder->send(quiet, 2 * 9600 + gap));
    ASSERT_TRUE(encoder->drain());
    std::vector<PacketPtr> packets;
    while (auto packet = encoder->receive()) packets.push_back(*packet);
    const auto sound = decode_sound(packets);
    // The decoder gives the packets' samples end to end; find the packet that holds the loudest.
    const auto at = static_cast<std::int64_t>(loudest(sound.samples));
    const std::int64_t frame = encoder->stream()->frame_samples;
    const std::int64_t position = packets[static_cast<std::size_t>(at / frame)]->pts + at % frame;
    EXPECT_EQ(position, 9600 + gap + 4000) << "gap " << gap;
    EXPECT_EQ(encoder->overlapped(), gap < 0 ? -gap : 0);
  }
}

TEST_P(AudioEncoders, make_the_same_bytes_on_every_run) {
  auto run = [] {
    const auto encoder = open(GetParam());
    return encode_sound(*encoder, 0, 20, 1600,
                        [](std::int64_t at) { return 0.3F * std::sin(static_cast<float>(at) * 0.05F); });
  };
  const auto first = run();
  const auto second = run();
  ASSERT_EQ(first.size(), second.size());
  for (std::size_t i = 0; i < first.size(); ++i) EXPECT_TRUE(std::ranges::equal(first[i]->bytes, second[i]->bytes));
}

TEST_P(AudioEncoders, tell_their_stream_from_the_start) {
  const auto encoder = open(GetParam());
  const StreamInfoPtr info = encoder->stream();
  EXPECT_EQ(info->sample_rate, 48000);
  EXPECT_EQ(info->channels, 2);
  EXPECT_EQ(info->frame_samples, GetParam() == Codec::aac ? 1024 : 960);
  if (GetParam() == Codec::aac) {
    // AAC LC, 48 kHz, 2 channels (ISO/IEC 14496-3 1.6.2.1).
    ASSERT_GE(info->extradata.size(), 2U);
    EXPECT_EQ(info->extradata[0], 0x11);
    EXPECT_EQ(info->extradata[1] & 0xf8, 0x90);
  } else {
    EXPECT_EQ(std::string(info->extradata.begin(), info->extradata.begin() + 8), "OpusHead");
  }
}

TEST_P(AudioEncoders, mix_stereo_to_mono_and_spread_mono_to_stereo) {
  const auto mono = open(GetParam(), 1);
  AudioBlock left_only(2, 9600);
  for (int i = 0; i < 9600; ++i)
    left_only.plane(0)[static_cast<std::size_t>(i)] = 0.5F * std::sin(static_cast<float>(i) * 0.1F);
  ASSERT_TRUE(mono->send(left_only, 0));
  ASSERT_TRUE(mono->drain());
  std::vector<PacketPtr> packets;
  while (auto packet = mono->receive()) packets.push_back(*packet);
  const auto sound = decode_sound(packets);
  const float peak = std::abs(sound.samples[loudest(sound.samples)]);
  EXPECT_NEAR(peak, 0.25F, 0.1F);
}

TEST_P(AudioEncoders, keep_each_channel_of_51_at_its_place) {
  AudioEncoderConfig config;
  config.codec = GetParam();
  config.channels = 6;
  config.kbps = 384;
  auto opened = AudioEncoder::open(config);
  ASSERT_TRUE(opened) << opened.error().describe();
  AudioEncoder& encoder = **opened;
  const StreamInfoPtr info = encoder.stream();
  EXPECT_EQ(info->channels, 6);
  if (GetParam() == Codec::aac) {
    // AAC LC, 48 kHz, channel configuration 6 (ISO/IEC 14496-3 1.6.3.5).
    EXPECT_EQ(info->extradata[1] >> 3 & 0x0f, 6);
  } else {
    EXPECT_EQ(info->extradata[9], 6);
    EXPECT_EQ(info->extradata[18], 1) << "mapping family (RFC 7845 5.1.1)";
  }
  // Of each channel a tone of its own that an LFE carries, too: 30, 40, … Hz.
  const auto hz = [](int channel) { return 30.0 + 10 * channel; };
  AudioBlock block(6, 96000);
  for (int c = 0; c < 6; ++c) {
    for (int i = 0; i < block.samples; ++i)
      block.plane(c)[static_cast<std::size_t>(i)] =
          static_cast<float>(0.25 * std::sin(2 * 3.14159265358979 * hz(c) * i / 48000));
  }
  ASSERT_TRUE(encoder.send(block, 0));
  ASSERT_TRUE(encoder.drain());
  std::vector<PacketPtr> packets;
  while (auto packet = encoder.receive()) packets.push_back(*packet);
  const auto sound = decode_sound(packets);
  ASSERT_EQ(sound.channels.size(), 6u);
  const auto amplitude = [&](int channel, double frequency) {
    const auto& samples = sound.channels[static_cast<std::size_t>(channel)];
    double a = 0;
    double b = 0;
    for (int i = 0; i < 48000; ++i) {
      const double w = 2 * 3.14159265358979 * frequency * i / 48000;
      a += samples[static_cast<std::size_t>(i) + 24000] * std::sin(w);
      b += samples[static_cast<std::size_t>(i) + 24000] * std::cos(w);
    }
    return std::hypot(a, b) / 24000;
  };
  for (int c = 0; c < 6; ++c) {
    for (int tone = 0; tone < 6; ++tone)
      EXPECT_NEAR(amplitude(c, hz(tone)), c == tone ? 0.25 : 0, 0.03) << "channel " << c << ", " << hz(tone) << " Hz";
  }
}

INSTANTIATE_TEST_SUITE_P(Both, AudioEncoders, ::testing::Values(Codec::aac, Codec::opus),
                         [](const auto& parameter) { return std::string(to_string(parameter.param)); });

}  // namespace
}  // namespace mainstay::ffi
