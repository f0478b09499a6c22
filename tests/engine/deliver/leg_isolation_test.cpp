// What one leg suffers, the other never notices.
#include <gtest/gtest.h>

#include <random>

#include "engine/deliver/leg.h"
#include "tests/engine/deliver/leg_fakes.h"

namespace mainstay {
namespace {

using test::FakeIngest;
using Mood = FakeIngest::Mood;

std::unique_ptr<Leg> make_leg(test::SteppedWorld& world, FakeIngest& ingest, const char* role) {
  LegOptions options;
  options.destination = "platform";
  options.role = role;
  options.selection = test::kBoth;
  return std::make_unique<Leg>(options, world.bus, ingest.factory(), world.clock, world.log);
}

class LegIsolationTest : public testing::TestWithParam<std::uint64_t> {};

TEST_P(LegIsolationTest, OneLegsFaultsChangeNoByteAndNoTimestampOnTheOther) {
  std::mt19937_64 random(GetParam());
  test::SteppedWorld world(10 + static_cast<int>(random() % 40));
  FakeIngest good;
  FakeIngest bad;
  world.ingests = {&good, &bad};
  auto main = make_leg(world, bad, "main");
  auto backup = make_leg(world, good, "backup");
  world.threads = 4;
  main->start();
  backup->start();
  constexpr Mood kMoods[] = {Mood::good,       Mood::refuses,        Mood::open_hangs,
                             Mood::send_hangs, Mood::poll_hangs,     Mood::takes_nothing,
                             Mood::breaks,     Mood::breaks_on_poll, Mood::throws};
  for (int i = 0; i < 12 && !HasFatalFailure(); ++i) {
    bad.set(kMoods[random() % std::size(kMoods)]);
    bad.set_link(random() % 2 == 0 ? &world.clock : nullptr, Millis(5 + static_cast<int>(random() % 60)));
    if (random() % 3 == 0) main->retry_now();
    if (random() % 8 == 0) main->stop();
    if (random() % 4 == 0) main->start();
    world.run(Millis(100 + static_cast<int>(random() % 1500)));
  }
  // To the last packet: the program ends in good order.
  world.bus.close();
  world.encoding = false;
  main->stop();
  world.run_until(
      [&] { return backup->status().state == LegState::stopped && main->status().state == LegState::stopped; });
  EXPECT_EQ(good.all_received(), world.encode.published());
  EXPECT_EQ(backup->status().connects, 1);
  EXPECT_EQ(backup->status().dropped, 0);
  EXPECT_EQ(backup->status().outage_count, 0);
  EXPECT_LE(bad.most_at_once(), 1);
  for (const auto& connection : bad.received()) {
    EXPECT_TRUE(test::decodable(connection, world.encode.published()));
    if (!connection.empty()) {
      EXPECT_TRUE(connection.front()->video() && connection.front()->key);
    }
  }
  for (const PacketPtr& packet : good.all_received()) {
    if (!packet->video()) continue;
    const PacketPtr made = test::video_packet(packet->stream, packet->pts, 1);
    ASSERT_TRUE(std::equal(packet->bytes.begin(), packet->bytes.end(), made->bytes.begin(), made->bytes.end()));
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, LegIsolationTest, testing::Range<std::uint64_t>(0, 12));

}  // namespace
}  // namespace mainstay
