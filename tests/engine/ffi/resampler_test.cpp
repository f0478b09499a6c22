#include "engine/ffi/av/resampler.h"

#include <gtest/gtest.h>

#include <cmath>

namespace mainstay::ffi {
namespace {

/// `samples` of a constant level, all channels.
AvFramePtr sound(int samples, int rate, int channels, float level = 0.5f) {
  AvFramePtr frame(av_frame_alloc());
  frame->format = AV_SAMPLE_FMT_FLTP;
  frame->sample_rate = rate;
  frame->nb_samples = samples;
  av_channel_layout_default(&frame->ch_layout, channels);
  av_frame_get_buffer(frame.get(), 0);
  for (int c = 0; c < channels; ++c) std::fill_n(reinterpret_cast<float*>(frame->extended_data[c]), samples, level);
  return frame;
}

struct Got {
  std::vector<std::pair<std::int64_t, std::int64_t>> runs;  // joined: first, end
  float last = 0;
  int channels = 0;
};

Got take_all(Resampler& resampler) {
  Got got;
  while (auto item = resampler.take()) {
    const std::int64_t end = item->first_sample + item->block->samples;
    if (!got.runs.empty() && got.runs.back().second == item->first_sample)
      got.runs.back().second = end;
    else
      got.runs.emplace_back(item->first_sample, end);
    got.last = item->block->plane(0).back();
    got.channels = item->block->channels;
  }
  return got;
}

using Runs = std::vector<std::pair<std::int64_t, std::int64_t>>;

TEST(Resampler, CountsSamplesThroughTheRoundingOfMilliseconds) {
  Resampler resampler;
  for (int i = 0; i < 500; ++i)
    ASSERT_TRUE(resampler.push(*sound(1024, 48000, 2), std::lround(i * 1024 / 48.0), kMillisBase, kMillisBase));
  EXPECT_EQ(take_all(resampler).runs, (Runs{{0, 512000}}));
}

TEST(Resampler, GivesEverySampleOfAnotherRateItsPlace) {
  for (const int rate : {44100, 32000, 22050, 96000}) {
    Resampler resampler;
    const int count = rate / 50;
    for (int i = 0; i < 100; ++i)
      ASSERT_TRUE(resampler.push(*sound(count, rate, 2), std::int64_t{i} * count, {1, rate}, {1, rate}));
    ASSERT_TRUE(resampler.finish());
    const Got got = take_all(resampler);
    ASSERT_EQ(got.runs.size(), 1u) << rate;
    EXPECT_EQ(got.runs[0].first, 0);
    EXPECT_NEAR(static_cast<double>(got.runs[0].second), 96000, 2) << rate;
  }
}

TEST(Resampler, LeavesAGapWhereTheMediaHasOne) {
  Resampler resampler;
  ASSERT_TRUE(resampler.push(*sound(4800, 48000, 2), 0, kAudioBase, kAudioBase));
  ASSERT_TRUE(resampler.push(*sound(4800, 48000, 2), 9600, kAudioBase, kAudioBase));
  EXPECT_EQ(take_all(resampler).runs, (Runs{{0, 4800}, {9600, 14400}}));
}

TEST(Resampler, CutsOffWhatWasGivenAlready) {
  Resampler resampler;
  ASSERT_TRUE(resampler.push(*sound(4800, 48000, 2), 0, kAudioBase, kAudioBase));
  ASSERT_TRUE(resampler.push(*sound(4800, 48000, 2), 2400, kAudioBase, kAudioBase));
  ASSERT_TRUE(resampler.push(*sound(480, 48000, 2), 100, kAudioBase, kAudioBase));
  EXPECT_EQ(take_all(resampler).runs, (Runs{{0, 7200}}));
}

TEST(Resampler, ToleratesAJitterBelowAMillisecond) {
  Resampler resampler;
  for (int i = 0; i < 100; ++i)
    ASSERT_TRUE(resampler.push(*sound(480, 48000, 2), i * 480 + (i % 2) * 40, kAudioBase, kAudioBase));
  EXPECT_EQ(take_all(resampler).runs, (Runs{{0, 48000}}));
}

TEST(Resampler, FollowsAChangeOfRateAndChannels) {
  Resampler resampler;
  ASSERT_TRUE(resampler.push(*sound(44100, 44100, 1), 0, kMillisBase, kTsBase));
  ASSERT_TRUE(resampler.push(*sound(48000, 48000, 6), 1000, kMillisBase, kTsBase));
  ASSERT_TRUE(resampler.push(*sound(32000, 32000, 2), 2000, kMillisBase, kTsBase));
  ASSERT_TRUE(resampler.finish());
  const Got got = take_all(resampler);
  EXPECT_EQ(got.runs.front().first, 0);
  EXPECT_NEAR(static_cast<double>(got.runs.back().second), 144000, 2);
  std::int64_t covered = 0;
  for (const auto& [first, end] : got.runs) covered += end - first;
  EXPECT_NEAR(static_cast<double>(covered), 144000, 4);
}

/// One channel of a named layout sounds; what of it is heard in each channel that comes out.
std::vector<float> heard_of(std::uint64_t layout, AVChannel channel) {
  AvFramePtr frame(av_frame_alloc());
  frame->format = AV_SAMPLE_FMT_S16;
  frame->sample_rate = 48000;
  frame->nb_samples = 480;
  av_channel_layout_from_mask(&frame->ch_layout, layout);
  av_frame_get_buffer(frame.get(), 0);
  const int channels = frame->ch_layout.nb_channels;
  const int place = av_channel_layout_index_from_channel(&frame->ch_layout, channel);
  auto* samples = reinterpret_cast<std::int16_t*>(frame->data[0]);
  for (int i = 0; i < 480 * channels; ++i) samples[i] = i % channels == place ? 16384 : 0;
  Resampler resampler;
  EXPECT_TRUE(resampler.push(*frame, 0, kAudioBase, kAudioBase));
  EXPECT_TRUE(resampler.finish());
  const auto item = resampler.take();
  if (!item) return {};
  std::vector<float> out;
  for (int c = 0; c < item->block->channels; ++c) out.push_back(item->block->plane(c)[100]);
  return out;
}

TEST(Resampler, MonoStereoAnd51StayWhatTheyAre) {
  for (const int channels : {1, 2, 6}) {
    Resampler resampler;
    ASSERT_TRUE(resampler.push(*sound(480, 48000, channels, 0.2f), 0, kAudioBase, kAudioBase));
    const Got got = take_all(resampler);
    EXPECT_EQ(got.channels, channels);
    EXPECT_EQ(got.last, 0.2f) << "to the bit";
  }
}

TEST(Resampler, EachChannelOf51IsAtItsPlaceWhereverTheSurroundsStand) {
  using Values = std::vector<float>;
  EXPECT_EQ(heard_of(AV_CH_LAYOUT_5POINT1_BACK, AV_CHAN_BACK_LEFT), (Values{0, 0, 0, 0, 0.5F, 0}));
  EXPECT_EQ(heard_of(AV_CH_LAYOUT_5POINT1, AV_CHAN_SIDE_RIGHT), (Values{0, 0, 0, 0, 0, 0.5F}));
  EXPECT_EQ(heard_of(AV_CH_LAYOUT_5POINT1, AV_CHAN_LOW_FREQUENCY), (Values{0, 0, 0, 0.5F, 0, 0}));
  EXPECT_EQ(heard_of(AV_CH_LAYOUT_5POINT1_BACK, AV_CHAN_FRONT_CENTER), (Values{0, 0, 0.5F, 0, 0, 0}));
}

TEST(Resampler, AnyOtherNamedLayoutBecomes51) {
  using Values = std::vector<float>;
  EXPECT_EQ(heard_of(AV_CH_LAYOUT_SURROUND, AV_CHAN_FRONT_CENTER), (Values{0, 0, 0.5F, 0, 0, 0})) << "L R C";
  EXPECT_EQ(heard_of(AV_CH_LAYOUT_QUAD, AV_CHAN_BACK_RIGHT), (Values{0, 0, 0, 0, 0, 0.5F})) << "L R Lb Rb";
  EXPECT_EQ(heard_of(AV_CH_LAYOUT_2POINT1, AV_CHAN_LOW_FREQUENCY), (Values{0, 0, 0, 0.5F, 0, 0})) << "L R LFE";
  EXPECT_EQ(heard_of(AV_CH_LAYOUT_7POINT1, AV_CHAN_FRONT_LEFT), (Values{0.5F, 0, 0, 0, 0, 0}));
  const Values back = heard_of(AV_CH_LAYOUT_7POINT1, AV_CHAN_BACK_LEFT);
  ASSERT_EQ(back.size(), 6u);
  EXPECT_NEAR(back[4], 0.5 * std::sqrt(0.5), 1e-3) << "both left surrounds of 7.1 in the one there is";
}

TEST(Resampler, StartsAtTheSampleAskedForAfterAJump) {
  Resampler resampler;
  ASSERT_TRUE(resampler.push(*sound(4800, 44100, 2), 0, {1, 44100}, {1, 44100}));
  resampler.reset(10000);
  ASSERT_TRUE(resampler.push(*sound(4800, 48000, 2), 8000, kAudioBase, kAudioBase));
  EXPECT_EQ(take_all(resampler).runs, (Runs{{10000, 12800}}));
}

TEST(Resampler, RefusesImpossibleSound) {
  Resampler resampler;
  AvFramePtr frame = sound(480, 48000, 2);
  frame->sample_rate = 0;
  const auto pushed = resampler.push(*frame, 0, kAudioBase, kAudioBase);
  ASSERT_FALSE(pushed);
  EXPECT_EQ(pushed.error().code, Errc::corrupt);
}

}  // namespace
}  // namespace mainstay::ffi
