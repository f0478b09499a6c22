#include "engine/deliver/leg.h"

#include <gtest/gtest.h>

#include "tests/engine/deliver/leg_fakes.h"

namespace mainstay {
namespace {

using test::decodable;
using test::FakeIngest;
using Mood = FakeIngest::Mood;

class LegTest : public testing::Test {
 protected:
  LegTest() { world_.ingests = {&ingest_}; }

  void make_leg(LegOptions options = {}) {
    options.destination = "platform";
    options.selection = test::kBoth;
    leg_ = std::make_unique<Leg>(options, world_.bus, ingest_.factory(), world_.clock, world_.log,
                                 [this](const LegEvent& event) {
                                   std::lock_guard lock(mutex_);
                                   events_.push_back(event);
                                 });
    world_.threads = 2;
  }
  void go_live() {
    make_leg();
    leg_->start();
    world_.run_until([&] { return state() == LegState::live && leg_->status().packets > 0; });
  }
  LegState state() const { return leg_->status().state; }
  void reach(LegState state) {
    world_.run_until([&] { return leg_->status().state == state; });
  }
  std::vector<LegEvent> events(LegEvent::Kind kind) {
    std::lock_guard lock(mutex_);
    std::vector<LegEvent> found;
    for (const LegEvent& e : events_) {
      if (e.kind == kind) found.push_back(e);
    }
    return found;
  }

  test::SteppedWorld world_;
  FakeIngest ingest_;
  std::mutex mutex_;
  std::vector<LegEvent> events_;
  std::unique_ptr<Leg> leg_;
};

TEST_F(LegTest, DeliversEveryPacketInOrderFromTheFirstOn) {
  go_live();
  world_.run(Seconds(2));
  const auto got = ingest_.all_received();
  EXPECT_TRUE(decodable(got, world_.encode.published()));
  EXPECT_GE(got.size(), world_.encode.published().size() - 3);
  const LegStatus status = leg_->status();
  EXPECT_EQ(status.connects, 1);
  EXPECT_EQ(status.dropped, 0);
  EXPECT_EQ(status.packets, static_cast<std::int64_t>(got.size()));
  EXPECT_LE(status.first_connect, Millis(20));
  EXPECT_EQ(status.detail, "");
}

TEST_F(LegTest, TheRateIsThatOfTheLastSecond) {
  go_live();
  world_.run(Seconds(2));
  // 25 × 400 bytes of video and 46.875 × 40 of audio a second.
  EXPECT_NEAR(leg_->status().kbps, (25 * 400 + 46.875 * 40) * 8 / 1000, 4);
}

TEST_F(LegTest, ALegThatStartsLateBeginsWithTheCurrentGop) {
  make_leg();
  world_.run(Millis(1700));
  leg_->start();
  world_.run(Millis(200));
  const auto got = ingest_.all_received();
  ASSERT_FALSE(got.empty());
  EXPECT_TRUE(got.front()->video() && got.front()->key);
  EXPECT_EQ(got.front()->pts, 25) << "the IDR at 1 s";
  EXPECT_TRUE(decodable(got, world_.encode.published()));
  EXPECT_EQ(got.back(), world_.encode.published().back()) << "and has caught up";
}

TEST_F(LegTest, WaitsForAnEncoderThatHasNotStarted) {
  PacketBus empty(world_.clock);
  LegOptions options;
  options.selection = test::kBoth;
  Leg leg(options, empty, ingest_.factory(), world_.clock, world_.log);
  world_.threads = 2;
  leg.start();
  world_.run(Seconds(1));
  EXPECT_EQ(leg.status().state, LegState::connecting);
  EXPECT_EQ(ingest_.attempts(), 0);
  world_.encode.announce(empty);
  world_.run_until([&] { return leg.status().state == LegState::live; });
}

TEST_F(LegTest, ARefusedFirstConnectIsTriedAgainForEver) {
  ingest_.set(Mood::refuses);
  make_leg();
  leg_->start();
  world_.run_until([&] { return ingest_.attempts() >= 4; });
  EXPECT_EQ(leg_->status().connects, 0);
  EXPECT_EQ(leg_->status().detail, "connection refused by 127.0.0.1:1935");
  EXPECT_TRUE(leg_->status().outages.empty());
  ingest_.set(Mood::good);
  leg_->retry_now();
  world_.run_until([&] { return state() == LegState::live; }, Millis(100));
}

TEST_F(LegTest, RetryNowEndsAWait) {
  ingest_.set(Mood::refuses);
  make_leg();
  leg_->start();
  reach(LegState::backoff);
  EXPECT_GT(leg_->status().retry_in, Millis(700));
  const int before = ingest_.attempts();
  leg_->retry_now();
  EXPECT_LE(world_.run_until([&] { return ingest_.attempts() > before; }), Millis(40));
}

struct Fault {
  const char* name;
  Mood mood;
  Nanos detect;  ///< latest
};

class LegFaultTest : public LegTest, public testing::WithParamInterface<Fault> {};

TEST_P(LegFaultTest, IsNoticedInTimeAndTheLegComesBackAtAnIdr) {
  go_live();
  world_.run(Millis(1500));
  const Instant fault_at = world_.clock.now();
  ingest_.set(GetParam().mood);
  world_.run_until([&] { return !leg_->status().outages.empty(); }, Seconds(3));
  LegStatus status = leg_->status();
  EXPECT_EQ(status.state, LegState::backoff);
  ASSERT_EQ(status.outages.size(), 1U);
  EXPECT_LE(status.outages.front().detect - fault_at, GetParam().detect);
  EXPECT_LE(status.outages.front().start, fault_at + Millis(20));
  EXPECT_FALSE(status.detail.empty());
  const LegEvent told = events(LegEvent::Kind::state).back();
  EXPECT_EQ(told.retry_in, status.retry_in + (world_.clock.now() - told.at));
  EXPECT_EQ(describe(told), fmt::format("backoff: {}; next try in {:.1f} s", status.detail, seconds(told.retry_in)));

  ingest_.set(Mood::good);
  const Nanos wait = status.retry_in;
  const Nanos took =
      world_.run_until([&] { return leg_->status().connects == 2 && leg_->status().state == LegState::live; });
  EXPECT_LE(took, wait + Millis(100));
  world_.run(Millis(300));
  const auto got = ingest_.received();
  ASSERT_EQ(got.size(), 2U);
  EXPECT_TRUE(got[1].front()->video() && got[1].front()->key);
  EXPECT_TRUE(decodable(got[1], world_.encode.published()));
  EXPECT_EQ(got[1].back(), world_.encode.published().back());
  EXPECT_EQ(ingest_.headers()[1].size(), 2U) << "headers come again";
  EXPECT_EQ(ingest_.most_at_once(), 1);
  status = leg_->status();
  ASSERT_TRUE(status.outages.front().recover);
  EXPECT_EQ(events(LegEvent::Kind::outage_began).size(), 1U);
  EXPECT_EQ(events(LegEvent::Kind::outage_ended).size(), 1U);
}

INSTANTIATE_TEST_SUITE_P(Faults, LegFaultTest,
                         testing::Values(Fault{"reset", Mood::breaks, Millis(100)},
                                         Fault{"hang_up", Mood::breaks_on_poll, Millis(100)},
                                         Fault{"takes_nothing", Mood::takes_nothing, Millis(1700)},
                                         Fault{"send_hangs", Mood::send_hangs, Millis(1700)},
                                         Fault{"poll_hangs", Mood::poll_hangs, Millis(1700)},
                                         Fault{"library_throws", Mood::throws, Millis(100)}),
                         [](const auto& test) { return test.param.name; });

TEST_F(LegTest, AConnectThatHangsIsGivenUpAtTheLimit) {
  ingest_.set(Mood::open_hangs);
  LegOptions options;
  options.connect_limit = Seconds(4);
  make_leg(options);
  leg_->start();
  const Nanos took = world_.run_until([&] { return state() == LegState::backoff; });
  EXPECT_GE(took, Seconds(4));
  EXPECT_LE(took, Millis(4100));
  EXPECT_EQ(leg_->status().detail, "no connection within 4 s");
}

TEST_F(LegTest, StopEndsAConnectThatHangsAtOnce) {
  ingest_.set(Mood::open_hangs);
  make_leg();
  leg_->start();
  world_.run_until([&] { return ingest_.hanging() == 1; });
  leg_->stop();
  EXPECT_LE(world_.run_until([&] { return state() == LegState::stopped; }), Millis(40));
}

TEST_F(LegTest, StopSendsWhatIsQueuedAndClosesInGoodOrder) {
  go_live();
  world_.run(Millis(500));
  ingest_.set(Mood::takes_nothing);
  world_.run(Millis(400));
  ingest_.set(Mood::good);
  leg_->stop();
  world_.encoding = false;
  EXPECT_LE(world_.run_until([&] { return state() == LegState::stopped; }), Millis(100));
  EXPECT_EQ(ingest_.all_received().back(), world_.encode.published().back());
  EXPECT_EQ(ingest_.closed_in_good_order(), 1);
}

TEST_F(LegTest, TheEndOfTheProgramEndsTheLegAfterItsLastPacket) {
  go_live();
  world_.run(Millis(500));
  world_.encode.publish(world_.bus, Seconds(1));
  world_.encoding = false;
  world_.bus.close();
  reach(LegState::stopped);
  EXPECT_EQ(ingest_.all_received(), world_.encode.published());
  EXPECT_EQ(ingest_.closed_in_good_order(), 1);
}

class LegDeadPeerStopTest : public LegTest, public testing::WithParamInterface<Mood> {};

TEST_P(LegDeadPeerStopTest, StopTakesAtMostTwoAndAHalfSecondsWithADeadPeer) {
  go_live();
  ingest_.set(GetParam());
  world_.run(Millis(100));
  leg_->stop();
  world_.run(Millis(500));
  leg_->stop();  // asking twice does not take longer
  EXPECT_LE(world_.run_until([&] { return state() == LegState::stopped; }), Millis(2000));
  EXPECT_EQ(events(LegEvent::Kind::state).back().to, LegState::stopped);
}

INSTANTIATE_TEST_SUITE_P(Dead, LegDeadPeerStopTest,
                         testing::Values(Mood::takes_nothing, Mood::send_hangs, Mood::poll_hangs));

TEST_F(LegTest, AStoppedLegStartsAgain) {
  go_live();
  leg_->stop();
  reach(LegState::stopped);
  world_.run(Millis(300));
  leg_->start();
  reach(LegState::live);
  world_.run(Millis(200));
  EXPECT_EQ(leg_->status().connects, 2);
  EXPECT_TRUE(leg_->status().outages.empty()) << "a stop on request is no outage";
  EXPECT_TRUE(decodable(ingest_.received()[1], world_.encode.published()));
}

TEST_F(LegTest, ASlowNetworkDegradesTheLegDropsToAnIdrAndClears) {
  LegOptions options;
  options.session.congestion.catch_up = Seconds(1);
  make_leg(options);
  leg_->start();
  world_.run(Millis(1500));
  EXPECT_EQ(state(), LegState::live);
  ingest_.set_link(&world_.clock, Millis(20));  // 50 packets a second of 72
  world_.run_until([&] { return state() == LegState::degraded; }, Seconds(2));
  EXPECT_NE(leg_->status().detail.find("the network carries less than the program"), std::string::npos);
  world_.run_until([&] { return leg_->status().dropped > 0; }, Seconds(10));
  EXPECT_LE(leg_->status().queued, Millis(2100)) << "the queue is bounded";
  ingest_.set_link(nullptr);
  world_.run_until([&] { return state() == LegState::live; }, Seconds(6));
  EXPECT_EQ(leg_->status().connects, 1) << "a slow network is no reason to hang up";
  EXPECT_TRUE(decodable(ingest_.all_received(), world_.encode.published()));
}

TEST_F(LegTest, WhatWaitsBelowAlsoDegradesTheLegButWhatIsInFlightDoesNot) {
  go_live();
  TransportStats stats;
  stats.queued = Millis(350);
  stats.rtt = Millis(300);
  ingest_.set_stats(stats);
  world_.run(Millis(500));
  EXPECT_EQ(state(), LegState::live);
  stats.rtt = Millis(20);
  stats.details = {{"send_buffer_ms", 350}};
  ingest_.set_stats(stats);
  world_.run(Millis(200));
  EXPECT_EQ(state(), LegState::degraded);
  EXPECT_EQ(leg_->status().details.size(), 1U);
}

TEST_F(LegTest, ALineThatLosesMuchOfWhatIsSentDegradesTheLegUntilItIsClean) {
  go_live();
  TransportStats stats;
  stats.resent_pct = 18;
  ingest_.set_stats(stats);
  world_.run_until([&] { return state() == LegState::degraded; }, Seconds(2));
  EXPECT_EQ(leg_->status().detail, "the network carries less than the program: 18 % of what is sent got lost before");
  stats.resent_pct = 0;
  ingest_.set_stats(stats);
  world_.run_until([&] { return state() == LegState::live; }, Seconds(4));
  EXPECT_EQ(leg_->status().connects, 1);
}

TEST_F(LegTest, AnEncoderRebuiltWithTheSameParametersLeavesTheConnectionAlone) {
  go_live();
  world_.run(Millis(500));
  world_.encoding = false;
  const auto made_again = std::make_shared<StreamInfo>(*world_.encode.video());
  world_.bus.publish(test::video_packet(made_again, 100, 25));
  world_.run(Millis(200));
  EXPECT_EQ(leg_->status().connects, 1);
  EXPECT_EQ(ingest_.all_received().back()->pts, 100);
  EXPECT_EQ(ingest_.all_received().back()->stream, world_.encode.video());
}

TEST_F(LegTest, AnEncoderWithOtherParametersGetsANewConnectionAtOnce) {
  go_live();
  world_.run(Millis(500));
  world_.encoding = false;
  auto other = std::make_shared<StreamInfo>(*world_.encode.video());
  other->extradata.push_back(7);
  world_.bus.publish(test::video_packet(other, 100, 25));
  world_.run(Millis(200));
  EXPECT_EQ(leg_->status().connects, 2);
  EXPECT_EQ(ingest_.headers().back().front(), other);
  EXPECT_EQ(ingest_.received()[1].front()->pts, 100);
}

TEST_F(LegTest, TheStartOfAnOutageIsTakenFromTheLastAcknowledgement) {
  go_live();
  world_.run(Millis(500));
  TransportStats stats;
  stats.acknowledged = world_.clock.now();
  ingest_.set_stats(stats);
  world_.run(Millis(1600));
  ingest_.set(Mood::breaks_on_poll);
  world_.run_until([&] { return !leg_->status().outages.empty(); });
  EXPECT_EQ(leg_->status().outages.front().start, *stats.acknowledged);
}

TEST_F(LegTest, ALegIsDestroyedInAnyState) {
  for (const Mood mood : {Mood::good, Mood::refuses, Mood::open_hangs}) {
    ingest_.set(mood);
    make_leg();
    leg_->start();
    world_.run(Millis(300));
    leg_.reset();
  }
}

}  // namespace
}  // namespace mainstay
