#include "engine/studio/rendition_output.h"

#include <gtest/gtest.h>

#include <future>
#include <latch>

#include "tests/engine/deliver/leg_fakes.h"

namespace mainstay {
namespace {

class RenditionOutputTest : public testing::Test {
 protected:
  std::shared_ptr<RenditionOutput> make(const std::string& rendition) {
    return std::make_shared<RenditionOutput>(interleaver_, rendition);
  }
  PacketPtr video(std::int64_t n) { return test::video_packet(video_, n, 25); }
  PacketPtr audio(std::int64_t n) { return test::audio_packet(audio_, n); }
  std::vector<std::int64_t> sent() const {
    std::vector<std::int64_t> places;
    for (const PacketPtr& packet : sent_) places.push_back(packet->pts);
    return places;
  }

  const StreamInfoPtr video_ = test::video_stream();
  const StreamInfoPtr audio_ = test::audio_stream();
  std::vector<PacketPtr> sent_;
  std::function<void()> before_sending_ = [] {};
  Interleaver interleaver_{{.exact = true}, [this](PacketPtr packet, const std::stop_token&) {
                             before_sending_();
                             sent_.push_back(std::move(packet));
                           }};
};

TEST_F(RenditionOutputTest, HoldsUntilTheOneBeforeHasEnded) {
  const auto first = make("v0");
  const auto second = make("v0");
  first->open();
  first->hand_over_to(second);
  second->push(video(2));
  first->push(video(0));
  first->push(video(1));
  EXPECT_EQ(sent(), (std::vector<std::int64_t>{0, 1}));
  first->end();
  EXPECT_TRUE(first->has_ended());
  EXPECT_EQ(sent(), (std::vector<std::int64_t>{0, 1, 2}));
  second->push(video(3));
  EXPECT_EQ(sent().size(), 4U);
  EXPECT_FALSE(second->has_ended());
}

TEST_F(RenditionOutputTest, OneThatEndsBeforeItsTurnIsPassedOnInOrder) {
  const auto first = make("v0");
  const auto second = make("v0");
  const auto third = make("v0");
  first->open();
  first->hand_over_to(second);
  second->hand_over_to(third);
  second->push(video(1));
  second->end();
  third->push(video(2));
  EXPECT_FALSE(second->has_ended()) << "its packets wait for the first";
  EXPECT_TRUE(sent().empty());
  first->push(video(0));
  first->end();
  EXPECT_EQ(sent(), (std::vector<std::int64_t>{0, 1, 2}));
  EXPECT_TRUE(second->has_ended());
}

TEST_F(RenditionOutputTest, ASuccessorThatComesLateOpensAtOnce) {
  const auto first = make("v0");
  first->open();
  first->end();
  EXPECT_FALSE(first->has_successor());
  const auto second = make("v0");
  second->push(video(0));
  first->hand_over_to(second);
  EXPECT_TRUE(first->has_successor());
  EXPECT_EQ(sent(), (std::vector<std::int64_t>{0}));
}

TEST_F(RenditionOutputTest, OneThatIsMadeAndThrownAwayDoesNotEndTheStream) {
  interleaver_.add("v0", MediaKind::video);
  interleaver_.add("a0", MediaKind::audio);
  const auto running = make("v0");
  running->open();
  const auto refused = make("v0");
  refused->end();
  const auto sound = make("a0");
  sound->open();
  sound->push(audio(0));
  EXPECT_TRUE(sent().empty()) << "the picture that belongs before it is still to come";
  running->push(video(0));
  EXPECT_FALSE(sent().empty());
}

// Whoever drains closes the bus next: what other streams held back for this one must be out by then.
TEST_F(RenditionOutputTest, CountsAsEndedOnlyWhenAllThatWaitedForItIsOut) {
  interleaver_.add("v0", MediaKind::video);
  interleaver_.add("a0", MediaKind::audio);
  const auto picture = make("v0");
  const auto sound = make("a0");
  picture->open();
  sound->open();
  for (int n = 0; n < 5; ++n) sound->push(audio(n));
  ASSERT_TRUE(sent().empty());
  std::latch sending(1);
  std::latch slow(1);
  before_sending_ = [&, first = true]() mutable {
    if (!std::exchange(first, false)) return;
    sending.count_down();
    slow.wait();
  };
  const auto ending = std::async(std::launch::async, [&] { picture->end(); });
  sending.wait();
  EXPECT_FALSE(picture->has_ended());
  slow.count_down();
  ending.wait();
  EXPECT_TRUE(picture->has_ended());
  EXPECT_EQ(sent().size(), 5U);
}

}  // namespace
}  // namespace mainstay
