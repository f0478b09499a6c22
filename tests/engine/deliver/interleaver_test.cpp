#include "engine/deliver/interleaver.h"

#include <gtest/gtest.h>

#include <mutex>
#include <random>

#include "engine/core/named_thread.h"
#include "tests/engine/deliver/leg_fakes.h"

namespace mainstay {
namespace {

using test::audio_packet;
using test::video_packet;

class InterleaverTest : public testing::Test {
 protected:
  Interleaver make(Interleaver::Options options = {}) {
    return Interleaver(options,
                       [this](PacketPtr packet, const std::stop_token&) { out_.push_back(std::move(packet)); });
  }
  /// "v0 a0 a1 …" with each packet's number.
  std::string out() const {
    std::string text;
    for (const PacketPtr& p : out_) {
      const std::int64_t n = p->video() ? p->dts : p->dts / 1024;
      text += fmt::format("{}{}{}", text.empty() ? "" : " ", p->video() ? "v" : "a", n);
    }
    return text;
  }

  StreamInfoPtr video_ = test::video_stream();
  StreamInfoPtr audio_ = test::audio_stream();
  std::vector<PacketPtr> out_;
};

TEST_F(InterleaverTest, PacketsGoOutInDecodeOrderVideoFirstAtEqualTimes) {
  auto interleaver = make();
  interleaver.add("a0", MediaKind::audio);
  interleaver.add("v0", MediaKind::video);
  // 40 ms a frame, 21.3 ms an audio packet.
  for (int n = 0; n < 6; ++n) interleaver.push(audio_packet(audio_, n));
  EXPECT_EQ(out(), "") << "a picture may still come before";
  for (int n = 0; n < 3; ++n) interleaver.push(video_packet(video_, n, 10));
  EXPECT_EQ(out(), "v0 a0 a1 v1 a2 a3 v2");
}

TEST_F(InterleaverTest, AnEndedStreamIsNotWaitedFor) {
  auto interleaver = make({.exact = true});
  interleaver.add("v0", MediaKind::video);
  interleaver.push(video_packet(video_, 0, 10));
  interleaver.push(audio_packet(audio_, 0));
  interleaver.push(audio_packet(audio_, 1));
  EXPECT_EQ(out(), "v0 a0") << "the picture of this time is there, the next one may come before a1";
  interleaver.end("v0");
  EXPECT_EQ(out(), "v0 a0 a1");
  interleaver.push(audio_packet(audio_, 2));
  EXPECT_EQ(out(), "v0 a0 a1 a2");
}

TEST_F(InterleaverTest, AStalledStreamHoldsTheOthersUpToTheLimitOnly) {
  auto interleaver = make({.max_wait = Seconds(1)});
  interleaver.add("v0", MediaKind::video);
  int n = 0;
  while (out_.empty() && n < 1000) interleaver.push(audio_packet(audio_, n++));
  EXPECT_NEAR(n * 1024.0 / 48000, 1.0, 0.05);
  EXPECT_EQ(interleaver.stats().behind, std::vector<std::string>{"v0"});
  EXPECT_EQ(out_.size(), static_cast<std::size_t>(n)) << "from here on nothing waits";
  interleaver.push(audio_packet(audio_, n++));
  EXPECT_EQ(out_.size(), static_cast<std::size_t>(n));
}

TEST_F(InterleaverTest, AStreamThatComesBackIsLateUntilItHasCaughtUpAndThenInOrderAgain) {
  auto interleaver = make({.max_wait = Seconds(1)});
  interleaver.add("v0", MediaKind::video);
  for (int n = 0; n < 60; ++n) interleaver.push(audio_packet(audio_, n));
  ASSERT_EQ(out_.size(), 60U);
  for (int n = 0; n < 40; ++n) interleaver.push(video_packet(video_, n, 10));
  EXPECT_GT(interleaver.stats().late, 0);
  const auto late = interleaver.stats().late;
  out_.clear();
  for (int n = 60; n < 120; ++n) interleaver.push(audio_packet(audio_, n));
  for (int n = 40; n < 60; ++n) interleaver.push(video_packet(video_, n, 10));
  EXPECT_EQ(interleaver.stats().late, late);
  EXPECT_TRUE(std::is_sorted(out_.begin(), out_.end(),
                             [](const auto& a, const auto& b) { return a->decode_time() < b->decode_time(); }));
}

TEST_F(InterleaverTest, ExactWaitsAsLongAsItTakes) {
  auto interleaver = make({.exact = true});
  interleaver.add("v0", MediaKind::video);
  for (int n = 0; n < 5000; ++n) interleaver.push(audio_packet(audio_, n));
  EXPECT_EQ(out(), "");
}

TEST_F(InterleaverTest, WhatIsHeldIsBoundedInBytes) {
  auto interleaver = make({.exact = true, .max_bytes = 4000});
  interleaver.add("v0", MediaKind::video);
  for (int n = 0; n < 500; ++n) {
    interleaver.push(audio_packet(audio_, n));
    EXPECT_LE(interleaver.stats().held_bytes, 4000 + 40);
  }
  EXPECT_FALSE(out_.empty());
}

TEST_F(InterleaverTest, FlushSendsWhatIsHeldInOrder) {
  auto interleaver = make({.exact = true});
  interleaver.add("v0", MediaKind::video);
  interleaver.add("v1", MediaKind::video);
  interleaver.push(audio_packet(audio_, 0));
  interleaver.push(video_packet(video_, 0, 10));
  interleaver.flush();
  EXPECT_EQ(out(), "v0 a0");
}

// Encoders run on threads of their own: whichever is ahead, what comes out is the same.
TEST_F(InterleaverTest, TheOrderDoesNotDependOnWhichEncoderRanFirst) {
  const StreamInfoPtr streams[] = {test::video_stream("v0"), test::video_stream("v1", {30000, 1001}), audio_};
  std::vector<PacketPtr> packets[3];
  for (int n = 0; n < 150; ++n) {
    packets[0].push_back(video_packet(streams[0], n, 25));
    packets[1].push_back(video_packet(streams[1], n, 30));
    packets[2].push_back(audio_packet(streams[2], n));
  }
  std::vector<PacketPtr> reference;
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    std::mt19937_64 random(seed);
    out_.clear();
    auto interleaver = make();
    interleaver.add("v0", MediaKind::video);
    interleaver.add("v1", MediaKind::video);
    interleaver.add("a0", MediaKind::audio);
    std::size_t next[3] = {};
    while (next[0] + next[1] + next[2] < 450) {
      const std::size_t s = random() % 3;
      if (next[s] < 150) interleaver.push(packets[s][next[s]++]);
    }
    for (const char* name : {"v0", "v1", "a0"}) interleaver.end(name);
    if (reference.empty()) reference = out_;
    ASSERT_EQ(out_, reference);
    ASSERT_EQ(out_.size(), 450U);
    ASSERT_EQ(interleaver.stats().late, 0);
  }
}

TEST_F(InterleaverTest, EncoderThreadsMayPushAtTheSameTime) {
  auto interleaver = make({.exact = true});
  interleaver.add("v0", MediaKind::video);
  interleaver.add("a0", MediaKind::audio);
  {
    NamedThread video("enc/v0", [&](const std::stop_token&) {
      for (int n = 0; n < 300; ++n) interleaver.push(video_packet(video_, n, 25));
      interleaver.end("v0");
    });
    NamedThread audio("enc/a0", [&](const std::stop_token&) {
      for (int n = 0; n < 300; ++n) interleaver.push(audio_packet(audio_, n));
      interleaver.end("a0");
    });
    video.join();
    audio.join();
  }
  EXPECT_EQ(out_.size(), 600U);
  EXPECT_EQ(interleaver.stats().late, 0);
}

}  // namespace
}  // namespace mainstay
