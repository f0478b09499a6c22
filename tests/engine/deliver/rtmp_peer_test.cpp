// The RTMP transport against nginx's RTMP module: what it records is what was sent.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include "engine/deliver/flv.h"
#include "engine/deliver/rtmp_transport.h"
#include "tests/engine/deliver/rtmp_peers.h"

namespace mainstay {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using namespace mainstay::testing;  // NOLINT: a test's own helpers

class RtmpPeer : public ::testing::Test {
 protected:
  std::unique_ptr<Transport> make(const std::string& url, const std::string& key) {
    show::LegConfig config;
    config.url = url;
    config.key = key;
    auto factory = make_rtmp_transport(config, clock_, log_, "leg test/main");
    EXPECT_TRUE(factory) << factory.error().describe();
    return std::move((*factory)()).value();
  }

  // Sends all as fast as the server takes it; Errc::again is waited out.
  Status send_all(Transport& transport, const std::vector<PacketPtr>& packets) {
    for (const PacketPtr& packet : packets) {
      while (true) {
        Status sent = transport.send(packet);
        if (sent) break;
        if (sent.error().code != Errc::again) return sent;
        MAINSTAY_CHECK(transport.poll());
      }
    }
    return transport.poll();
  }

  void finish(Transport& transport) { transport.close(clock_.now() + Seconds(2)); }

  // The recording in milliseconds from its first packet's, against what was sent.
  static void expect_same(const std::vector<ReadPacket>& got, const std::vector<PacketPtr>& sent) {
    ASSERT_EQ(got.size(), sent.size());
    const std::int64_t epoch = static_cast<std::int64_t>(flv_timestamp(*sent[0])) - got[0].dts_ms;
    for (std::size_t i = 0; i < sent.size(); ++i) {
      const Packet& packet = *sent[i];
      ASSERT_EQ(got[i].video, packet.video()) << "packet " << i;
      EXPECT_EQ(got[i].key, packet.key) << "packet " << i;
      EXPECT_EQ(got[i].dts_ms + epoch, flv_timestamp(packet)) << "packet " << i;
      EXPECT_EQ(got[i].pts_ms + epoch, rescale(packet.pts, packet.stream->time_base, kMillisBase)) << "packet " << i;
      std::vector<std::uint8_t> body;
      ASSERT_TRUE(FlvTrack::make(packet.stream)->append(packet, body));
      const std::size_t header = packet.video() ? 5 : 2;
      EXPECT_TRUE(std::equal(got[i].bytes.begin(), got[i].bytes.end(), body.begin() + header, body.end()))
          << "packet " << i << " differs";
    }
  }

  SteadyClock clock_;
  Log log_{{.level = LogLevel::off}};
};

// Sends in real time from `start` on until `until`; the connection's end, if it ends.
Status send_live(Transport& transport, const Media& media, std::size_t& next, Clock& clock, Instant start,
                 Instant until) {
  while (clock.now() < until) {
    if (next < media.packets.size() && clock.now() >= start + media.packets[next]->decode_time() - Seconds(1)) {
      const Status sent = transport.send(media.packets[next]);
      if (sent) ++next;
      if (!sent && sent.error().code != Errc::again) return make_error(Errc::io, "{}", sent.error().describe());
    } else {
      pass(Millis(5));
    }
    MAINSTAY_CHECK(transport.poll());
  }
  return {};
}

TEST_F(RtmpPeer, RecordsEveryPacketWithItsTimes) {
  NginxRtmp nginx;
  const Media media = make_media(Seconds(1));
  auto transport = make(nginx.url(), "show");
  const Status opened = transport->open(media.streams, {});
  ASSERT_TRUE(opened) << opened.error().describe();
  const Status sent = send_all(*transport, media.packets);
  ASSERT_TRUE(sent) << sent.error().describe();
  EXPECT_EQ(transport->stats().packets, static_cast<std::int64_t>(media.packets.size()));
  finish(*transport);
  nginx.quit();
  const auto files = nginx.recordings("show");
  ASSERT_EQ(files.size(), 1U);
  expect_same(read_media(files[0]), media.packets);
}

TEST_F(RtmpPeer, CrossesTheEndOf24BitsWithoutABreak) {
  NginxRtmp nginx;
  // Begins one second before 2^24 ms and runs for two.
  const Media media = make_media(Seconds(16776), 3);
  ASSERT_LT(flv_timestamp(*media.packets.front()), 0x1000000U);
  ASSERT_GT(flv_timestamp(*media.packets.back()), 0x1000000U);
  auto transport = make(nginx.url(), "late");
  ASSERT_TRUE(transport->open(media.streams, {}));
  ASSERT_TRUE(send_all(*transport, media.packets));
  finish(*transport);
  nginx.quit();
  const auto files = nginx.recordings("late");
  ASSERT_EQ(files.size(), 1U);
  expect_same(read_media(files[0]), media.packets);
}

TEST_F(RtmpPeer, SendsPicturesOfManyChunksPast24Bits) {
  NginxRtmp nginx;
  Media media = make_load(4000, 1);  // 16 kB a picture: four chunks, three of them without a header
  for (PacketPtr& packet : media.packets) {
    auto later = std::make_shared<Packet>(*packet);
    later->pts = later->dts = packet->dts + 16777 * 30;
    packet = std::move(later);
  }
  auto transport = make(nginx.url(), "large");
  ASSERT_TRUE(transport->open(media.streams, {}));
  ASSERT_TRUE(send_all(*transport, media.packets));
  finish(*transport);
  nginx.quit();
  const auto files = nginx.recordings("large");
  ASSERT_EQ(files.size(), 1U);
  expect_same(read_media(files[0]), media.packets);
}

TEST_F(RtmpPeer, GoesOnInTimeAfterANewConnection) {
  NginxRtmp nginx;
  const Media media = make_load(500, 2);
  const std::size_t half = media.packets.size() / 2;
  auto first = make(nginx.url(), "again");
  ASSERT_TRUE(first->open(media.streams, {}));
  ASSERT_TRUE(send_all(*first, {media.packets.begin(), media.packets.begin() + static_cast<std::ptrdiff_t>(half)}));
  finish(*first);
  auto second = make(nginx.url(), "again");
  const Status opened = second->open(media.streams, {});
  ASSERT_TRUE(opened) << opened.error().describe();
  ASSERT_TRUE(send_all(*second, {media.packets.begin() + static_cast<std::ptrdiff_t>(half), media.packets.end()}));
  finish(*second);
}

TEST_F(RtmpPeer, SaysThatSomebodyPublishesWithTheKeyAlready) {
  NginxRtmp nginx;
  const Media media = make_load(500, 1);
  auto first = make(nginx.url(), "taken-key");
  ASSERT_TRUE(first->open(media.streams, {}));
  auto second = make(nginx.url(), "taken-key");
  const Status opened = second->open(media.streams, {});
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, Errc::invalid);
  EXPECT_THAT(opened.error().message, HasSubstr("publishing with it already"));
  EXPECT_THAT(opened.error().describe(), Not(HasSubstr("taken-key")));
}

// nginx says yes and hangs up then, just before or after open() is back.
TEST_F(RtmpPeer, SaysThatPublishingIsRefused) {
  NginxRtmp nginx;
  auto transport = make(nginx.url("other"), "denied-key");
  Status refused = transport->open(make_load(500, 1).streams, {});
  for (int i = 0; i < 100 && refused; ++i) {
    refused = transport->poll();
    pass(Millis(5));
  }
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message, HasSubstr("wrong stream key, or not allowed"));
  EXPECT_THAT(refused.error().describe(), Not(HasSubstr("denied-key")));
}

TEST_F(RtmpPeer, SaysThatAnApplicationIsUnknown) {
  NginxRtmp nginx;
  const Status opened = make(nginx.url("nowhere"), "key-1234")->open(make_load(500, 1).streams, {});
  ASSERT_FALSE(opened);
  EXPECT_THAT(opened.error().message, HasSubstr("application 'nowhere'"));
}

TEST_F(RtmpPeer, SaysThatTheServerIsNotRunning) {
  const Status opened =
      make(fmt::format("rtmp://127.0.0.1:{}/live", free_port()), "k")->open(make_load(500, 1).streams, {});
  ASSERT_FALSE(opened);
  EXPECT_THAT(opened.error().message, HasSubstr("is the server running?"));
}

TEST_F(RtmpPeer, LearnsInASilenceThatTheServerAnswersPings) {
  NginxRtmp nginx;
  auto transport = make(nginx.url(), "silent");
  ASSERT_TRUE(transport->open(make_load(500, 1).streams, {}));
  const Instant until = clock_.now() + Millis(1200);
  while (clock_.now() < until) {
    ASSERT_TRUE(transport->poll());
    pass(Millis(10));
  }
  const TransportStats stats = transport->stats();
  EXPECT_TRUE(stats.acknowledged);
  EXPECT_THAT(stats.details, ::testing::Contains(::testing::Pair("answers_pings", 1.0)));
}

TEST_F(RtmpPeer, NoticesAKilledServer) {
  NginxRtmp nginx;
  const Media media = make_load(2000, 4);
  auto transport = make(nginx.url(), "load");
  ASSERT_TRUE(transport->open(media.streams, {}));
  std::size_t next = 0;
  const Instant start = clock_.now();
  ASSERT_TRUE(send_live(*transport, media, next, clock_, start, start + Millis(300)));
  nginx.process().signal(SIGKILL);
  const Instant killed = clock_.now();
  const Status after = send_live(*transport, media, next, clock_, start, killed + Seconds(3));
  ASSERT_FALSE(after);
  EXPECT_LT(clock_.now() - killed, Millis(500));
  EXPECT_THAT(after.error().message, HasSubstr("closed the connection"));
}

// A line of 25 kB/s, a tenth of what is sent, behind a relay with small buffers: the leg is told to wait, and the
// connection is kept.
TEST_F(RtmpPeer, KeepsASlowConnection) {
  NginxRtmp nginx;
  const SlowRelay relay(nginx.port(), 25'000);
  const Media media = make_load(2000, 8);
  auto transport = make(fmt::format("rtmp://127.0.0.1:{}/live", relay.port()), "slow");
  const Status opened = transport->open(media.streams, {});
  ASSERT_TRUE(opened) << opened.error().describe();
  std::size_t next = 0;
  const Instant start = clock_.now();
  const Status sent = send_live(*transport, media, next, clock_, start, start + Seconds(5));
  EXPECT_TRUE(sent) << sent.error().describe();
  EXPECT_LT(next, media.packets.size() / 2);
  EXPECT_GT(transport->stats().queued, Millis(100));
  // Nothing of it is stuck in a way that holds up the end.
  const Instant closing = clock_.now();
  transport->close(closing + Millis(300));
  EXPECT_LT(clock_.now() - closing, Millis(600));
}

class FrozenPeer : public RtmpPeer, public ::testing::WithParamInterface<int> {};

// The frozen server's kernel goes on to acknowledge what it is sent.
TEST_P(FrozenPeer, IsNoticedWithinTwoSeconds) {
  NginxRtmp nginx;
  const Media media = make_load(GetParam(), 6);
  auto transport = make(nginx.url(), "load");
  ASSERT_TRUE(transport->open(media.streams, {}));
  std::size_t next = 0;
  const Instant start = clock_.now();
  const Status before = send_live(*transport, media, next, clock_, start, start + Millis(1500));
  ASSERT_TRUE(before) << before.error().describe();
  nginx.process().signal(SIGSTOP);
  const Instant frozen = clock_.now();
  const Status after = send_live(*transport, media, next, clock_, start, frozen + Seconds(4));
  const Nanos took = clock_.now() - frozen;
  nginx.process().signal(SIGCONT);
  ASSERT_FALSE(after) << "not noticed in 4 s";
  EXPECT_LT(took, Seconds(2)) << after.error().describe();
  RecordProperty("noticed_after_ms", static_cast<int>(took / Millis(1)));
}

INSTANTIATE_TEST_SUITE_P(Rates, FrozenPeer, ::testing::Values(500, 10000));

}  // namespace
}  // namespace mainstay
