#include "engine/deliver/leg_machine.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "engine/core/clock.h"

namespace mainstay {
namespace {

const Error kRefused{Errc::io, "connection refused by 127.0.0.1:1935: is the server running?", nullptr};

class LegMachineTest : public testing::Test {
 protected:
  Instant now() const { return clock_.now(); }
  /// Brings a fresh machine into `state`.
  void bring_to(LegState state) {
    if (state == LegState::idle) return;
    EXPECT_EQ(machine_.start(now()), LegAction::connect);
    if (state == LegState::connecting) return;
    if (state == LegState::stopped) {
      machine_.stop(now());
      return;
    }
    if (state == LegState::backoff) {
      machine_.open_failed(now(), kRefused);
      return;
    }
    machine_.opened(now());
    if (state == LegState::degraded) machine_.congestion(now(), true, "slow");
  }
  void wait_for_retry() {
    ASSERT_EQ(machine_.state(), LegState::backoff);
    clock_.advance_to(machine_.retry_at());
    ASSERT_EQ(machine_.tick(now()), LegAction::connect);
  }

  ManualClock clock_;
  LegMachine machine_{LegPolicy{}, 1};
};

// The table of leg_machine.h, each cell.
struct Cell {
  const char* event;
  LegState from;
  LegState to;
  LegAction action;
};

class LegMachineTableTest : public LegMachineTest, public testing::WithParamInterface<Cell> {};

TEST_P(LegMachineTableTest, EachEventLeadsWhereTheTableSays) {
  const Cell& cell = GetParam();
  bring_to(cell.from);
  ASSERT_EQ(machine_.state(), cell.from);
  const std::string event = cell.event;
  LegAction action = LegAction::none;
  if (event == "start") action = machine_.start(now());
  if (event == "stop") action = machine_.stop(now());
  if (event == "opened") action = machine_.opened(now());
  if (event == "open_failed") action = machine_.open_failed(now(), kRefused);
  if (event == "lost") action = machine_.lost(now(), now(), kRefused);
  if (event == "streams_changed") action = machine_.streams_changed(now(), now());
  if (event == "congestion") action = machine_.congestion(now(), true, "slow");
  if (event == "clear") action = machine_.congestion(now(), false, "");
  if (event == "retry_now") action = machine_.retry_now(now());
  if (event == "network_returned") action = machine_.network_returned(now());
  if (event == "tick") action = machine_.tick(now());
  EXPECT_EQ(machine_.state(), cell.to);
  EXPECT_EQ(action, cell.action);
}

std::vector<Cell> table() {
  using S = LegState;
  constexpr auto kNo = LegAction::none;
  constexpr auto kConnect = LegAction::connect;
  constexpr auto kDrop = LegAction::disconnect;
  std::vector<Cell> cells = {
      {"start", S::idle, S::connecting, kConnect},
      {"start", S::stopped, S::connecting, kConnect},
      {"stop", S::idle, S::stopped, kNo},
      {"stop", S::connecting, S::stopped, kDrop},
      {"stop", S::live, S::stopped, kDrop},
      {"stop", S::degraded, S::stopped, kDrop},
      {"stop", S::backoff, S::stopped, kNo},
      {"opened", S::connecting, S::live, kNo},
      {"opened", S::stopped, S::stopped, kDrop},
      {"open_failed", S::connecting, S::backoff, kDrop},
      {"lost", S::live, S::backoff, kDrop},
      {"lost", S::degraded, S::backoff, kDrop},
      {"streams_changed", S::live, S::connecting, kConnect},
      {"streams_changed", S::degraded, S::connecting, kConnect},
      {"congestion", S::live, S::degraded, kNo},
      {"clear", S::degraded, S::live, kNo},
      {"retry_now", S::backoff, S::connecting, kConnect},
      {"network_returned", S::backoff, S::connecting, kConnect},
  };
  // Everything else changes nothing.
  for (const char* event : {"start", "stop", "opened", "open_failed", "lost", "streams_changed", "congestion", "clear",
                            "retry_now", "network_returned", "tick"}) {
    for (const S from : {S::idle, S::connecting, S::live, S::degraded, S::backoff, S::stopped}) {
      const auto same = [&](const Cell& c) { return std::string(c.event) == event && c.from == from; };
      if (std::none_of(cells.begin(), cells.end(), same)) cells.push_back({event, from, from, kNo});
    }
  }
  return cells;
}

INSTANTIATE_TEST_SUITE_P(Table, LegMachineTableTest, testing::ValuesIn(table()), [](const auto& test) {
  return std::string(test.param.event) + "_in_" + to_string(test.param.from);
});

TEST_F(LegMachineTest, WaitsDoubleFromOneSecondToThirtyAndStayThere) {
  machine_.start(now());
  const std::vector<int> full = {1, 2, 4, 8, 16, 30, 30, 30};
  for (const int s : full) {
    machine_.open_failed(now(), kRefused);
    const Nanos wait = machine_.retry_at() - now();
    EXPECT_LE(wait, Seconds(s));
    EXPECT_GE(wait, Millis(800 * s));
    wait_for_retry();
  }
}

TEST_F(LegMachineTest, AnAttemptIsNotMadeBeforeTheWaitIsOver) {
  bring_to(LegState::backoff);
  clock_.advance_to(machine_.retry_at() - Nanos(1));
  EXPECT_EQ(machine_.tick(now()), LegAction::none);
  clock_.advance(Nanos(1));
  EXPECT_EQ(machine_.tick(now()), LegAction::connect);
}

TEST_F(LegMachineTest, ManyLegsDoNotComeBackInTheSameInstant) {
  std::set<Nanos> waits;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    LegMachine machine(LegPolicy{}, seed);
    machine.start(now());
    machine.open_failed(now(), kRefused);
    waits.insert(machine.retry_at() - now());
  }
  EXPECT_GE(waits.size(), 19U);
}

TEST_F(LegMachineTest, AShortConnectionDoesNotResetTheBackoff) {
  machine_.start(now());
  for (const int s : {1, 2, 4, 8}) {
    machine_.opened(now());
    clock_.advance(Seconds(9));
    machine_.lost(now(), now(), kRefused);
    EXPECT_GE(machine_.retry_at() - now(), Millis(800 * s));
    wait_for_retry();
  }
}

TEST_F(LegMachineTest, TenSecondsOfDeliveryResetTheBackoff) {
  machine_.start(now());
  for (int i = 0; i < 5; ++i) {
    machine_.open_failed(now(), kRefused);
    wait_for_retry();
  }
  machine_.opened(now());
  clock_.advance(Seconds(10));
  machine_.lost(now(), now(), kRefused);
  EXPECT_LE(machine_.retry_at() - now(), Seconds(1));
}

TEST_F(LegMachineTest, RetryNowCutsTheWaitButNotTheBackoff) {
  machine_.start(now());
  for (const int s : {1, 2, 4}) {
    machine_.open_failed(now(), kRefused);
    EXPECT_GE(machine_.retry_at() - now(), Millis(800 * s));
    EXPECT_EQ(machine_.retry_now(now()), LegAction::connect);
  }
}

TEST_F(LegMachineTest, AnOutageRunsFromTheLastGoodDeliveryToTheFirstPacketOfTheNewConnection) {
  bring_to(LegState::live);
  machine_.delivered(now());
  clock_.advance(Seconds(20));
  const Instant last_good = now();
  clock_.advance(Millis(1600));
  machine_.lost(now(), last_good, kRefused);
  const Instant detected = now();
  EXPECT_TRUE(machine_.outage_open());
  wait_for_retry();
  clock_.advance(Millis(30));
  machine_.opened(now());
  EXPECT_TRUE(machine_.outage_open()) << "a connection alone delivers nothing";
  clock_.advance(Millis(5));
  machine_.delivered(now());
  ASSERT_EQ(machine_.outages().size(), 1U);
  const Outage& outage = machine_.outages().front();
  EXPECT_EQ(outage.start, last_good);
  EXPECT_EQ(outage.detect, detected);
  EXPECT_EQ(outage.recover, now());
  EXPECT_EQ(outage.reason, kRefused.message);
  EXPECT_FALSE(machine_.outage_open());
}

TEST_F(LegMachineTest, AConnectionThatDeliversNothingBelongsToTheSameOutage) {
  bring_to(LegState::live);
  machine_.delivered(now());
  machine_.lost(now(), now(), kRefused);
  wait_for_retry();
  machine_.opened(now());
  machine_.lost(now(), now(), kRefused);
  EXPECT_EQ(machine_.outage_count(), 1);
}

TEST_F(LegMachineTest, FailedFirstConnectsAreNoOutage) {
  machine_.start(now());
  machine_.open_failed(now(), kRefused);
  wait_for_retry();
  machine_.opened(now());
  EXPECT_EQ(machine_.outage_count(), 0);
  EXPECT_GE(machine_.first_connect(), Millis(800));
}

TEST_F(LegMachineTest, AStopEndsAnOutageWithoutARecovery) {
  bring_to(LegState::live);
  machine_.lost(now(), now(), kRefused);
  machine_.stop(now());
  EXPECT_FALSE(machine_.outage_open());
  machine_.start(now());
  machine_.opened(now());
  machine_.delivered(now());
  EXPECT_FALSE(machine_.outages().front().recover);
}

TEST_F(LegMachineTest, TheHistoryOfOutagesIsBounded) {
  LegPolicy policy;
  policy.kept_outages = 3;
  LegMachine machine(policy, 1);
  machine.start(now());
  for (int i = 0; i < 10; ++i) {
    machine.opened(now());
    machine.delivered(now());
    machine.lost(now(), now(), kRefused);
    machine.retry_now(now());
  }
  EXPECT_EQ(machine.outages().size(), 3U);
  EXPECT_EQ(machine.outage_count(), 10);
}

TEST_F(LegMachineTest, ChangedStreamsConnectAgainAtOnceAndCountAsAnOutage) {
  bring_to(LegState::live);
  machine_.delivered(now());
  EXPECT_EQ(machine_.streams_changed(now(), now()), LegAction::connect);
  EXPECT_EQ(machine_.outage_count(), 1);
  machine_.opened(now());
  machine_.delivered(now());
  EXPECT_FALSE(machine_.outage_open());
}

TEST_F(LegMachineTest, TheDetailSaysWhyTheLegIsNotLive) {
  bring_to(LegState::backoff);
  EXPECT_EQ(machine_.detail(), kRefused.message);
  machine_.retry_now(now());
  EXPECT_EQ(machine_.detail(), kRefused.message) << "still the reason while the next attempt runs";
  machine_.opened(now());
  EXPECT_EQ(machine_.detail(), "");
}

// A model of the world around the machine: at most one connection, faults and commands at random.
class RandomFaults {
 public:
  explicit RandomFaults(std::uint64_t seed) : random_(seed), machine_(LegPolicy{}, seed) {}

  void run(int steps) {
    for (int i = 0; i < steps && !testing::Test::HasFailure(); ++i) step();
    settle();
  }

 private:
  Instant now() const { return clock_.now(); }
  std::uint64_t pick(std::uint64_t n) { return random_() % n; }

  void act(LegAction action) {
    if (action == LegAction::connect) {
      ASSERT_FALSE(attempting_) << "two connects at once";
      connected_ = false;  // streams_changed: the old connection goes with the new attempt
      attempting_ = true;
      ++attempts_;
    } else if (action == LegAction::disconnect) {
      ASSERT_TRUE(attempting_ || connected_ || late_result_) << "nothing there to disconnect";
      attempting_ = connected_ = false;
    }
  }

  void step() {
    clock_.advance(Millis(static_cast<int>(pick(pick(4) == 0 ? 40000 : 700))));
    const LegState before = machine_.state();
    switch (pick(11)) {
      case 0:
        act(machine_.start(now()));
        break;
      case 1:
        if (pick(4) == 0) act(machine_.stop(now()));
        break;
      case 2:
        act(machine_.retry_now(now()));
        break;
      case 3:
        act(machine_.network_returned(now()));
        break;
      case 4:
        if (connected_) act(machine_.congestion(now(), pick(2) == 0, "slow"));
        break;
      case 5:
      case 6:
        finish_attempt();
        break;
      case 7:
        if (connected_) act(machine_.lost(now(), now() - Millis(1600), kRefused));
        break;
      case 8:
        if (connected_ && pick(8) == 0) act(machine_.streams_changed(now(), now()));
        break;
      default:
        if (connected_) machine_.delivered(now());
        act(machine_.tick(now()));
    }
    check(before);
  }

  void finish_attempt() {
    if (!attempting_) {
      late_result_ = machine_.state() == LegState::stopped;
      if (late_result_) act(machine_.opened(now()));  // crossed a stop
      late_result_ = false;
      return;
    }
    if (pick(3) == 0) {
      act(machine_.open_failed(now(), kRefused));
      return;
    }
    attempting_ = false;
    connected_ = true;
    ++connects_;
    act(machine_.opened(now()));
  }

  void check(LegState before) {
    const LegState state = machine_.state();
    EXPECT_EQ(attempting_, state == LegState::connecting);
    EXPECT_EQ(connected_, on_air(state)) << "live only after opened, and only as long as connected";
    if (state == LegState::backoff) {
      EXPECT_LE(machine_.retry_at() - machine_.since(), Seconds(30));
      EXPECT_GE(machine_.retry_at() - machine_.since(), Millis(800));
    } else {
      EXPECT_EQ(machine_.retry_at(), kNever);
    }
    if (before == LegState::stopped) {
      EXPECT_TRUE(state == LegState::stopped || state == LegState::connecting);
    }
    EXPECT_EQ(machine_.attempts(), attempts_);
    EXPECT_EQ(machine_.connects(), connects_);
    EXPECT_LE(machine_.since(), now());
    check_outages();
  }

  void check_outages() {
    const auto& outages = machine_.outages();
    EXPECT_GE(machine_.outage_count(), static_cast<std::int64_t>(outages.size()));
    for (std::size_t i = 0; i < outages.size(); ++i) {
      EXPECT_LE(outages[i].start, outages[i].detect);
      if (outages[i].recover) {
        EXPECT_GE(*outages[i].recover, outages[i].detect);
      }
      if (i > 0) {
        EXPECT_GE(outages[i].detect, outages[i - 1].detect);
      }
    }
    if (machine_.outage_open()) {
      EXPECT_FALSE(outages.back().recover);
      EXPECT_NE(machine_.state(), LegState::stopped);
    }
  }

  // When all faults end, the leg gets live by itself within its longest wait, and no outage stays open.
  void settle() {
    act(machine_.start(now()));
    for (int i = 0; i < 3 && !on_air(machine_.state()); ++i) {
      if (machine_.state() == LegState::backoff) {
        clock_.advance(Seconds(30));
        act(machine_.tick(now()));
      }
      if (attempting_) {
        attempting_ = false;
        connected_ = true;
        act(machine_.opened(now()));
      }
    }
    machine_.delivered(now());
    EXPECT_TRUE(on_air(machine_.state()));
    EXPECT_FALSE(machine_.outage_open()) << "no outage without an end once live";
  }

  std::mt19937_64 random_;
  ManualClock clock_;
  LegMachine machine_;
  bool attempting_ = false;
  bool connected_ = false;
  bool late_result_ = false;
  std::int64_t attempts_ = 0;
  std::int64_t connects_ = 0;
};

TEST(LegMachineRandomTest, SurvivesTenThousandRandomFaultSequences) {
  for (std::uint64_t seed = 0; seed < 10000; ++seed) {
    SCOPED_TRACE(seed);
    RandomFaults(seed).run(40);
    if (testing::Test::HasFailure()) return;
  }
}

}  // namespace
}  // namespace mainstay
