// The RTMP transport against nginx's RTMP module: what it records is what was sent.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/deliver/flv.h"
#include "engine/deliver/rtmp_transport.h"
#include "tests/engine/deliver/rtmp_peers.h"

namespace mainstay {
namespace {

using ::testing::HasSubstr;
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

}  // namespace
}  // namespace mainstay
