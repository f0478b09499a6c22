#include "engine/deliver/srt_transport.h"

#include <gmock/gmock.h>

#include <array>
#include <map>
#include <thread>

#include "engine/ffi/srt/srt_listener.h"
#include "tests/engine/ffi/srt_test_support.h"

namespace mainstay {
namespace {

using srt_test::SrtWorld;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

StreamInfoPtr video_stream() {
  StreamInfo info;
  info.name = "v0";
  info.codec = Codec::h264;
  info.rate = {30, 1};
  info.time_base = info.rate.time_base();
  info.kbps = 1000;
  info.width = 320;
  info.height = 180;
  info.extradata = {0,    0,    0, 1, 0x67, 0x42, 0xc0, 0x0d, 0xd9, 0x01, 0x41, 0xfb,
                    0x01, 0x10, 0, 0, 0,    1,    0x68, 0xcb, 0x83, 0xcb, 0x20};
  return std::make_shared<StreamInfo>(info);
}

PacketPtr picture(const StreamInfoPtr& stream, std::int64_t n, std::size_t bytes = 4000) {
  const bool key = n % 60 == 0;
  std::vector<std::uint8_t> nal(bytes, 0x55);
  nal[0] = nal[1] = nal[2] = 0;
  nal[3] = 1;
  nal[4] = key ? 0x65 : 0x41;
  return make_packet(stream, n, n, 1, key, std::move(nal));
}

show::LegConfig leg(std::string url, const std::function<void(show::LegConfig&)>& change = {}) {
  show::LegConfig config;
  config.url = std::move(url);
  if (change) change(config);
  return config;
}

class SrtTransportTest : public ::testing::Test {
 protected:
  std::unique_ptr<Transport> transport_to(const show::LegConfig& config) {
    auto factory = make_srt_transport(config, world.clock, world.log, "leg test/main");
    EXPECT_TRUE(factory) << factory.error().describe();
    return std::move((*factory)()).value();
  }

  std::string refusal(const show::LegConfig& config) {
    const auto factory = make_srt_transport(config, world.clock, world.log, "leg test/main");
    return factory ? "accepted" : factory.error().message;
  }

  std::unique_ptr<ffi::SrtListener> listen(ffi::SrtOptions options = {}) {
    options.host = "127.0.0.1";
    return std::move(ffi::SrtListener::open({.srt = options})).value();
  }

  SrtWorld world;
};

TEST_F(SrtTransportTest, FieldsOfTheConfigurationWinOverTheUrl) {
  show::LegConfig config = leg("srt://h.example:1?passphrase=from-the-url&latency=300&streamid=a&pbkeylen=24");
  auto options = srt_leg_options(config);
  ASSERT_TRUE(options);
  EXPECT_EQ(options->passphrase, "from-the-url");
  EXPECT_EQ(options->latency, Millis{300});
  EXPECT_EQ(options->pbkeylen, 24);
  config.passphrase = "from-the-config";
  config.streamid = "b";
  config.latency = Millis{500};
  config.pbkeylen = 32;
  options = srt_leg_options(config);
  ASSERT_TRUE(options);
  EXPECT_EQ(options->passphrase, "from-the-config");
  EXPECT_EQ(options->streamid, "b");
  EXPECT_EQ(options->latency, Millis{500});
  EXPECT_EQ(options->pbkeylen, 32);
}

TEST_F(SrtTransportTest, TheLatencyIsAtLeast120Ms) {
  const auto options = srt_leg_options(leg("srt://h:1?latency=20"));
  ASSERT_TRUE(options);
  EXPECT_EQ(options->latency, Millis{120});
}

TEST_F(SrtTransportTest, AWrongConfigurationIsRefusedWithoutItsSecrets) {
  EXPECT_THAT(refusal(leg("rtmp://h/live")), HasSubstr("srt://"));
  EXPECT_THAT(refusal(leg("srt://h:1", [](auto& c) { c.key = "livekey"; })),
              AllOf(HasSubstr("streamid"), Not(HasSubstr("livekey"))));
  EXPECT_THAT(refusal(leg("srt://h:1", [](auto& c) { c.passphrase = "2short"; })),
              AllOf(HasSubstr("10 to 80"), Not(HasSubstr("2short"))));
}

TEST_F(SrtTransportTest, SecretsOfTheUrlAreKeptOutOfTheLog) {
  const auto transport = transport_to(leg("srt://h:1?passphrase=hidden-in-url&streamid=r-hidden-too"));
  world.log.info("test", "hidden-in-url r-hidden-too");
  EXPECT_THAT(world.logged(), Not(HasSubstr("hidden")));
}

TEST_F(SrtTransportTest, PicturesArriveAsTsAndTheLastOneToo) {
  const auto listener = listen({.latency = Millis{200}});
  std::string received;
  std::jthread receiver([&] {
    auto socket = listener->accept(world.clock, {}, world.clock.now() + Seconds{5});
    if (!socket) return;
    std::array<std::uint8_t, 1500> buffer{};
    while (true) {
      const auto size = (*socket)->receive(buffer, Seconds{5});
      if (!size) break;
      received.append(reinterpret_cast<const char*>(buffer.data()), *size);
    }
  });
  const auto stream = video_stream();
  const auto transport = transport_to(leg(fmt::format("srt://127.0.0.1:{}", listener->port())));
  const Status opened = transport->open({stream}, {});
  ASSERT_TRUE(opened) << opened.error().describe();
  for (int n = 0; n < 10; ++n) {
    ASSERT_TRUE(transport->send(picture(stream, n)));
    ASSERT_TRUE(transport->poll());
  }
  world.eventually([&] { return !transport->poll() || transport->stats().acknowledged > Instant{}; });
  transport->close(world.clock.now() + Seconds{2});
  receiver.join();
  const TransportStats stats = transport->stats();
  EXPECT_EQ(stats.packets, 10);
  EXPECT_EQ(stats.bytes, static_cast<std::int64_t>(received.size()));
  ASSERT_GT(received.size(), 40'000U);
  int starts = 0;
  for (std::size_t at = 0; at + 188 <= received.size(); at += 188) {
    ASSERT_EQ(received[at], 0x47) << "at " << at;
    const bool start = (received[at + 1] & 0x40) != 0;
    const int pid = (received[at + 1] & 0x1f) << 8 | static_cast<unsigned char>(received[at + 2]);
    if (start && pid == 0x100) ++starts;
  }
  EXPECT_EQ(starts, 10);
  EXPECT_THAT(world.logged(), HasSubstr("latency 200 ms (asked for 120), not encrypted"));
}

TEST_F(SrtTransportTest, StatsTellWhatTheOperatorNeeds) {
  const auto listener = listen();
  const auto stream = video_stream();
  const auto transport = transport_to(leg(fmt::format("srt://127.0.0.1:{}", listener->port())));
  ASSERT_TRUE(transport->open({stream}, {}));
  const auto socket = listener->accept(world.clock, {}, world.clock.now() + Seconds{5});
  ASSERT_TRUE(socket);
  const Instant start = world.clock.now();
  ASSERT_TRUE(transport->send(picture(stream, 0)));
  ASSERT_TRUE(world.eventually([&] { return transport->poll() && transport->stats().acknowledged > start; }));
  std::map<std::string, double> details;
  for (const auto& [name, value] : transport->stats().details) details[name] = value;
  for (const char* name :
       {"retransmitted_pct", "retransmitted_total_pct", "latency_ms", "rtt_ms", "send_buffer_of_latency_pct",
        "acks_per_s", "flight_packets", "pacing_ms", "ack_silence_ms", "send_dropped_total_packets"}) {
    EXPECT_TRUE(details.contains(name)) << name;
  }
  EXPECT_EQ(details["latency_ms"], 120);
  EXPECT_GT(transport->stats().rtt, Nanos{0});
}

TEST_F(SrtTransportTest, MoreThanThePaceAllowsIsRefusedUntilItHasLeft) {
  const auto listener = listen();
  const auto stream = video_stream();
  const auto transport = transport_to(leg(fmt::format("srt://127.0.0.1:{}", listener->port())));
  ASSERT_TRUE(transport->open({stream}, {}));
  std::int64_t n = 0;
  Status sent;
  while (n < 200 && (sent = transport->send(picture(stream, n)))) ++n;
  ASSERT_FALSE(sent);
  EXPECT_EQ(sent.error().code, Errc::again);
  EXPECT_TRUE(world.eventually([&] { return transport->poll() && transport->send(picture(stream, n)).has_value(); }));
}

TEST_F(SrtTransportTest, AbortEndsAnOpenInProgressAtOnce) {
  const auto transport = transport_to(leg(fmt::format("srt://127.0.0.1:{}", srt_test::free_udp_port()),
                                          [](auto& c) { c.connect_timeout = Millis{10000}; }));
  Instant asked{};
  std::jthread aborter([&] {
    world.clock.wait_until(world.clock.now() + Millis{50}, {});
    asked = world.clock.now();
    transport->abort();
  });
  const Status opened = transport->open({video_stream()}, {});
  const Instant returned = world.clock.now();
  aborter.join();
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, Errc::cancelled);
  EXPECT_LT(returned - asked, Millis{100});
}

TEST_F(SrtTransportTest, AReceiverThatHangsUpIsALoss) {
  const auto listener = listen();
  const auto stream = video_stream();
  const auto transport = transport_to(leg(fmt::format("srt://127.0.0.1:{}", listener->port())));
  ASSERT_TRUE(transport->open({stream}, {}));
  auto socket = listener->accept(world.clock, {}, world.clock.now() + Seconds{5});
  ASSERT_TRUE(socket);
  (*socket)->close();
  Status polled;
  EXPECT_TRUE(world.eventually([&] { return !(polled = transport->poll()); }));
  EXPECT_EQ(polled.error().code, Errc::io);
  EXPECT_THAT(polled.error().message, HasSubstr("closed the connection"));
}

TEST_F(SrtTransportTest, AListeningLegIsCalledByItsReceiverAlsoAfterALoss) {
  const int port = srt_test::free_udp_port();
  auto factory = make_srt_transport(
      leg(fmt::format("srt://127.0.0.1:{}?mode=listener", port), [](auto& c) { c.connect_timeout = Millis{100}; }),
      world.clock, world.log, "leg test/main");
  ASSERT_TRUE(factory);
  const auto stream = video_stream();
  {
    const auto alone = std::move((*factory)()).value();
    const Status opened = alone->open({stream}, {});
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().code, Errc::io);
    EXPECT_THAT(opened.error().message, HasSubstr("no receiver has called"));
  }
  // The port is still there in the back-off, so the receiver gets through now.
  ffi::SrtOptions call;
  call.host = "127.0.0.1";
  call.port = port;
  const auto receiver = ffi::SrtSocket::connect(call, world.clock, world.resolver, {});
  ASSERT_TRUE(receiver) << receiver.error().describe();
  const auto transport = std::move((*factory)()).value();
  const Status opened = transport->open({stream}, {});
  ASSERT_TRUE(opened) << opened.error().describe();
  ASSERT_TRUE(transport->send(picture(stream, 0)));
  ASSERT_TRUE(transport->poll());
  std::array<std::uint8_t, 1500> buffer{};
  EXPECT_TRUE((*receiver)->receive(buffer, Seconds{5}));
  transport->close(world.clock.now() + Millis{50});
  const auto late = ffi::SrtSocket::connect({.host = "127.0.0.1", .port = port, .connect_timeout = Millis{100}},
                                            world.clock, world.resolver, {});
  EXPECT_FALSE(late) << "an orderly close gives the port up";
}

TEST_F(SrtTransportTest, TheTsRateCountsWhatPacketisingAdds) {
  StreamInfo audio;
  audio.kind = MediaKind::audio;
  audio.kbps = 160;
  audio.sample_rate = 48000;
  audio.frame_samples = 1024;
  const std::int64_t rate = ts_bytes_per_s({video_stream(), std::make_shared<StreamInfo>(audio)});
  EXPECT_GT(rate, 1160 * 125);
  EXPECT_LT(rate, 1160 * 125 * 13 / 10);
}

}  // namespace
}  // namespace mainstay
