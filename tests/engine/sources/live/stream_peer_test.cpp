// Streams fetched from real peers: ffmpeg over SRT, UDP and RTP, nginx over RTMP and HTTP; frozen, ended, refused.
#include "tests/engine/sources/live/stream_peer_fixture.h"

namespace mainstay {
namespace {

using test::Child;
using testing::HasSubstr;

TEST_F(StreamPeerTest, SrtIsCalledAndDecrypted) {
  const std::uint16_t port = test::free_port();
  open({.url = fmt::format("srt://127.0.0.1:{}", port), .passphrase = "correct-horse-battery"});
  run_until(10, [&] { return source->status().state == SourceState::failed; });
  EXPECT_TRUE(source->status().retries) << "nobody listens yet";
  Child ffmpeg(test::sender(fmt::format(
      "[f=mpegts]srt://127.0.0.1\\:{}?mode=listener&passphrase=correct-horse-battery&pkt_size=1316", port)));
  run_until_live();
  expect_steady();
  EXPECT_THAT(text(), testing::Not(HasSubstr("correct-horse-battery")));
}

TEST_F(StreamPeerTest, OneThatRestsIsShownAgainFromItsNextKeyPicture) {
  for (const auto when : {show::WhenHidden::pause, show::WhenHidden::close}) {
    const std::uint16_t port = test::free_port();
    Child ffmpeg(test::sender(fmt::format("[f=mpegts]srt://127.0.0.1\\:{}?mode=listener&pkt_size=1316", port)));
    open({.url = fmt::format("srt://127.0.0.1:{}", port), .when_hidden = when});
    run_until_live();
    const auto link = [&] { return dynamic_cast<LiveSource&>(*source).link(); };
    const std::int64_t connects = link().connects;
    source->hide(true);
    EXPECT_EQ(source->status().state, SourceState::resting);
    if (when == show::WhenHidden::close) {
      await([&] { return link().phase == LivePhase::closed; });
      await([&] { return ffmpeg.exit_code().has_value(); });  // one that listens ends with its caller
      continue;
    }
    clock.wait_until(clock.now() + Seconds(3), {});
    EXPECT_EQ(link().damaged, 0);
    source->hide(false);
    await([&] { return source->ready(); });
    anchor = clock.now() - rate.begin(frame);  // no frame of its own passed
    run_until_live();
    expect_steady();
    EXPECT_EQ(link().connects, connects) << "it stayed connected";
    EXPECT_EQ(link().damaged, 0) << "nothing was decoded without what it is made of";
  }
}

TEST_F(StreamPeerTest, DatagramsOfATransportStreamAreShownAndASilentSenderIsReopened) {
  const std::uint16_t port = test::free_port();
  open({.url = fmt::format("udp://127.0.0.1:{}", port), .timeout = Millis(1500)});
  Child ffmpeg(test::sender(fmt::format("[f=mpegts]udp://127.0.0.1\\:{}?pkt_size=1316", port)));
  run_until_live();
  expect_steady();
  ffmpeg.signal(SIGSTOP);
  run_until(10, [&] { return source->status().state == SourceState::stalled; });
  run_until(10, [&] { return source->status().retries; });
  run(60);
  EXPECT_EQ(tick().number, -1) << "the slate's turn";
  ffmpeg.signal(SIGCONT);
  run_until_live();
  expect_steady();
}

TEST_F(StreamPeerTest, RtmpIsFetchedAndComesBackWhenItsPublisherDoes) {
  const std::uint16_t port = test::free_port();
  Child nginx(rtmp_server(port));
  auto publisher = std::make_unique<Child>(test::sender(fmt::format("[f=flv]rtmp://127.0.0.1\\:{}/live/stream", port)));
  open({.url = fmt::format("rtmp://127.0.0.1:{}/live/stream", port), .timeout = Millis(2000)});
  run_until_live(60);
  expect_steady();
  publisher->end();
  run_until(20, [&] { return source->status().state != SourceState::live; });
  publisher = std::make_unique<Child>(test::sender(fmt::format("[f=flv]rtmp://127.0.0.1\\:{}/live/stream", port)));
  run_until_live(60);
  expect_steady();
}

TEST_F(StreamPeerTest, HlsIsShownAtThePaceOfItsPicturesAndAFrozenServerIsReopened) {
  const std::uint16_t port = test::free_port();
  Child ffmpeg(test::sender(hls("live.m3u8")));
  Child server(file_server(port));
  await_file("live2.ts");
  open({.url = fmt::format("http://127.0.0.1:{}/live.m3u8", port)});
  run_until_live(60);
  expect_steady(300);
  server.signal(SIGSTOP);
  run_until(20, [&] { return source->status().state == SourceState::stalled; });
  run_until(40, [&] { return source->status().retries; });
  server.signal(SIGCONT);
  run_until_live(60);
  expect_steady();
}

class RtspPeerTest : public StreamPeerTest, public testing::WithParamInterface<show::RtspTransport> {
 protected:
  /// Four ports in a row that are free: RTP and RTCP of two tracks, as RTP counts them.
  static int free_ports() {
    for (;;) {
      const int base = test::free_port() & ~7;
      if (base > 1024) return base;
    }
  }
};

TEST_P(RtspPeerTest, RtspIsPlayedOverBothTransports) {
  const std::uint16_t port = test::free_port();
  const int base = free_ports();
  const std::string sdp = folder_file("stream.sdp");
  std::vector<std::string> command = test::sender("unused");
  command.resize(command.size() - 3);  // without -f tee OUTPUT
  for (const std::string& more :
       {std::string("-sdp_file"), sdp, std::string("-map"), std::string("0:v"), std::string("-f"), std::string("rtp"),
        fmt::format("rtp://127.0.0.1:{}", base), std::string("-map"), std::string("1:a"), std::string("-c:a"),
        std::string("aac"), std::string("-ac"), std::string("2"), std::string("-flags"), std::string("+global_header"),
        std::string("-f"), std::string("rtp"), fmt::format("rtp://127.0.0.1:{}", base + 4)})
    command.push_back(more);
  // The maps of the one output become those of two.
  const auto map = std::find(command.begin(), command.end(), "-map");
  command.erase(map, map + 4);
  Child ffmpeg(command);
  const Instant limit = clock.now() + Seconds(20);
  while (!std::filesystem::exists(sdp) && clock.now() < limit) clock.wait_until(clock.now() + Millis(20), {});
  ASSERT_TRUE(std::filesystem::exists(sdp));
  clock.wait_until(clock.now() + Millis(200), {});  // it is being written
  Child relay({"python3", std::string(MAINSTAY_SOURCE_DIR) + "/tests/engine/sources/live/rtsp_relay.py",
               std::to_string(port), sdp, std::to_string(base)});
  open({.url = fmt::format("rtsp://127.0.0.1:{}/stream", port), .transport = GetParam(), .timeout = Millis(2000)});
  run_until_live(60);
  expect_steady();
  relay.signal(SIGSTOP);
  run_until(10, [&] { return source->status().state == SourceState::stalled; });
  relay.signal(SIGCONT);
  run_until_live(60);
}

INSTANTIATE_TEST_SUITE_P(Transports, RtspPeerTest, testing::Values(show::RtspTransport::tcp, show::RtspTransport::udp),
                         [](const auto& each) { return each.param == show::RtspTransport::tcp ? "Tcp" : "Udp"; });

TEST_F(StreamPeerTest, WhatCannotBeFetchedSaysWhyWithoutItsSecrets) {
  const std::uint16_t port = test::free_port();
  open({.url = fmt::format("http://user:hidden-password@127.0.0.1:{}/live.m3u8?token=hidden-token", port)});
  run_until(10, [&] { return source->status().state == SourceState::failed; });
  EXPECT_THAT(source->status().detail, HasSubstr("Connection refused"));
  EXPECT_THAT(source->status().detail, testing::Not(HasSubstr("hidden")));
}

TEST_F(StreamPeerTest, APlaylistMayNotReadTheFilesOfThisMachine) {
  const std::uint16_t port = test::free_port();
  const std::string clip = test::make_clip({"secret.ts", test::kX264 + "-c:a aac"});
  std::ofstream(folder_file("bad.m3u8")) << "#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:1.5,\nfile://" << clip
                                         << "\n#EXT-X-ENDLIST\n";
  Child server(file_server(port));
  open({.url = fmt::format("http://127.0.0.1:{}/bad.m3u8", port)});
  run_until(40, [&] { return dynamic_cast<LiveSource&>(*source).link().failures >= 3; });
  EXPECT_EQ(dynamic_cast<LiveSource&>(*source).link().connects, 0);
}

}  // namespace
}  // namespace mainstay
