#include "engine/core/sample_ring.h"

#include <gtest/gtest.h>

#include <numeric>
#include <thread>

namespace mainstay {
namespace {

TEST(SampleRing, GivesWhatWasPutInInItsOrderAcrossTheEnd) {
  SampleRing ring(8);
  std::vector<float> in(5);
  std::vector<float> out(5);
  for (int round = 0; round < 10; ++round) {
    std::iota(in.begin(), in.end(), static_cast<float>(round * 5));
    EXPECT_EQ(ring.write(in), 5U);
    EXPECT_EQ(ring.level(), 5U);
    EXPECT_EQ(ring.read(out), 5U);
    EXPECT_EQ(out, in);
  }
  EXPECT_EQ(ring.left_out(), 0U);
}

TEST(SampleRing, WhatDoesNotFitIsLeftOutAndCounted) {
  SampleRing ring(4);
  const std::vector<float> in{1, 2, 3, 4, 5, 6};
  EXPECT_EQ(ring.write(in), 4U);
  EXPECT_EQ(ring.left_out(), 2U);
  std::vector<float> out(6);
  EXPECT_EQ(ring.read(out), 4U);
  EXPECT_EQ(out[3], 4);
  EXPECT_EQ(ring.read(out), 0U);
}

TEST(SampleRing, TheOldestCanBeForgotten) {
  SampleRing ring(8);
  const std::vector<float> in{1, 2, 3, 4};
  ring.write(in);
  EXPECT_EQ(ring.skip(3), 3U);
  std::vector<float> out(1);
  EXPECT_EQ(ring.read(out), 1U);
  EXPECT_EQ(out[0], 4);
  EXPECT_EQ(ring.skip(1), 0U);
}

TEST(SampleRing, OneThreadWritesWhileAnotherReads) {
  constexpr int kCount = 20'000;
  SampleRing ring(256);
  std::thread writer([&] {
    std::vector<float> in(48);
    int next = 0;
    while (next < kCount) {
      const int count = std::min<int>(48, kCount - next);
      std::iota(in.begin(), in.end(), static_cast<float>(next));
      next += static_cast<int>(ring.write({in.data(), static_cast<std::size_t>(count)}));
    }
  });
  std::vector<float> out(100);
  int expected = 0;
  int wrong = 0;
  while (expected < kCount) {
    const std::size_t got = ring.read(out);
    for (std::size_t i = 0; i < got; ++i) wrong += out[i] != static_cast<float>(expected++);
  }
  writer.join();
  EXPECT_EQ(wrong, 0);
}

}  // namespace
}  // namespace mainstay
