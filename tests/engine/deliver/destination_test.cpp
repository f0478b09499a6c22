#include "engine/deliver/destination.h"

#include <gtest/gtest.h>

#include "tests/engine/deliver/leg_fakes.h"

namespace mainstay {
namespace {

using test::FakeIngest;
using Mood = FakeIngest::Mood;

class StandbyPolicyTest : public testing::Test {
 protected:
  Instant at(int s) { return Instant(Seconds(s)); }
  StandbyPolicy automatic_{show::ReturnMode::automatic, Seconds(10)};
  StandbyPolicy manual_{show::ReturnMode::manual, Seconds(10)};
};

TEST_F(StandbyPolicyTest, TheBackupRestsWhileMainComesUpAndIsLive) {
  automatic_.main_is(at(0), LegState::connecting);
  EXPECT_FALSE(automatic_.backup_wanted());
  automatic_.main_is(at(1), LegState::live);
  automatic_.main_is(at(2), LegState::degraded);
  EXPECT_FALSE(automatic_.backup_wanted()) << "a slow main still delivers";
}

TEST_F(StandbyPolicyTest, TheBackupComesUpWhenMainIsLostOrDoesNotComeUpAtAll) {
  automatic_.main_is(at(0), LegState::live);
  automatic_.main_is(at(1), LegState::backoff);
  EXPECT_TRUE(automatic_.backup_wanted());
  manual_.main_is(at(0), LegState::connecting);
  manual_.main_is(at(1), LegState::backoff);
  EXPECT_TRUE(manual_.backup_wanted());
}

TEST_F(StandbyPolicyTest, TheBackupStaysUntilMainWasSteadyForTheHold) {
  automatic_.main_is(at(0), LegState::backoff);
  automatic_.main_is(at(1), LegState::connecting);
  EXPECT_EQ(automatic_.next(), kNever);
  automatic_.main_is(at(2), LegState::live);
  EXPECT_EQ(automatic_.next(), at(12));
  automatic_.tick(at(11));
  EXPECT_TRUE(automatic_.backup_wanted());
  automatic_.tick(at(12));
  EXPECT_FALSE(automatic_.backup_wanted());
  EXPECT_EQ(automatic_.next(), kNever);
}

TEST_F(StandbyPolicyTest, AFlutteringOrDegradedMainIsNotSteady) {
  automatic_.main_is(at(0), LegState::backoff);
  automatic_.main_is(at(2), LegState::live);
  automatic_.main_is(at(9), LegState::degraded);
  automatic_.main_is(at(10), LegState::live);
  automatic_.tick(at(12));
  EXPECT_TRUE(automatic_.backup_wanted());
  automatic_.main_is(at(15), LegState::backoff);
  automatic_.main_is(at(16), LegState::live);
  automatic_.tick(at(25));
  EXPECT_TRUE(automatic_.backup_wanted());
  automatic_.tick(at(26));
  EXPECT_FALSE(automatic_.backup_wanted());
}

TEST_F(StandbyPolicyTest, ManualReturnsOnlyWhenToldTo) {
  manual_.main_is(at(0), LegState::backoff);
  manual_.main_is(at(1), LegState::live);
  manual_.tick(at(1000));
  EXPECT_TRUE(manual_.backup_wanted());
  EXPECT_TRUE(manual_.take_main());
  EXPECT_FALSE(manual_.backup_wanted());
}

TEST_F(StandbyPolicyTest, MainIsNotTakenWhileItIsDown) {
  manual_.main_is(at(0), LegState::backoff);
  const Status taken = manual_.take_main();
  ASSERT_FALSE(taken);
  EXPECT_EQ(taken.error().message, "main is not on air (backoff): the backup stays until it is");
  EXPECT_TRUE(manual_.backup_wanted());
}

TEST_F(StandbyPolicyTest, AStopEndsTheBackup) {
  automatic_.main_is(at(0), LegState::backoff);
  automatic_.main_is(at(1), LegState::stopped);
  EXPECT_FALSE(automatic_.backup_wanted());
}

class DestinationTest : public testing::Test {
 protected:
  DestinationTest() { world_.ingests = {&main_, &backup_}; }

  void make(show::LegMode mode, show::ReturnMode return_mode = show::ReturnMode::automatic) {
    DestinationOptions options;
    options.name = "platform";
    options.mode = mode;
    options.return_mode = return_mode;
    options.return_hold = Seconds(3);
    options.leg.selection = test::kBoth;
    options.main_url = "rtmp://127.0.0.1:1935/live";
    options.backup_url = "srt://127.0.0.1:9002";
    destination_ = std::make_unique<Destination>(options, world_.bus, main_.factory(), backup_.factory(), world_.clock,
                                                 world_.log);
    world_.threads = mode == show::LegMode::standby ? 5 : 4;
    destination_->start();
  }
  bool on_air(const std::string& who) { return destination_->status().on_air == who; }
  LegState backup() { return destination_->status().legs.at(1).state; }

  test::SteppedWorld world_;
  FakeIngest main_;
  FakeIngest backup_;
  std::unique_ptr<Destination> destination_;
};

TEST_F(DestinationTest, ParallelHasBothLegsHotWithTheSamePackets) {
  make(show::LegMode::parallel);
  world_.run(Seconds(1));
  EXPECT_TRUE(on_air("both"));
  EXPECT_EQ(main_.all_received(), backup_.all_received());
  main_.set(Mood::breaks);
  world_.run(Millis(200));
  EXPECT_TRUE(on_air("backup"));
  EXPECT_FALSE(destination_->take_main()) << "nothing to take in parallel";
  const DestinationStatus status = destination_->status();
  EXPECT_EQ(status.legs[0].role, "main");
  EXPECT_EQ(status.legs[0].url_redacted, "rtmp://127.0.0.1:1935/live");
  EXPECT_EQ(status.legs[1].url_redacted, "srt://127.0.0.1:9002");
}

TEST_F(DestinationTest, AStandbyBackupConnectsOnlyWhenMainIsLostAndRestsAfterTheHold) {
  make(show::LegMode::standby);
  world_.run(Seconds(1));
  EXPECT_TRUE(on_air("main"));
  EXPECT_EQ(backup_.attempts(), 0);
  main_.set(Mood::breaks);
  EXPECT_LE(world_.run_until([&] { return on_air("backup"); }), Millis(200));
  world_.run(Millis(300));
  ASSERT_FALSE(backup_.all_received().empty());
  EXPECT_TRUE(backup_.all_received().front()->key && backup_.all_received().front()->video());
  main_.set(Mood::good);
  destination_->network_returned();
  world_.run_until([&] { return on_air("both"); });
  const Nanos overlap = world_.run_until([&] { return on_air("main"); });
  EXPECT_GE(overlap, Millis(2900));
  EXPECT_LE(overlap, Millis(3300));
  EXPECT_EQ(backup(), LegState::stopped);
  EXPECT_EQ(backup_.closed_in_good_order(), 1);
  // And again: a standby is there every time.
  main_.set(Mood::breaks);
  world_.run_until([&] { return on_air("backup"); }, Seconds(1));
}

TEST_F(DestinationTest, AStandbyBackupStandsInWhenMainNeverComesUp) {
  main_.set(Mood::refuses);
  make(show::LegMode::standby);
  EXPECT_LE(world_.run_until([&] { return on_air("backup"); }), Millis(200));
}

TEST_F(DestinationTest, ManualReturnWaitsForTheOperator) {
  make(show::LegMode::standby, show::ReturnMode::manual);
  world_.run(Millis(500));
  main_.set(Mood::breaks);
  world_.run_until([&] { return on_air("backup"); });
  EXPECT_FALSE(destination_->take_main()) << "main is down";
  main_.set(Mood::good);
  EXPECT_TRUE(destination_->retry_now("main"));
  world_.run_until([&] { return on_air("both"); });
  world_.run(Seconds(5));
  EXPECT_TRUE(on_air("both"));
  EXPECT_TRUE(destination_->take_main());
  EXPECT_LE(world_.run_until([&] { return on_air("main"); }), Millis(300));
}

TEST_F(DestinationTest, StopEndsBothLegsAndTheBackupDoesNotComeBack) {
  make(show::LegMode::standby);
  world_.run(Millis(300));
  main_.set(Mood::breaks);
  world_.run_until([&] { return on_air("backup"); });
  destination_->stop();
  world_.run(Seconds(2));
  EXPECT_TRUE(on_air("none"));
  EXPECT_EQ(backup(), LegState::stopped);
  main_.set(Mood::good);
  destination_->start();
  world_.run_until([&] { return on_air("main"); });
}

TEST_F(DestinationTest, RetryNowNamesALegThatIsNotThere) {
  make(show::LegMode::parallel);
  EXPECT_TRUE(destination_->retry_now());
  EXPECT_EQ(destination_->retry_now("spare").error().message, "destination \"platform\" has no leg \"spare\"");
}

}  // namespace
}  // namespace mainstay
