#include "engine/program/reblock.h"

#include <gtest/gtest.h>

namespace mainstay {
namespace {

// A source whose samples count up from 1, in blocks as its own frames have them.
AudioBlockPtr counting(const Rate& rate, FrameIndex own) {
  auto block = std::make_shared<AudioBlock>(2, rate.samples(own));
  for (int c = 0; c < 2; ++c) {
    for (int i = 0; i < block->samples; ++i)
      block->plane(c)[static_cast<std::size_t>(i)] = static_cast<float>(rate.first_sample(own) + i + 1);
  }
  return block;
}

TEST(Reblock, GivesEachSampleOnceAndInOrderWhereverTheSourceJoined) {
  for (const Rate rate : {Rate{30000, 1001}, Rate{60000, 1001}, Rate{24000, 1001}}) {
    for (FrameIndex joined = 0; joined < 11; ++joined) {
      Reblock reblock;
      float expected = 0;  // the one sample of silence, then 1, 2, 3, …
      for (FrameIndex own = 0; own < 40; ++own) {
        const int wanted = rate.samples(joined + own);
        const AudioBlockPtr out = reblock.take(counting(rate, own), rate.samples(own), wanted);
        ASSERT_EQ(out->samples, wanted);
        for (const float sample : out->plane(0)) ASSERT_EQ(sample, expected++) << rate.str() << " " << joined;
      }
    }
  }
}

TEST(Reblock, ASilentTickKeepsThePlace) {
  const Rate rate{30000, 1001};
  Reblock reblock;
  reblock.take(counting(rate, 0), rate.samples(0), rate.samples(3));
  reblock.take(nullptr, rate.samples(1), rate.samples(4));
  const AudioBlockPtr out = reblock.take(counting(rate, 2), rate.samples(2), rate.samples(5));
  const auto plane = out->plane(1);
  EXPECT_EQ(plane.back(), static_cast<float>(rate.samples(3) + rate.samples(4) + rate.samples(5) - 1));
}

TEST(Reblock, ASourceWhoseLayoutChangesKeepsThePlaceInAllChannels) {
  const Rate rate{30000, 1001};
  Reblock reblock;
  for (FrameIndex own = 0; own < 30; ++own) {
    auto block = std::make_shared<AudioBlock>(own < 7 ? 2 : own < 13 ? 1 : own < 19 ? 6 : 2, rate.samples(own));
    for (int c = 0; c < block->channels; ++c) {
      for (int i = 0; i < block->samples; ++i)
        block->plane(c)[static_cast<std::size_t>(i)] = static_cast<float>(rate.first_sample(own) + i + 1);
    }
    const AudioBlockPtr out = reblock.take(block, rate.samples(own), rate.samples(own + 2));
    ASSERT_EQ(out->channels, block->channels);
    for (int c = 1; c < out->channels; ++c) EXPECT_EQ(out->plane(c).back(), out->plane(0).back()) << own << " " << c;
  }
}

}  // namespace
}  // namespace mainstay
