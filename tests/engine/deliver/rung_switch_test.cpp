#include "engine/deliver/rung_switch.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/engine/deliver/leg_fakes.h"

namespace mainstay {
namespace {

using test::audio_packet;
using test::audio_stream;
using test::video_stream;

constexpr int kGop = 10;

/// Three rungs and a sound in the order of the bus.
class RungSwitchTest : public testing::Test {
 protected:
  /// Pictures up to `until`, with the sound between them; rungs in `without` bring nothing.
  void feed(std::int64_t until, const std::vector<std::string>& without = {}) {
    for (; next_ < until; ++next_) {
      for (const StreamInfoPtr& stream : streams_) {
        const bool out = std::find(without.begin(), without.end(), stream->name) != without.end();
        if (!out) switch_.push(picture(stream, next_), out_);
      }
      while (audio_packet(sound_, sounds_)->decode_time() < picture(streams_[0], next_ + 1)->decode_time()) {
        switch_.push(audio_packet(sound_, sounds_++), out_);
      }
    }
  }
  /// With `delay`, decoded so many pictures before it is shown.
  PacketPtr picture(const StreamInfoPtr& stream, std::int64_t n) const {
    const std::int64_t delay = stream->name == "v2" ? delay_of_v2_ : 0;
    return make_packet(stream, n + delay, n, 1, (n + delay) % kGop == 0, std::vector<std::uint8_t>(8));
  }
  std::vector<std::int64_t> pictures() const {
    std::vector<std::int64_t> all;
    for (const PacketPtr& p : out_) {
      if (p->video()) all.push_back(p->pts);
    }
    return all;
  }
  std::string rung_at(std::int64_t pts) const {
    for (const PacketPtr& p : out_) {
      if (p->video() && p->pts == pts) return p->stream->name;
    }
    return "none";
  }
  void expect_every_picture_once(std::int64_t until) const {
    std::vector<std::int64_t> expected(static_cast<std::size_t>(until));
    std::iota(expected.begin(), expected.end(), 0);
    EXPECT_EQ(pictures(), expected);
  }
  void expect_in_order() const {
    for (std::size_t i = 1; i < out_.size(); ++i) EXPECT_LE(out_[i - 1]->decode_time(), out_[i]->decode_time()) << i;
    std::int64_t sounds = 0;
    for (const PacketPtr& p : out_) {
      if (!p->video()) {
        EXPECT_EQ(p->pts, 1024 * sounds++);
      }
    }
    EXPECT_EQ(sounds, sounds_);
  }

  std::vector<StreamInfoPtr> streams_{video_stream("v0"), video_stream("v1"), video_stream("v2")};
  StreamInfoPtr sound_ = audio_stream();
  std::int64_t delay_of_v2_ = 0;
  std::int64_t next_ = 0;
  std::int64_t sounds_ = 0;
  RungSwitch switch_{"v0"};
  std::deque<PacketPtr> out_;
};

TEST_F(RungSwitchTest, DownAndUpEachAtAKeyFrameWithEveryPictureOnceAndTheSoundUntouched) {
  feed(14);
  switch_.want("v2");
  feed(34);
  switch_.want("v1");
  feed(45);
  switch_.want("v0");
  feed(60);
  switch_.finish(out_);
  expect_every_picture_once(60);
  expect_in_order();
  EXPECT_EQ(rung_at(19), "v0");
  EXPECT_EQ(rung_at(20), "v2");
  EXPECT_EQ(rung_at(39), "v2");
  EXPECT_EQ(rung_at(40), "v1");
  EXPECT_EQ(rung_at(49), "v1");
  EXPECT_EQ(rung_at(50), "v0");
  EXPECT_EQ(switch_.missed(), 0);
}

TEST_F(RungSwitchTest, TheSameWhateverOrderTheRungsComeIn) {
  std::reverse(streams_.begin(), streams_.end());
  feed(5);
  switch_.want("v2");
  feed(15);
  switch_.want("v0");
  feed(30);
  switch_.finish(out_);
  expect_every_picture_once(30);
  expect_in_order();
  EXPECT_EQ(rung_at(10), "v2");
  EXPECT_EQ(rung_at(20), "v0");
}

TEST_F(RungSwitchTest, AChangeOfMindBeforeTheKeyFrameChangesNothing) {
  feed(5);
  switch_.want("v2");
  feed(8);
  switch_.want("v0");
  feed(20);
  expect_every_picture_once(20);
  EXPECT_EQ(rung_at(15), "v0");
}

TEST_F(RungSwitchTest, AWantedRungThatBringsNothingIsNotWaitedFor) {
  feed(5);
  switch_.want("v2");
  feed(30, {"v2"});
  switch_.finish(out_);
  expect_every_picture_once(30);
  expect_in_order();
  EXPECT_EQ(rung_at(29), "v0");
}

TEST_F(RungSwitchTest, ARungThatOrdersPicturesOtherwiseIsRefused) {
  delay_of_v2_ = 2;
  feed(5);
  switch_.want("v2");
  feed(40);
  switch_.finish(out_);
  expect_every_picture_once(40);
  EXPECT_GT(switch_.refused(), 0);
}

TEST_F(RungSwitchTest, WhenTheRungThatIsSentBringsNothingAnotherOneIsTakenUntilItIsBack) {
  feed(20);
  feed(60, {"v0"});
  EXPECT_EQ(switch_.current(), "v1") << "after a second";
  feed(80);
  EXPECT_EQ(switch_.current(), "v0");
  EXPECT_GE(switch_.missed(), 20);
}

TEST_F(RungSwitchTest, NothingIsSentBeforeTheFirstKeyFrameOfTheWantedOne) {
  next_ = 4;
  switch_.want("v1");
  feed(20);
  EXPECT_EQ(pictures().front(), 10);
  EXPECT_EQ(rung_at(10), "v1");
}

TEST_F(RungSwitchTest, AfterAGapTheWantedRungIsTakenAndTheGapIsCounted) {
  feed(5);
  switch_.want("v2");
  next_ = 30;  // a queue dropped up to a key frame
  feed(40);
  EXPECT_EQ(rung_at(30), "v2");
  EXPECT_EQ(switch_.missed(), 25);
}

}  // namespace
}  // namespace mainstay
