// Streams fetched from real peers: ffmpeg over SRT, UDP and RTP, nginx over RTMP and HTTP; frozen, ended, refused.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <fstream>

#include "engine/ffi/av/av_init.h"
#include "engine/ffi/srt/srt_library.h"
#include "engine/sources/live/live_source.h"
#include "engine/sources/live/live_sources.h"
#include "tests/engine/sources/ingest_peer_support.h"
#include "tests/support/clips.h"

namespace mainstay {
namespace {

using test::Child;
using testing::HasSubstr;

class StreamPeerTest : public testing::Test {
 protected:
  void open(show::StreamSource config) {
    source = make_stream_source(config, SourceContext{"far", clock, log, rate, 128, 72, Seconds(2), "."});
    source->start();
    anchor = clock.now();
    frame = 0;
  }

  struct Tick {
    int number = -1;  ///< -1: no picture
    double level = 0;
  };
  Tick tick() {
    clock.pace_until(anchor + rate.begin(frame), {});
    const SourceOutput out = source->pull(frame++, {});
    Tick now;
    if (out.video) now.number = test::number_of(*out.video);
    for (const float sample : out.audio->plane(0))
      now.level = std::max(now.level, std::abs(static_cast<double>(sample)));
    return now;
  }
  std::vector<Tick> run(int ticks) {
    std::vector<Tick> all;
    for (int i = 0; i < ticks; ++i) all.push_back(tick());
    return all;
  }
  template <class Condition>
  void run_until(double limit_s, Condition condition) {
    for (int ticks = static_cast<int>(limit_s * rate.fps()); ticks > 0 && !condition(); --ticks) tick();
    ASSERT_TRUE(condition()) << source->status().detail << "\n" << text();
  }
  void run_until_live(double limit_s = 30) {
    run_until(limit_s, [&] { return source->status().state == SourceState::live; });
  }
  /// Places where the next picture is not the next number.
  static int breaks(const std::vector<Tick>& ticks) {
    int count = 0;
    for (std::size_t i = 1; i < ticks.size(); ++i)
      count += ticks[i].number != (ticks[i - 1].number + 1) % test::kNumbers;
    return count;
  }
  /// Four seconds without a fault; a machine that is busy gets several tries.
  void expect_steady(int ticks = 120) {
    int faults = -1;
    for (int tries = 0; tries < 10 && faults != 0; ++tries) {
      run(60);
      const auto shown = run(ticks);
      faults = breaks(shown);
      for (const Tick& each : shown) faults += each.level < 0.01;
    }
    EXPECT_EQ(faults, 0) << text();
  }
  std::string text() {
    std::lock_guard lock(lines_mutex);
    return lines;
  }
  std::string folder_file(const std::string& name) { return folder.file(name); }

  SteadyClock clock;
  const Rate rate{30, 1};
  std::mutex lines_mutex;
  std::string lines;
  Log log{{.level = LogLevel::info, .json = false, .sink = [this](std::string_view line) {
             std::lock_guard lock(lines_mutex);
             lines += std::string(line) + "\n";
           }}};
  ffi::AvInit av{log, clock};
  std::unique_ptr<ffi::SrtLibrary> library = std::move(*ffi::SrtLibrary::start(clock, log));
  test::TempFolder folder;
  std::unique_ptr<Source> source;
  Instant anchor{};
  FrameIndex frame = 0;
};

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
  const std::string conf = folder_file("nginx.conf");
  std::ofstream(conf) << "load_module /usr/lib/nginx/modules/ngx_rtmp_module.so;\ndaemon off; master_process off;\n"
                      << "error_log " << folder_file("error.log") << "; pid " << folder_file("pid") << ";\n"
                      << "events {}\nrtmp { server { listen 127.0.0.1:" << port
                      << "; chunk_size 4096; application live { live on; } } }\n";
  Child nginx({"nginx", "-c", conf, "-p", folder_file("")});
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
  const std::string playlist = folder_file("live.m3u8");
  Child ffmpeg(test::sender(fmt::format("[f=hls:hls_time=1:hls_list_size=8:hls_flags=delete_segments]{}", playlist)));
  Child server(
      {"python3", "-m", "http.server", "--bind", "127.0.0.1", "--directory", folder_file(""), std::to_string(port)});
  const Instant limit = clock.now() + Seconds(30);
  while (!std::filesystem::exists(folder_file("live3.ts")) && clock.now() < limit)
    clock.wait_until(clock.now() + Millis(20), {});
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
  Child server(
      {"python3", "-m", "http.server", "--bind", "127.0.0.1", "--directory", folder_file(""), std::to_string(port)});
  open({.url = fmt::format("http://127.0.0.1:{}/bad.m3u8", port)});
  run_until(40, [&] { return dynamic_cast<LiveSource&>(*source).link().failures >= 3; });
  EXPECT_EQ(dynamic_cast<LiveSource&>(*source).link().connects, 0);
}

}  // namespace
}  // namespace mainstay
