// The SRT transport against real peers: srt-live-transmit and ffmpeg as receivers, ffprobe on what they got.
#include <gmock/gmock.h>

#include <algorithm>
#include <cstdio>

#include "engine/deliver/srt_transport.h"
#include "tests/engine/deliver/srt_media.h"
#include "tests/engine/deliver/srt_relay.h"
#include "tests/engine/ffi/srt_test_support.h"

namespace mainstay {
namespace {

using srt_test::ChildProcess;
using srt_test::Clip;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

class SrtPeerTest : public ::testing::Test {
 protected:
  std::unique_ptr<Transport> transport_to(const show::LegConfig& config) {
    auto factory = make_srt_transport(config, world.clock, world.log, "leg test/main");
    EXPECT_TRUE(factory) << factory.error().describe();
    return std::move((*factory)()).value();
  }

  // Tries until the peer is up, as a leg does.
  std::unique_ptr<Transport> connected(const show::LegConfig& config, const Clip& clip) {
    for (int attempt = 0; attempt < 10; ++attempt) {
      auto transport = transport_to(config);
      const Status opened = transport->open({clip.video, clip.audio}, {});
      if (opened) return transport;
      last_error = opened.error().describe();
    }
    ADD_FAILURE() << "no connection: " << last_error;
    return nullptr;
  }

  // srt-live-transmit from `url` to a file. Its "-chunk" is ours, and it ends with the connection.
  std::unique_ptr<ChildProcess> receiver(const std::string& url) {
    return std::make_unique<ChildProcess>(
        std::vector<std::string>{"sh", "-c",
                                 "exec srt-live-transmit -q -a:no -chunk:1316 '" + url + "' file://con > " +
                                     dir.file("out.ts") + " 2>> " + dir.file("receiver.log")},
        dir.file("sh.log"));
  }

  // Sends packets at the pace of their decode times, from where the last call ended until `until` of media time or an
  // error.
  Status push(Transport& transport, const Clip& clip, Nanos until = Nanos::max()) {
    const Nanos first = clip.packets.front()->decode_time();
    const Nanos done = next < clip.packets.size() ? clip.packets[next]->decode_time() - first : Nanos{0};
    const Instant start = world.clock.now() - done;
    for (; next < clip.packets.size(); ++next) {
      const PacketPtr& packet = clip.packets[next];
      const Nanos at = packet->decode_time() - first;
      if (at > until) break;
      while (world.clock.now() < start + at) {
        world.clock.wait_until(std::min(start + at, world.clock.now() + Millis{20}), {});
        MAINSTAY_CHECK(transport.poll());
      }
      MAINSTAY_CHECK(send(transport, packet));
    }
    return {};
  }

  Status send(Transport& transport, const PacketPtr& packet) {
    while (true) {
      const Status sent = transport.send(packet);
      if (sent) return {};
      if (sent.error().code != Errc::again) return sent.error();
      ++refused;
      MAINSTAY_CHECK(transport.poll());
    }
  }

  static show::LegConfig leg(const std::string& url) {
    show::LegConfig config;
    config.url = url;
    config.connect_timeout = Millis{1000};
    return config;
  }

  std::string out() const { return dir.file("out.ts"); }
  double detail(Transport& transport, const std::string& wanted) {
    for (const auto& [name, value] : transport.stats().details) {
      if (name == wanted) return value;
    }
    return -1;
  }

  srt_test::SrtWorld world;
  srt_test::TempDir dir;
  int port = srt_test::free_udp_port();
  std::string last_error;
  int refused = 0;
  std::size_t next = 0;  // packet of the clip to push
};

TEST_F(SrtPeerTest, AListeningReceiverGetsEveryPictureWithItsTime) {
  const Clip clip = srt_test::make_clip(2);
  const auto peer = receiver(fmt::format("srt://127.0.0.1:{}?mode=listener", port));
  const auto transport = connected(leg(fmt::format("srt://127.0.0.1:{}", port)), clip);
  ASSERT_TRUE(transport);
  ASSERT_TRUE(push(*transport, clip));
  transport->close(world.clock.now() + Seconds{2});
  EXPECT_TRUE(world.eventually([&] { return !peer->running(); }));
  EXPECT_EQ(srt_test::probed_picture_times(out()), clip.picture_times());
  EXPECT_EQ(srt_test::decode_errors(out()), "");
  EXPECT_EQ(transport->stats().dropped, 0);
  EXPECT_EQ(transport->stats().packets, static_cast<std::int64_t>(clip.packets.size()));
}

TEST_F(SrtPeerTest, ACallingReceiverGetsItFromAListeningLegEncrypted) {
  const Clip clip = srt_test::make_clip(2);
  show::LegConfig config = leg(fmt::format("srt://127.0.0.1:{}?mode=listener", port));
  config.passphrase = "correct-horse-battery";
  config.pbkeylen = 32;
  const auto peer = receiver(fmt::format("srt://127.0.0.1:{}?mode=caller&passphrase=correct-horse-battery", port));
  const auto transport = connected(config, clip);
  ASSERT_TRUE(transport) << srt_test::contents(dir.file("receiver.log"));
  ASSERT_TRUE(push(*transport, clip));
  transport->close(world.clock.now() + Seconds{2});
  EXPECT_TRUE(world.eventually([&] { return !peer->running(); }));
  EXPECT_EQ(srt_test::probed_picture_times(out()), clip.picture_times());
}

TEST_F(SrtPeerTest, FfmpegReceivesWithAStreamidAndAPassphrase) {
  const Clip clip = srt_test::make_clip(2);
  ChildProcess peer({"ffmpeg", "-v", "error", "-y", "-i",
                     fmt::format("srt://127.0.0.1:{}?mode=listener&passphrase=correcthorse&latency=200000", port),
                     "-map", "0", "-c", "copy", "-copyts", "-mpegts_copyts", "1", out()},
                    dir.file("ffmpeg.log"));
  show::LegConfig config = leg(fmt::format("srt://127.0.0.1:{}", port));
  config.passphrase = "correcthorse";
  config.streamid = "#!::r=live/one,m=publish";
  const auto transport = connected(config, clip);
  ASSERT_TRUE(transport);
  ASSERT_TRUE(push(*transport, clip));
  EXPECT_EQ(detail(*transport, "latency_ms"), 200) << "ffmpeg asked for more";
  transport->close(world.clock.now() + Seconds{2});
  EXPECT_TRUE(world.eventually([&] { return !peer.running(); }));
  EXPECT_EQ(srt_test::probed_picture_times(out()), clip.picture_times()) << srt_test::contents(dir.file("ffmpeg.log"));
}

TEST_F(SrtPeerTest, AWrongOrAbsentPassphraseIsSaidInWords) {
  const Clip clip = srt_test::make_clip(1);
  const auto peer = receiver(fmt::format("srt://127.0.0.1:{}?mode=listener&passphrase=correcthorse", port));
  show::LegConfig config = leg(fmt::format("srt://127.0.0.1:{}", port));
  const auto why = [&](const std::string& passphrase) {
    config.passphrase = passphrase;
    Error error;
    // Until the peer is up there is no answer.
    world.eventually([&] {
      const Status opened = transport_to(config)->open({clip.video}, {});
      if (!opened) error = opened.error();
      return opened || error.code != Errc::io;
    });
    EXPECT_EQ(error.code, Errc::invalid);
    return error.message;
  };
  EXPECT_THAT(why("wrong wrong wrong"), AllOf(HasSubstr("the passphrases differ"), Not(HasSubstr("wrong wrong"))));
  EXPECT_THAT(why(""), HasSubstr("one side uses a passphrase"));
  EXPECT_THAT(world.logged(), AllOf(Not(HasSubstr("wrong wrong")), Not(HasSubstr("correcthorse"))));
}

TEST_F(SrtPeerTest, AFrozenReceiverIsALossWithinTwoSeconds) {
  const Clip clip = srt_test::make_clip(6);
  const auto peer = receiver(fmt::format("srt://127.0.0.1:{}?mode=listener", port));
  const auto transport = connected(leg(fmt::format("srt://127.0.0.1:{}", port)), clip);
  ASSERT_TRUE(transport);
  ASSERT_TRUE(push(*transport, clip, Seconds{1}));
  peer->signal(SIGSTOP);
  const Instant frozen = world.clock.now();
  const Status pushed = push(*transport, clip);
  const Nanos took = world.clock.now() - frozen;
  ASSERT_FALSE(pushed);
  EXPECT_EQ(pushed.error().code, Errc::io);
  EXPECT_THAT(pushed.error().message, HasSubstr("no acknowledgement for 1.5 s"));
  EXPECT_LE(took, Seconds{2});
  EXPECT_GE(took, Millis{1400});
  ASSERT_TRUE(transport->stats().acknowledged);
  EXPECT_LT(*transport->stats().acknowledged - frozen, Millis{150}) << "the outage began when it froze";
  std::printf("frozen receiver: lost after %.3f s\n", seconds(took));
}

TEST_F(SrtPeerTest, AKilledReceiverIsALossWithinTwoSeconds) {
  const Clip clip = srt_test::make_clip(6);
  const auto peer = receiver(fmt::format("srt://127.0.0.1:{}?mode=listener", port));
  const auto transport = connected(leg(fmt::format("srt://127.0.0.1:{}", port)), clip);
  ASSERT_TRUE(transport);
  ASSERT_TRUE(push(*transport, clip, Seconds{1}));
  peer->signal(SIGKILL);
  const Instant killed = world.clock.now();
  EXPECT_FALSE(push(*transport, clip));
  EXPECT_LE(world.clock.now() - killed, Seconds{2});
}

TEST_F(SrtPeerTest, AnOrderlyCloseEndsInTimeAlsoWithADeadReceiver) {
  const Clip clip = srt_test::make_clip(2);
  const auto peer = receiver(fmt::format("srt://127.0.0.1:{}?mode=listener", port));
  const auto transport = connected(leg(fmt::format("srt://127.0.0.1:{}", port)), clip);
  ASSERT_TRUE(transport);
  ASSERT_TRUE(push(*transport, clip, Seconds{1}));
  peer->signal(SIGSTOP);
  ASSERT_TRUE(push(*transport, clip, Millis{1300}));
  const Instant start = world.clock.now();
  transport->close(start + Millis{700});
  EXPECT_LT(world.clock.now() - start, Millis{900});
}

TEST_F(SrtPeerTest, TheClockOfTheStreamRunsOnAcrossItsEnd) {
  // 2^33 ticks of 90 kHz end after 26 h 30 min 43.7 s.
  const Clip clip = srt_test::make_clip(2, 2000, 95'443);
  const auto peer = receiver(fmt::format("srt://127.0.0.1:{}?mode=listener", port));
  const auto transport = connected(leg(fmt::format("srt://127.0.0.1:{}", port)), clip);
  ASSERT_TRUE(transport);
  ASSERT_TRUE(push(*transport, clip));
  transport->close(world.clock.now() + Seconds{2});
  EXPECT_TRUE(world.eventually([&] { return !peer->running(); }));
  const auto times = clip.picture_times();
  ASSERT_LT(*times.begin(), 90'000 * 2) << "some are past the end";
  ASSERT_GT(*times.rbegin(), (1LL << 33) - 90'000 * 2) << "and some before it";
  EXPECT_EQ(srt_test::probed_picture_times(out()), times);
  EXPECT_EQ(srt_test::decode_errors(out()), "");
}

TEST_F(SrtPeerTest, PicturesLeaveEvenly) {
  const Clip clip = srt_test::make_clip(2, 6000);
  const auto peer = receiver(fmt::format("srt://127.0.0.1:{}?mode=listener", port));
  const srt_test::UdpRelay relay(port);
  const auto transport = connected(leg(fmt::format("srt://127.0.0.1:{}", relay.port())), clip);
  ASSERT_TRUE(transport);
  ASSERT_TRUE(push(*transport, clip));
  transport->close(world.clock.now() + Seconds{2});
  const auto arrivals = relay.arrivals();
  ASSERT_FALSE(arrivals.empty());
  const auto busiest = [&](Nanos window) {
    std::size_t most = 0;
    for (auto first = arrivals.begin(); first != arrivals.end(); ++first) {
      std::size_t sum = 0;
      for (auto it = first; it != arrivals.end() && it->at - first->at < window; ++it) sum += it->bytes;
      most = std::max(most, sum);
    }
    return static_cast<double>(most) / seconds(window) * 8 / 1e6;
  };
  std::size_t largest = 0;
  for (const auto& p : clip.packets) largest = std::max(largest, p->bytes.size());
  const double at_once = static_cast<double>(largest) * 8 / 1e6;
  std::printf("largest picture %zu bytes; busiest 10 ms %.1f Mb/s (unpaced %.1f), 33 ms %.1f (%.1f), 100 ms %.1f\n",
              largest, busiest(Millis{10}), at_once / 0.01, busiest(Millis{33}), at_once / 0.033, busiest(Millis{100}));
  // Shorter windows are printed only: a busy machine wakes the relay late, and it finds several datagrams at once.
  EXPECT_LT(busiest(Millis{33}), at_once / 0.033 / 1.5);
  EXPECT_TRUE(world.eventually([&] { return !peer->running(); }));
  EXPECT_EQ(srt_test::probed_picture_times(out()), clip.picture_times());
}

TEST_F(SrtPeerTest, ALossyLineDeliversEverythingAndSaysWhatItResent) {
  const Clip clip = srt_test::make_clip(2);
  const auto peer = receiver(fmt::format("srt://127.0.0.1:{}?mode=listener&latency=400", port));
  srt_test::UdpRelay relay(port);
  const auto transport = connected(leg(fmt::format("srt://127.0.0.1:{}", relay.port())), clip);
  ASSERT_TRUE(transport);
  relay.lose(5);
  ASSERT_TRUE(push(*transport, clip));
  EXPECT_GT(detail(*transport, "retransmitted_pct"), 1);
  EXPECT_LT(detail(*transport, "retransmitted_pct"), 20);
  relay.lose(0);
  transport->close(world.clock.now() + Seconds{2});
  EXPECT_TRUE(world.eventually([&] { return !peer->running(); }));
  EXPECT_EQ(srt_test::probed_picture_times(out()), clip.picture_times());
}

class SrtNarrowLineTest : public SrtPeerTest {
 protected:
  struct Seen {
    std::size_t taken = 0;
    Nanos queued{0};
    double resent_pct = 0;
    std::int64_t dropped = 0;
  };

  // Half of what the clip needs gets through. Packets that are refused are dropped, as by a leg's full queue.
  Seen deliver(const Clip& clip, Millis router_queue) {
    const auto peer = receiver(fmt::format("srt://127.0.0.1:{}?mode=listener", port));
    srt_test::UdpRelay relay(port);
    const auto transport = connected(leg(fmt::format("srt://127.0.0.1:{}", relay.port())), clip);
    if (!transport) return {};
    relay.limit(clip.bytes_per_s() / 2, router_queue);
    Seen seen;
    const Instant start = world.clock.now();
    const Nanos first = clip.packets.front()->decode_time();
    for (const PacketPtr& packet : clip.packets) {
      const Instant due = start + (packet->decode_time() - first);
      while (world.clock.now() < due) {
        world.clock.wait_until(std::min(due, world.clock.now() + Millis{20}), {});
        const Status polled = transport->poll();
        EXPECT_TRUE(polled) << polled.error().describe();
        if (!polled) return seen;
      }
      const Status sent = transport->send(packet);
      if (sent) ++seen.taken;
      if (!sent && sent.error().code != Errc::again) ADD_FAILURE() << sent.error().describe();
      const TransportStats stats = transport->stats();
      seen.queued = std::max(seen.queued, stats.queued);
      seen.dropped = stats.dropped;
      seen.resent_pct = std::max(seen.resent_pct, detail(*transport, "retransmitted_pct"));
    }
    std::printf(
        "line of half the rate, %d ms of queue: %zu of %zu packets taken, at most %.0f ms queued and %.0f %% "
        "resent, %lld dropped by libsrt\n",
        static_cast<int>(router_queue.count()), seen.taken, clip.packets.size(), seconds(seen.queued) * 1000,
        seen.resent_pct, static_cast<long long>(seen.dropped));
    return seen;
  }
};

TEST_F(SrtNarrowLineTest, AShallowRouterShowsAsResendingAndTheConnectionStands) {
  const Seen seen = deliver(srt_test::make_clip(3), Millis{60});
  EXPECT_GT(seen.resent_pct, 8);
  EXPECT_GT(seen.taken, 0U);
}

TEST_F(SrtNarrowLineTest, ADeepRouterShowsAsQueuedMediaAndTheConnectionStands) {
  const Seen seen = deliver(srt_test::make_clip(5), Millis{3000});
  EXPECT_GT(seen.queued, Millis{300});
  EXPECT_GT(seen.taken, 0U);
}

}  // namespace
}  // namespace mainstay
