#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "engine/ffi/rtmp/rtmp_client.h"
#include "engine/sources/ingest/amf0.h"
#include "engine/sources/ingest/listen_socket.h"
#include "engine/sources/ingest/rtmp_chunks.h"
#include "engine/sources/ingest/rtmp_listener.h"

namespace mainstay {
namespace {

using Bytes = std::vector<std::uint8_t>;

class Sink : public IngestSink {
 public:
  explicit Sink(Clock& clock) : clock_(clock) {}
  std::shared_ptr<BytePipe> begin(const std::string&, const std::string& format) override {
    EXPECT_EQ(format, "flv");
    std::lock_guard lock(mutex_);
    pipes_.push_back(std::make_shared<BytePipe>(clock_));
    return pipes_.back();
  }
  void unreadable(const std::string& why) override {
    std::lock_guard lock(mutex_);
    why_ = why;
  }
  std::shared_ptr<BytePipe> pipe(std::size_t i) {
    std::lock_guard lock(mutex_);
    return i < pipes_.size() ? pipes_[i] : nullptr;
  }
  std::string why() {
    std::lock_guard lock(mutex_);
    return why_;
  }

 private:
  Clock& clock_;
  std::mutex mutex_;
  std::vector<std::shared_ptr<BytePipe>> pipes_;
  std::string why_;
};

/// A publisher over a real socket, whose calls end within seconds.
class Client {
 public:
  explicit Client(std::uint16_t port) : fd_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    const timeval limit{5, 0};
    setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connected_ = ::connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
  }
  ~Client() { close(fd_); }
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  bool connected() const { return connected_; }
  bool send(const Bytes& bytes) {
    return ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(bytes.size());
  }
  bool shake_hands() {
    Bytes hello(1 + 1536 + 1536);
    hello[0] = 3;
    if (!send(hello)) return false;
    for (std::size_t got = 0; got < 1 + 1536 + 1536;) {
      Bytes buffer(1 + 1536 + 1536 - got);
      const ssize_t count = recv(fd_, buffer.data(), buffer.size(), 0);
      if (count <= 0) return false;
      got += static_cast<std::size_t>(count);
    }
    return true;
  }
  bool message(RtmpType type, std::uint32_t stream, const Bytes& payload) {
    Bytes bytes;
    writer_.write({type, stream, 0, payload}, 3, bytes);
    return send(bytes);
  }
  bool command(std::uint32_t stream, const std::vector<AmfValue>& values) {
    Bytes payload;
    for (const AmfValue& value : values) write_amf0(value, payload);
    return message(RtmpType::command_amf0, stream, payload);
  }
  bool publish(const char* app, const char* name) {
    return shake_hands() &&
           command(0, {AmfValue::of("connect"), AmfValue::of(1.0), AmfValue::object({{"app", AmfValue::of(app)}})}) &&
           command(1, {AmfValue::of("publish"), AmfValue::of(2.0), AmfValue::null(), AmfValue::of(name)});
  }
  /// Waits for a command that carries `code`; false when the connection ends before.
  bool told(std::string_view code) {
    while (received_.find(code) == std::string::npos) {
      char buffer[4096];
      const ssize_t count = recv(fd_, buffer, sizeof buffer, 0);
      if (count <= 0) return false;
      received_.append(buffer, static_cast<std::size_t>(count));
    }
    return true;
  }
  /// Waits for the end of the connection (true), for some seconds.
  bool ended() {
    char buffer[4096];
    for (;;) {
      const ssize_t count = recv(fd_, buffer, sizeof buffer, 0);
      if (count == 0) return true;
      if (count < 0) return errno == ECONNRESET;
    }
  }

 private:
  int fd_;
  bool connected_ = false;
  std::string received_;
  RtmpChunkWriter writer_;
};

class IngestListenerTest : public testing::Test {
 protected:
  void listen(std::string path, std::string key, std::uint16_t port = 0) {
    RtmpListenerOptions options;
    options.who = "source test/main";
    options.thread = "ls/test/main";
    options.url = {"rtmp", "127.0.0.1", port, std::move(path)};
    options.key = std::move(key);
    listener = std::make_unique<RtmpListener>(std::move(options), clock, log, sink);
    listener->start();
  }
  std::uint16_t port() {
    wait_for([&] { return listener->port() != 0; });
    return listener->port();
  }
  template <class Condition>
  void wait_for(Condition condition) {
    const Instant limit = real.now() + Seconds(5);
    while (!condition() && real.now() < limit) real.wait_until(real.now() + Millis(1), {});
    ASSERT_TRUE(condition());
  }
  std::string logged() {
    log.flush();
    std::lock_guard lock(lines_mutex);
    return lines;
  }

  SteadyClock real;
  ManualClock clock;
  std::mutex lines_mutex;
  std::string lines;
  Log log{{.level = LogLevel::debug, .json = false, .sink = [this](std::string_view line) {
             std::lock_guard lock(lines_mutex);
             lines += std::string(line) + "\n";
           }}};
  Sink sink{clock};
  ffi::Resolver resolver{real};
  ffi::AbortSignal abort;
  std::unique_ptr<RtmpListener> listener;
};

TEST_F(IngestListenerTest, ASenderWithTheRightKeyIsLetInAndItsMediaComeAsFlv) {
  listen("live", "s3cret-key");
  Client client(port());
  ASSERT_TRUE(client.publish("live", "s3cret-key"));
  ASSERT_TRUE(client.told("NetStream.Publish.Start"));
  ASSERT_TRUE(client.message(RtmpType::video, 1, {0x17, 0, 0, 0, 0, 1}));
  Bytes buffer(100);
  const auto count = sink.pipe(0)->read(buffer);
  ASSERT_TRUE(count);
  EXPECT_EQ(std::string(buffer.begin(), buffer.begin() + 3), "FLV");
  wait_for([&] { return listener->status().bytes == 6; });
  const ListenerStatus status = listener->status();
  EXPECT_THAT(status.peer, testing::StartsWith("127.0.0.1:"));
  EXPECT_EQ(status.connects, 1);
  EXPECT_THAT(logged(), testing::Not(testing::HasSubstr("s3cret-key")));
}

TEST_F(IngestListenerTest, TheKeyMayStandInTheUrlAndClientsMayCutThePathWhereTheyLike) {
  listen("live/studio/s3cret-key", "");
  Client one(port());
  ASSERT_TRUE(one.publish("live/studio", "s3cret-key"));
  EXPECT_TRUE(one.told("NetStream.Publish.Start"));
  ASSERT_TRUE(one.command(1, {AmfValue::of("deleteStream"), AmfValue::of(3.0), AmfValue::null()}));
  ASSERT_TRUE(one.told("NetStream.Unpublish.Success"));
  Client two(port());
  ASSERT_TRUE(two.publish("live", "studio/s3cret-key"));
  EXPECT_TRUE(two.told("NetStream.Publish.Start"));
}

TEST_F(IngestListenerTest, AWrongKeyIsToldAndTheConnectionEnds) {
  listen("live", "s3cret-key");
  Client client(port());
  ASSERT_TRUE(client.publish("live", "s3cret-kez"));
  EXPECT_TRUE(client.told("NetStream.Publish.Unauthorized"));
  EXPECT_TRUE(client.ended());
  wait_for([&] { return listener->status().refused == 1; });
  EXPECT_EQ(sink.pipe(0), nullptr);
  wait_for([&] { return logged().find("wrong stream key") != std::string::npos; });
  EXPECT_THAT(logged(), testing::Not(testing::HasSubstr("s3cret")));
}

TEST_F(IngestListenerTest, AnotherApplicationIsRefused) {
  listen("live", "k");
  Client client(port());
  ASSERT_TRUE(client.publish("vod", "k"));
  EXPECT_TRUE(client.told("NetConnection.Connect.InvalidApp"));
  EXPECT_TRUE(client.ended());
}

TEST_F(IngestListenerTest, ASecondSenderIsRefusedWhileTheFirstDeliversAndTakesItsPlaceWhenItIsSilent) {
  listen("live", "k");
  Client first(port());
  ASSERT_TRUE(first.publish("live", "k"));
  ASSERT_TRUE(first.told("NetStream.Publish.Start"));
  Client second(port());
  ASSERT_TRUE(second.publish("live", "k"));
  EXPECT_TRUE(second.told("NetStream.Publish.BadName"));
  EXPECT_TRUE(second.ended());

  clock.advance(Millis(1100));
  Client third(port());
  ASSERT_TRUE(third.publish("live", "k"));
  EXPECT_TRUE(third.told("NetStream.Publish.Start"));
  EXPECT_TRUE(first.ended());
  Bytes buffer(10);
  EXPECT_EQ(sink.pipe(0)->read(buffer).error().code, Errc::end);
}

TEST_F(IngestListenerTest, WhoDoesNotProveItsKeyInTimeIsDisconnected) {
  listen("live", "k");
  Client nothing(port());
  Client slow(port());
  ASSERT_TRUE(slow.send(Bytes{3, 0, 0}));
  wait_for([&] { return logged().find("waiting for an RTMP sender") != std::string::npos; });
  // Both must have been accepted before time moves on; a drip of bytes buys no time.
  Client third(port());
  ASSERT_TRUE(third.shake_hands());
  clock.advance(Millis(4900));
  ASSERT_TRUE(slow.send(Bytes{0}));
  clock.advance(Millis(200));
  EXPECT_TRUE(nothing.ended());
  EXPECT_TRUE(slow.ended());
  EXPECT_TRUE(third.ended());
}

TEST_F(IngestListenerTest, APublisherThatFallsSilentIsDisconnectedAfterTenSeconds) {
  listen("live", "k");
  Client client(port());
  ASSERT_TRUE(client.publish("live", "k"));
  ASSERT_TRUE(client.told("NetStream.Publish.Start"));
  clock.advance(Seconds(11));
  EXPECT_TRUE(client.ended());
  Bytes buffer(10);
  EXPECT_EQ(sink.pipe(0)->read(buffer).error().code, Errc::end);
}

TEST_F(IngestListenerTest, MoreThanEightConnectionsAreTurnedAway) {
  listen("live", "k");
  std::vector<std::unique_ptr<Client>> clients;
  for (int i = 0; i < 8; ++i) {
    clients.push_back(std::make_unique<Client>(port()));
    ASSERT_TRUE(clients.back()->shake_hands());
  }
  Client ninth(port());
  EXPECT_TRUE(ninth.ended());
  clients.front().reset();
  wait_for([&] {
    Client again(port());
    return again.shake_hands();
  });
}

TEST_F(IngestListenerTest, GarbageEndsTheConnectionThatSentItAndNoOther) {
  listen("live", "k");
  Client good(port());
  ASSERT_TRUE(good.publish("live", "k"));
  ASSERT_TRUE(good.told("NetStream.Publish.Start"));
  for (int round = 0; round < 20; ++round) {
    Client bad(port());
    Bytes noise(4000, static_cast<std::uint8_t>(round * 13));
    if (round % 2 == 0) {
      ASSERT_TRUE(bad.shake_hands());
      noise.assign(4000, static_cast<std::uint8_t>(0xC0 + round));  // chunks without a beginning
    }
    bad.send(noise);
    EXPECT_TRUE(bad.ended()) << round;
  }
  EXPECT_TRUE(good.message(RtmpType::audio, 1, {0xAF, 0, 1}));
  wait_for([&] { return listener->status().bytes == 3; });
}

TEST_F(IngestListenerTest, EnhancedHevcIsSaidToBeUnreadable) {
  listen("live", "k");
  Client client(port());
  ASSERT_TRUE(client.publish("live", "k"));
  ASSERT_TRUE(client.told("NetStream.Publish.Start"));
  ASSERT_TRUE(client.message(RtmpType::video, 1, {0x90, 'h', 'v', 'c', '1', 1}));
  EXPECT_TRUE(client.ended());
  EXPECT_THAT(sink.why(), testing::HasSubstr("hvc1"));
}

TEST_F(IngestListenerTest, APortInUseIsSaidAndTriedAgainUntilItIsFree) {
  const auto taken = listen_on("127.0.0.1", 0);
  ASSERT_TRUE(taken);
  const std::uint16_t number = bound_port(*taken);
  listen("live", "k", number);
  wait_for([&] { return !listener->status().error.empty(); });
  EXPECT_THAT(listener->status().error, testing::HasSubstr("in use"));
  EXPECT_THAT(listener->status().error, testing::HasSubstr(std::to_string(number)));
  close(*taken);
  clock.advance(Seconds(1));
  wait_for([&] { return listener->status().listening; });
  EXPECT_EQ(listener->status().error, "");
  EXPECT_TRUE(Client(number).connected());
}

TEST_F(IngestListenerTest, AReaderThatIsGoneEndsTheSendersConnection) {
  listen("live", "k");
  Client client(port());
  ASSERT_TRUE(client.publish("live", "k"));
  ASSERT_TRUE(client.told("NetStream.Publish.Start"));
  sink.pipe(0)->abort();
  ASSERT_TRUE(client.message(RtmpType::video, 1, {0x17, 0, 0, 0, 0, 1}));
  EXPECT_TRUE(client.ended());
}

// The client of our own legs, which is librtmp.
TEST_F(IngestListenerTest, OurOwnLegsClientPublishesAndIsToldWhenItsKeyIsWrong) {
  listen("live", "s3cret-key");
  const auto connect = [&](const char* key) {
    ffi::RtmpOptions options;
    options.target = *ffi::parse_rtmp_url(fmt::format("rtmp://127.0.0.1:{}/live", port()), key);
    return ffi::RtmpClient::connect(options, resolver, real, real.now() + Seconds(5), abort);
  };
  auto client = connect("s3cret-key");
  ASSERT_TRUE(client) << client.error().describe();
  // An IDR's size, just below the timestamps' extended form and beyond it.
  for (const std::uint32_t time : {0xFFFFF0u, 0xFFFFFFu, 0x1000020u}) {
    Bytes& body = (*client)->body();
    body.resize(body.size() + 100'000, 0x27);
    ASSERT_TRUE((*client)->send(ffi::RtmpMessageType::video, time, Millis(time)));
    while ((*client)->busy()) ASSERT_TRUE((*client)->service(Millis(20)));
  }
  Bytes got;
  Bytes buffer(100'000);
  while (got.size() < 13 + 3 * 100'015) {
    const auto count = sink.pipe(0)->read(buffer);
    ASSERT_TRUE(count);
    got.insert(got.end(), buffer.begin(), buffer.begin() + static_cast<std::ptrdiff_t>(*count));
  }
  EXPECT_EQ((Bytes{got.begin() + 13 + 4, got.begin() + 13 + 8}), (Bytes{0xFF, 0xFF, 0xF0, 0}));
  EXPECT_EQ((Bytes{got.begin() + 13 + 2 * 100'015 + 4, got.begin() + 13 + 2 * 100'015 + 8}), (Bytes{0, 0, 0x20, 1}));
  (*client)->close(real.now() + Seconds(1));
  wait_for([&] { return listener->status().peer.empty(); });

  const auto refused = connect("s3cret-kez");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::invalid) << refused.error().describe();
}

// --- pipe ---

TEST(BytePipeTest, BytesComeOutInOrderAndThenTheEnd) {
  ManualClock clock;
  BytePipe pipe(clock);
  EXPECT_TRUE(pipe.write({1, 2, 3}));
  EXPECT_TRUE(pipe.write({4}));
  pipe.close();
  Bytes two(2);
  EXPECT_EQ(*pipe.read(two), 2u);
  EXPECT_EQ(two, (Bytes{1, 2}));
  EXPECT_EQ(*pipe.read(two), 1u);
  EXPECT_EQ(*pipe.read(two), 1u);
  EXPECT_EQ(two[0], 4);
  EXPECT_EQ(pipe.read(two).error().code, Errc::end);
}

TEST(BytePipeTest, AbortEndsAReadInProgressAndRefusesWrites) {
  ManualClock clock;
  BytePipe pipe(clock);
  NamedThread reader("reader", [&](std::stop_token) {
    Bytes buffer(10);
    EXPECT_EQ(pipe.read(buffer).error().code, Errc::cancelled);
  });
  while (clock.waiters() == 0) std::this_thread::yield();
  pipe.abort();
  reader.join();
  EXPECT_FALSE(pipe.write({1}));
}

TEST(BytePipeTest, ItIsFullAtItsLimit) {
  ManualClock clock;
  BytePipe pipe(clock, 100);
  EXPECT_FALSE(pipe.full());
  EXPECT_TRUE(pipe.write(Bytes(100)));
  EXPECT_TRUE(pipe.full());
  EXPECT_TRUE(pipe.write(Bytes(100))) << "what was read from the network already has room";
}

}  // namespace
}  // namespace mainstay
