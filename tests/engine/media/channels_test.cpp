// ITU-R BS.775-4, table 2: what each layout becomes in another, to the sample.
#include "engine/media/channels.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace mainstay {
namespace {

constexpr float k = 0.70710678F;  // -3 dB

// A block whose channels stand still at these values.
AudioBlockPtr block_of(const std::vector<float>& values) {
  auto block = std::make_shared<AudioBlock>(static_cast<int>(values.size()), 8);
  for (std::size_t c = 0; c < values.size(); ++c) std::ranges::fill(block->plane(static_cast<int>(c)), values[c]);
  return block;
}

std::vector<float> mapped(const std::vector<float>& values, int channels) {
  const AudioBlockPtr out = with_channels(block_of(values), channels);
  std::vector<float> last;
  for (int c = 0; c < out->channels; ++c) last.push_back(out->plane(c).back());
  return last;
}

using Values = std::vector<float>;
const Values kSurround{0.5F, 0.25F, 0.125F, 0.0625F, 0.03125F, 0.015625F};  // L R C LFE Ls Rs

TEST(Channels, SurroundBecomesStereoWithCentreAndSurroundsThreeDecibelDownAndNoLfe) {
  EXPECT_EQ(mapped(kSurround, 2), (Values{0.5F + 0.125F * k + 0.03125F * k, 0.25F + 0.125F * k + 0.015625F * k}));
}

TEST(Channels, SurroundBecomesMono) {
  const float sum = 0.5F * k + 0.25F * k + 0.125F + 0.03125F * 0.5F + 0.015625F * 0.5F;
  ASSERT_EQ(mapped(kSurround, 1).size(), 1u);
  EXPECT_FLOAT_EQ(mapped(kSurround, 1)[0], sum);
}

TEST(Channels, StereoBecomesMonoWithBothSidesThreeDecibelDown) {
  EXPECT_EQ(mapped({0.5F, 0.25F}, 1), (Values{0.5F * k + 0.25F * k}));
}

TEST(Channels, MonoIsTheCentreWhereThereIsOneAndOtherwiseBothSides) {
  EXPECT_EQ(mapped({0.5F}, 6), (Values{0, 0, 0.5F, 0, 0, 0}));
  EXPECT_EQ(mapped({0.5F}, 2), (Values{0.5F * k, 0.5F * k}));
  EXPECT_FLOAT_EQ(mapped(mapped({0.5F}, 2), 1)[0], 0.5F) << "there and back is as loud";
}

TEST(Channels, NothingIsAddedUpOnTheWayToMoreChannels) {
  EXPECT_EQ(mapped({0.5F, 0.25F}, 6), (Values{0.5F, 0.25F, 0, 0, 0, 0}));
  EXPECT_EQ(mapped({1, 2, 3}, 6), (Values{1, 2, 3, 0, 0, 0})) << "L R C";
  EXPECT_EQ(mapped({1, 2, 3, 4}, 6), (Values{1, 2, 0, 0, 3, 4})) << "L R Ls Rs";
  EXPECT_EQ(mapped({1, 2, 3, 4, 5}, 6), (Values{1, 2, 3, 0, 4, 5})) << "L R C Ls Rs";
}

TEST(Channels, OtherLayoutsBecomeStereoToo) {
  EXPECT_EQ(mapped({0.25F, 0.125F, 0.5F}, 2), (Values{0.25F + k * 0.5F, 0.125F + k * 0.5F}));
  EXPECT_EQ(mapped({0, 0, 0.5F, 0.25F}, 2), (Values{k * 0.5F, k * 0.25F}));
  EXPECT_EQ(mapped({0, 0, 0, 0.5F, 0.25F}, 2), (Values{k * 0.5F, k * 0.25F}));
}

TEST(Channels, TheSameNumberOfChannelsIsTheSameBlock) {
  const AudioBlockPtr block = block_of(kSurround);
  EXPECT_EQ(with_channels(block, 6), block);
  EXPECT_EQ(with_channels(nullptr, 6), nullptr);
}

TEST(Channels, APieceIsPutWhereItIsAskedFor) {
  AudioBlock in(1, 4);
  for (int i = 0; i < 4; ++i) in.plane(0)[static_cast<std::size_t>(i)] = static_cast<float>(i + 1);
  AudioBlock out(6, 5);
  std::ranges::fill(out.data, 9.0F);
  map_channels(in, 1, 2, out, 3);
  EXPECT_THAT(out.plane(kCentre), testing::ElementsAre(9, 9, 9, 2, 3));
  EXPECT_THAT(out.plane(kLfe), testing::ElementsAre(9, 9, 9, 0, 0)) << "and silence where there is nothing for it";
}

TEST(Channels, TheyHaveNames) {
  std::string names;
  for (int c = 0; c < 6; ++c) names += channel_label(6, c) + std::string(" ");
  EXPECT_EQ(names, "L R C LFE Ls Rs ");
  EXPECT_STREQ(channel_label(1, 0), "M");
  EXPECT_STREQ(channel_label(2, 1), "R");
  EXPECT_STREQ(channel_label(5, 3), "Ls");
}

}  // namespace
}  // namespace mainstay
