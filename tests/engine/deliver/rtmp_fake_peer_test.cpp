// The RTMP transport against servers that misbehave: every call ends, and says why.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>

#include <thread>

#include "engine/deliver/rtmp_transport.h"
#include "tests/engine/deliver/rtmp_peers.h"
#include "tests/engine/ffi/rtmp_wire.h"

namespace mainstay {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using namespace mainstay::testing;  // NOLINT: a test's own helpers
namespace wire = ffi::testing;

// Reads and forgets until the client goes.
void swallow(int fd) {
  char buffer[65536];
  while (recv(fd, buffer, sizeof buffer, 0) > 0) {
  }
}

void say(int fd, const wire::Bytes& bytes) {
  send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
}

// Waits for hello, then speaks until the stream is live.
void go_live(int fd) {
  char hello[1537];
  recv(fd, hello, sizeof hello, MSG_WAITALL);
  say(fd, wire::until_live());
}

class FakePeer : public ::testing::Test {
 protected:
  std::unique_ptr<Transport> make(const FakeServer& server, Millis timeout) {
    show::LegConfig config;
    config.url = fmt::format("rtmp://127.0.0.1:{}/live", server.port());
    config.key = "fake-key";
    config.connect_timeout = timeout;
    auto factory = make_rtmp_transport(config, clock_, log_, "leg test/main");
    return std::move((*factory)()).value();
  }

  SteadyClock clock_;
  Log log_{{.level = LogLevel::off}};
  Media media_ = make_load(2000, 2);
};

TEST_F(FakePeer, ThatNeverAnswersCostsNoMoreThanTheTimeout) {
  const FakeServer server([](int fd, std::stop_token) { swallow(fd); });
  auto transport = make(server, Millis(300));
  const Instant start = clock_.now();
  const Status opened = transport->open(media_.streams, {});
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, Errc::io);
  EXPECT_THAT(opened.error().message, HasSubstr("still waiting for the RTMP handshake"));
  EXPECT_LT(clock_.now() - start, Millis(600));
  EXPECT_GE(clock_.now() - start, Millis(290));
}

TEST_F(FakePeer, ThatAnswersByteByByteCostsNoMoreThanTheTimeout) {
  const FakeServer server([](int fd, std::stop_token stop) {
    for (const std::uint8_t byte : wire::until_live()) {
      if (stop.stop_requested() || send(fd, &byte, 1, MSG_NOSIGNAL) != 1) return;
      pass(Millis(20));
    }
  });
  auto transport = make(server, Millis(400));
  const Instant start = clock_.now();
  const Status opened = transport->open(media_.streams, {});
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, Errc::io);
  EXPECT_LT(clock_.now() - start, Millis(700));
}

TEST_F(FakePeer, StopsWaitingAtOnceWhenAborted) {
  const FakeServer server([](int fd, std::stop_token) { swallow(fd); });
  auto transport = make(server, Seconds(30));
  const std::jthread aborter([&] {
    pass(Millis(100));
    transport->abort();
  });
  const Instant start = clock_.now();
  const Status opened = transport->open(media_.streams, {});
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, Errc::cancelled);
  EXPECT_LT(clock_.now() - start, Seconds(1));
}

TEST_F(FakePeer, StopsWaitingAtOnceWhenStopped) {
  const FakeServer server([](int fd, std::stop_token) { swallow(fd); });
  auto transport = make(server, Seconds(30));
  std::stop_source stop;
  const std::jthread stopper([&] {
    pass(Millis(100));
    stop.request_stop();
  });
  EXPECT_EQ(transport->open(media_.streams, stop.get_token()).error().code, Errc::cancelled);
}

TEST_F(FakePeer, ThatReadsNothingIsLostInTwoSecondsAndClosedAtOnce) {
  const FakeServer server([](int fd, std::stop_token stop) {
    go_live(fd);
    while (!stop.stop_requested()) pass(Millis(10));
  });
  auto transport = make(server, Seconds(2));
  const Status opened = transport->open(media_.streams, {});
  ASSERT_TRUE(opened) << opened.error().describe();
  // All at once: its buffers are full soon, and it never showed that it answers.
  const Media flood = make_load(100'000, 4);
  Status sent;
  const Instant start = clock_.now();
  for (std::size_t next = 0; clock_.now() - start < Seconds(5);) {
    sent = transport->send(flood.packets[next % flood.packets.size()]);
    if (sent) ++next;
    if (!sent && sent.error().code != Errc::again) break;
    sent = transport->poll();
    if (!sent) break;
  }
  ASSERT_FALSE(sent);
  EXPECT_THAT(sent.error().message, HasSubstr("taken no data"));
  EXPECT_LT(clock_.now() - start, Seconds(4));
  const Instant closing = clock_.now();
  transport->close(closing + Seconds(2));
  EXPECT_LT(clock_.now() - closing, Millis(100));
}

TEST_F(FakePeer, ThatAsksToReconnectIsLeft) {
  const FakeServer server([](int fd, std::stop_token) {
    go_live(fd);
    say(fd, wire::status("status", "NetConnection.Connect.ReconnectRequest", "moving fake-key elsewhere"));
    swallow(fd);
  });
  auto transport = make(server, Seconds(2));
  Status alive = transport->open(media_.streams, {});
  for (int i = 0; i < 200 && alive; ++i) {
    alive = transport->poll();
    pass(Millis(5));
  }
  ASSERT_FALSE(alive);
  EXPECT_EQ(alive.error().code, Errc::io);
  EXPECT_THAT(alive.error().message, HasSubstr("asks us to connect again: moving *** elsewhere"));
}

TEST_F(FakePeer, ThatSendsNonsenseIsLeft) {
  const FakeServer server([](int fd, std::stop_token) {
    go_live(fd);
    say(fd, wire::Bytes(5000, 0xFF));
    swallow(fd);
  });
  auto transport = make(server, Seconds(2));
  Status alive = transport->open(media_.streams, {});
  for (int i = 0; i < 200 && alive; ++i) {
    alive = transport->poll();
    pass(Millis(5));
  }
  ASSERT_FALSE(alive);
  EXPECT_EQ(alive.error().code, Errc::corrupt);
}

TEST_F(FakePeer, ThatCloseInMidPictureRaisesNoSignal) {
  const FakeServer server([](int fd, std::stop_token) {
    go_live(fd);
    char some[20000];
    recv(fd, some, sizeof some, MSG_WAITALL);
  });
  auto transport = make(server, Seconds(2));
  ASSERT_TRUE(transport->open(media_.streams, {}));
  const Media flood = make_load(20'000, 1);
  Status sent;
  for (std::size_t i = 0; i < 1000 && (sent || sent.error().code == Errc::again); ++i) {
    sent = transport->send(flood.packets[i % flood.packets.size()]);
    pass(Millis(1));
  }
  ASSERT_FALSE(sent);
  EXPECT_THAT(sent.error().message, HasSubstr("closed the connection"));
  EXPECT_THAT(sent.error().message, Not(HasSubstr("fake-key")));
}

TEST_F(FakePeer, CanBeAbortedWhileItIsSentTo) {
  const FakeServer server([](int fd, std::stop_token stop) {
    go_live(fd);
    while (!stop.stop_requested()) pass(Millis(10));
  });
  auto transport = make(server, Seconds(2));
  ASSERT_TRUE(transport->open(media_.streams, {}));
  const Media flood = make_load(100'000, 1);
  const std::jthread aborter([&] {
    pass(Millis(150));
    transport->abort();
  });
  Status sent;
  const Instant start = clock_.now();
  for (std::size_t i = 0; sent || sent.error().code == Errc::again; ++i) {
    sent = transport->send(flood.packets[i % flood.packets.size()]);
    if (!sent && sent.error().code == Errc::again) sent = transport->poll();
  }
  EXPECT_EQ(sent.error().code, Errc::cancelled);
  EXPECT_LT(clock_.now() - start, Millis(600));
}

}  // namespace
}  // namespace mainstay
