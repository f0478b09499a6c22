// A whole leg over SRT, through a line that loses what it cannot carry, to a real receiver.
#include <gmock/gmock.h>

#include "engine/deliver/leg.h"
#include "engine/deliver/srt_transport.h"
#include "tests/engine/deliver/srt_media.h"
#include "tests/engine/deliver/srt_relay.h"
#include "tests/engine/ffi/srt_test_support.h"

namespace mainstay {
namespace {

TEST(SrtLegPeerTest, ALineThatLosesAQuarterDegradesTheLegAndACleanOneMakesItLiveAgain) {
  srt_test::SrtWorld world;
  srt_test::TempDir dir;
  const srt_test::Clip clip = srt_test::make_clip(40);
  const int port = srt_test::free_udp_port();
  srt_test::ChildProcess receiver(
      {"sh", "-c",
       fmt::format("exec srt-live-transmit -q 'srt://127.0.0.1:{}?mode=listener' file://con "
                   "> /dev/null",
                   port)},
      dir.file("receiver.log"));
  srt_test::UdpRelay relay(port);
  show::LegConfig config;
  config.url = fmt::format("srt://127.0.0.1:{}", relay.port());
  auto factory = make_srt_transport(config, world.clock, world.log, "leg test/main");
  ASSERT_TRUE(factory);
  PacketBus bus(world.clock);
  bus.announce(clip.video);
  bus.announce(clip.audio);
  LegOptions options;
  options.destination = "test";
  options.selection = {.video = "v0", .audio = "a0"};
  Leg leg(options, bus, *std::move(factory), world.clock, world.log);
  leg.start();
  ASSERT_TRUE(world.eventually([&] { return leg.status().state == LegState::live; }))
      << leg.status().detail << "\n"
      << srt_test::contents(dir.file("receiver.log"));

  // The program: packets at their decode times, on a thread of its own.
  std::jthread program([&](const std::stop_token& stop) {
    const Instant start = world.clock.now();
    for (const PacketPtr& packet : clip.packets) {
      if (!world.clock.wait_until(start + (packet->decode_time() - clip.packets.front()->decode_time()), stop)) return;
      bus.publish(packet, stop);
    }
  });
  ASSERT_TRUE(world.eventually([&] { return leg.status().packets > 50; }));
  EXPECT_EQ(leg.status().state, LegState::live);

  relay.lose(25);
  ASSERT_TRUE(world.eventually([&] { return leg.status().state == LegState::degraded; }, Seconds{5}));
  EXPECT_THAT(leg.status().detail, testing::HasSubstr("of what is sent got lost before"));
  relay.lose(0);
  // A second until the loss is out of the figures, and three of calm (CongestionPolicy::hold), which begin anew whenever
  // the machine itself stands still for a tenth of a second.
  EXPECT_TRUE(world.eventually([&] { return leg.status().state == LegState::live; }, Seconds{30}))
      << leg.status().detail;
  EXPECT_EQ(leg.status().connects, 1);
}

}  // namespace
}  // namespace mainstay
