// A destination whose legs are replaced while it is on air: no ingest ever sees two of them, however fast the changes
// come, and the last one always starts.
#include <gtest/gtest.h>

#include "engine/deliver/destination.h"
#include "tests/engine/deliver/leg_fakes.h"

namespace mainstay {
namespace {

using test::FakeIngest;
using Mood = FakeIngest::Mood;

class DestinationChangeTest : public testing::Test {
 protected:
  DestinationChangeTest() {
    world_.ingests = {&main_};
    destination_ = std::make_unique<Destination>(options(), world_.bus, main_.factory(), TransportFactory{},
                                                 world_.clock, world_.log);
    world_.threads = 2;
    destination_->start();
    world_.run(Seconds(1));
  }

  static DestinationOptions options() {
    DestinationOptions options;
    options.name = "platform";
    options.leg.selection = test::kBoth;
    options.main_url = "rtmp://127.0.0.1:1935/live";
    return options;
  }
  void replace(bool on = true) {
    for (auto& leg : destination_->change(options(), main_.factory(), std::nullopt, on))
      ended_.push_back(std::move(leg));
    world_.threads += 2;
  }
  void turn(bool on) { ASSERT_TRUE(destination_->change(options(), std::nullopt, std::nullopt, on).empty()); }
  void run(Nanos time) {
    for (Nanos passed{0}; passed < time; passed += world_.kStep) {
      world_.run(world_.kStep);
      destination_->look();
    }
    world_.settle();
  }
  LegState main() { return destination_->status().legs.front().state; }
  /// The leg on air does not end before its stop limit is over.
  void let_closing_hang() {
    main_.set(Mood::send_hangs);
    run(Millis(200));
    ASSERT_EQ(main_.hanging(), 1);
  }

  test::SteppedWorld world_;
  FakeIngest main_;
  std::unique_ptr<Destination> destination_;
  std::vector<std::shared_ptr<Leg>> ended_;
};

TEST_F(DestinationChangeTest, TheNewLegStartsWhenTheOldOneHasEnded) {
  replace();
  run(Millis(500));
  EXPECT_EQ(main(), LegState::live);
  EXPECT_EQ(main_.attempts(), 2);
  EXPECT_EQ(main_.most_at_once(), 1);
  EXPECT_EQ(main_.closed_in_good_order(), 1);
}

TEST_F(DestinationChangeTest, AnotherLadderKeepsTheLeg) {
  DestinationOptions stepping = options();
  stepping.leg.ladder.rungs = {{"v0", 1160}, {"v1", 500}};
  EXPECT_TRUE(destination_->change(stepping, std::nullopt, std::nullopt, true).empty());
  run(Seconds(2));
  EXPECT_EQ(main(), LegState::live);
  EXPECT_EQ(main_.attempts(), 1);
  EXPECT_EQ(destination_->status().legs.front().dropped, 0);
}

TEST_F(DestinationChangeTest, ALegThatNeverCameToStartLeavesItsWaitToTheNext) {
  let_closing_hang();
  for (int i = 0; i < 3; ++i) {
    replace();
    run(Millis(100));
    EXPECT_EQ(main(), LegState::idle);
  }
  EXPECT_EQ(main_.attempts(), 1) << "the ingest saw another one while the first still held on to it";
  main_.set(Mood::good);
  run(Seconds(3));
  EXPECT_EQ(main(), LegState::live);
  EXPECT_EQ(main_.attempts(), 2);
  EXPECT_EQ(main_.most_at_once(), 1);
}

TEST_F(DestinationChangeTest, TurnedOffAndOnItStillWaitsForTheOldLeg) {
  let_closing_hang();
  replace();
  turn(false);
  run(Millis(100));
  turn(true);
  run(Millis(100));
  EXPECT_EQ(main_.attempts(), 1);
  main_.set(Mood::good);
  run(Seconds(3));
  EXPECT_EQ(main(), LegState::live);
  EXPECT_EQ(main_.attempts(), 2);
  EXPECT_EQ(main_.most_at_once(), 1);
}

TEST_F(DestinationChangeTest, ReplacedWhileOffItStartsOnlyWhenTurnedOn) {
  turn(false);
  replace(false);
  run(Seconds(3));
  EXPECT_EQ(main_.attempts(), 1);
  replace(true);
  run(Millis(500));
  EXPECT_EQ(main(), LegState::live);
  EXPECT_EQ(main_.attempts(), 2);
}

}  // namespace
}  // namespace mainstay
