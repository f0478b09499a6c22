// A leg on a link that gets narrow: it goes down the ladder and up again, and nobody misses a picture.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/deliver/leg.h"
#include "tests/engine/deliver/leg_fakes.h"

namespace mainstay {
namespace {

using test::FakeIngest;
using testing::ElementsAre;
using testing::HasSubstr;

/// A program in three renditions: 800, 320 and 80 kb/s at 25 pictures a second, a key frame a second.
class LadderWorld : public test::SteppedWorld {
 public:
  LadderWorld() {
    for (const StreamInfoPtr& stream : videos) bus.announce(stream);
  }

  const std::vector<StreamInfoPtr> videos{test::video_stream("v0"), test::video_stream("v1"), test::video_stream("v2")};
  std::int64_t pictures = 0;

 private:
  void publish() override {
    const Nanos until = clock.now().time_since_epoch();
    const std::size_t sizes[]{4000, 1600, 400};
    while (test::video_packet(videos[0], pictures, 25)->decode_time() < until) {
      for (std::size_t i = 0; i < videos.size(); ++i) {
        bus.publish(test::video_packet(videos[i], pictures, 25, sizes[i]));
      }
      ++pictures;
      while (test::audio_packet(encode.audio(), sounds_)->decode_time() <
             test::video_packet(videos[0], pictures, 25)->decode_time()) {
        bus.publish(test::audio_packet(encode.audio(), sounds_++));
      }
    }
  }
  std::int64_t sounds_ = 0;
};

class LegStepTest : public testing::Test {
 protected:
  LegStepTest() { world_.ingests = {&ingest_}; }
  // A leg that waits for its link waits for the clock, which a destructor does not move.
  ~LegStepTest() override {
    if (!leg_) return;
    wide();
    leg_->stop();
    world_.run_until([&] { return leg_->status().state == LegState::stopped; });
  }

  static LegLadder ladder() {
    LegLadder ladder;
    ladder.rungs = {{"v0", 815}, {"v1", 335}, {"v2", 95}};
    ladder.up_after = Seconds(5);
    return ladder;
  }
  void go_live(LegLadder ladder) {
    LegOptions options;
    options.destination = "platform";
    options.selection = test::kBoth;
    options.ladder = std::move(ladder);
    leg_ = std::make_unique<Leg>(options, world_.bus, ingest_.factory(), world_.clock, world_.log,
                                 [this](const LegEvent& event) {
                                   std::lock_guard lock(mutex_);
                                   if (event.step) steps_.push_back(describe(*event.step));
                                 });
    world_.threads = 2;
    leg_->start();
    world_.run_until([&] { return leg_->status().packets > 0; });
    world_.run(Seconds(3));
  }
  void narrow(std::int64_t bytes_per_s) { ingest_.set_link_rate(&world_.clock, bytes_per_s); }
  void wide() { ingest_.set_link_rate(nullptr, 0); }
  std::string rendition() const { return leg_->status().rendition; }
  Nanos until(const std::string& name) {
    return world_.run_until([&] { return rendition() == name; });
  }
  std::vector<std::string> steps() {
    std::lock_guard lock(mutex_);
    return steps_;
  }
  /// From the first picture on each once, no sound missing, no decode time back.
  void expect_whole() {
    const auto connections = ingest_.received();
    ASSERT_EQ(connections.size(), 1U);
    std::int64_t next = -1;
    std::int64_t sound = -1;
    Nanos time{0};
    for (const PacketPtr& p : connections[0]) {
      std::int64_t& expected = p->video() ? next : sound;
      if (expected >= 0) {
        ASSERT_EQ(p->pts, expected) << p->stream->name;
      }
      expected = p->pts + (p->video() ? 1 : 1024);
      ASSERT_LE(time, p->decode_time());
      time = p->decode_time();
    }
  }

  LadderWorld world_;
  FakeIngest ingest_;
  std::mutex mutex_;
  std::vector<std::string> steps_;
  std::unique_ptr<Leg> leg_;
};

TEST_F(LegStepTest, StepsDownToWhatTheLinkCarriesAndUpWhenItIsCalmWithoutMissingAPicture) {
  go_live(ladder());
  EXPECT_EQ(rendition(), "v0");
  narrow(60'000);  // 480 kb/s
  const Nanos down = until("v1");
  EXPECT_LE(down, Millis(3500)) << "a second of key frame interval at 60 % of its rate";
  world_.run(Seconds(3));
  wide();
  const Nanos up = until("v0");
  EXPECT_GE(up, Seconds(3));
  EXPECT_LE(up, Seconds(8));
  world_.run(Seconds(5));
  EXPECT_EQ(leg_->status().state, LegState::live);
  EXPECT_EQ(leg_->status().dropped, 0);
  EXPECT_EQ(leg_->status().connects, 1);
  expect_whole();
  ASSERT_EQ(steps().size(), 2U);
  EXPECT_THAT(steps()[0], HasSubstr("steps down from v0 to v1 (180 lines): "));
  EXPECT_THAT(steps()[1], HasSubstr("steps up from v1 to v0 (180 lines): the network has been calm for 5 s"));
  EXPECT_EQ(leg_->status().step_count, 2);
  EXPECT_EQ(leg_->status().full, "v0");
}

TEST_F(LegStepTest, EachChangeComesBeforeItsKeyFrame) {
  go_live(ladder());
  narrow(60'000);
  until("v1");
  wide();
  until("v0");
  const auto packets = ingest_.received()[0];
  for (const auto& [name, place] : ingest_.changes()) {
    ASSERT_LT(place, packets.size());
    EXPECT_TRUE(packets[place]->video() && packets[place]->key);
    EXPECT_EQ(packets[place]->stream->name, name);
  }
  EXPECT_EQ(ingest_.changes().size(), 2U);
}

TEST_F(LegStepTest, AVeryNarrowLinkGetsTheLowestAtOnce) {
  go_live(ladder());
  narrow(20'000);
  until("v2");
  EXPECT_THAT(steps(), ElementsAre(HasSubstr("steps down from v0 to v2")));
  world_.run(Seconds(20));
  EXPECT_EQ(leg_->status().dropped, 0);
  expect_whole();
}

TEST_F(LegStepTest, ALinkThatStaysNarrowIsTriedMoreAndMoreRarely) {
  go_live(ladder());
  narrow(60'000);
  world_.run(Seconds(120));
  const std::int64_t early = leg_->status().step_count;
  world_.run(Seconds(120));
  EXPECT_LE(early, 9);
  EXPECT_LE(leg_->status().step_count - early, 3);
  expect_whole();
}

TEST_F(LegStepTest, APictureThatIsUnderWayForLongIsNoStall) {
  go_live(ladder());
  narrow(2'000);  // a picture of v0 takes two seconds
  world_.run(Seconds(12));
  EXPECT_EQ(leg_->status().connects, 1);
  EXPECT_EQ(leg_->status().state, LegState::degraded);
}

TEST_F(LegStepTest, WithoutALadderItStaysAndDrops) {
  go_live({});
  narrow(60'000);
  world_.run(Seconds(10));
  EXPECT_EQ(rendition(), "v0");
  EXPECT_GT(leg_->status().dropped, 0);
  EXPECT_TRUE(steps().empty());
}

TEST_F(LegStepTest, ALadderThatIsGivenOrTakenOnAirKeepsTheConnection) {
  go_live({});
  leg_->set_ladder(ladder());
  world_.run(Seconds(2));
  narrow(60'000);
  until("v1");
  leg_->set_ladder({});
  wide();
  until("v0");
  world_.run(Seconds(2));
  EXPECT_EQ(leg_->status().connects, 1);
  expect_whole();
}

TEST_F(LegStepTest, ALegThatIsGivenALadderOnAirKeepsWhatWaitsForItsKeyFrame) {
  go_live({});
  leg_->set_ladder(ladder());
  world_.run(Seconds(1));
  narrow(20'000);  // a second of v0 takes five
  until("v2");
  world_.run(Seconds(20));
  EXPECT_EQ(leg_->status().dropped, 0);
  EXPECT_EQ(leg_->status().connects, 1);
  expect_whole();
}

TEST_F(LegStepTest, ALegWhoseLadderIsTakenOnAirIsNoMoreThanTwoSecondsLate) {
  go_live(ladder());
  narrow(20'000);
  until("v2");
  leg_->set_ladder({});
  world_.run(Seconds(20));
  EXPECT_LE(leg_->status().queued, Millis(2100));
  EXPECT_EQ(leg_->status().connects, 1);
}

TEST_F(LegStepTest, AfterAnOutageItGoesOnWithTheRungItHad) {
  go_live(ladder());
  narrow(60'000);
  until("v1");
  ingest_.set(FakeIngest::Mood::breaks);
  world_.run_until([&] { return leg_->status().state == LegState::backoff; });
  ingest_.set(FakeIngest::Mood::good);
  world_.run_until([&] { return leg_->status().connects == 2; });
  EXPECT_EQ(rendition(), "v1");
  ASSERT_EQ(ingest_.headers().size(), 2U);
  EXPECT_EQ(ingest_.headers()[1][0]->name, "v1");
}

}  // namespace
}  // namespace mainstay
