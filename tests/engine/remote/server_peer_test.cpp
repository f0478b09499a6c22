#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <condition_variable>
#include <list>
#include <mutex>

#include "engine/remote/server.h"
#include "tests/engine/remote/test_client.h"

namespace mainstay::remote {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

/// Sends back what it gets; "close" ends it, "much" gets a large answer.
class EchoSession final : public WsSession {
 public:
  void on_open(std::shared_ptr<WsPeer> peer) override { peer_ = std::move(peer); }
  void on_text(std::string_view text) override {
    if (text == "close") return peer_->close(4001, "as you wish");
    if (text == "much") return peer_->send_text(much_);
    peer_->send_text(make_message(std::string(text)));
  }
  void on_binary(std::string_view bytes) override { peer_->send_binary(make_message(std::string(bytes))); }
  void on_close(std::uint16_t, std::string_view) override {}

 private:
  std::shared_ptr<WsPeer> peer_;
  const Message much_ = make_message(std::string(64 * 1024, 'x'));
};

class ServerTest : public ::testing::Test {
 protected:
  std::shared_ptr<Router> router() {
    auto router = std::make_shared<Router>();
    router->http("GET", "/hello", [](HttpRequest, Responder respond) {
      respond({200, "text/plain", std::string("hello")});
    });
    router->http("POST", "/echo", [](HttpRequest request, Responder respond) {
      respond({200, "text/plain", request.body});
    });
    router->http("GET", "/much", [this](HttpRequest, Responder respond) { respond({200, "text/plain", much_}); });
    router->http("GET", "/throws", [](HttpRequest, Responder) { throw std::runtime_error("as it happens"); });
    router->http("GET", "/never", [](HttpRequest, Responder) {});
    router->http("GET", "/later", [this](HttpRequest, Responder respond) {
      std::lock_guard lock(mutex_);
      later_.push_back(std::move(respond));
      changed_.notify_all();
    });
    router->web_socket({"/ws", {"b", "a"}, [](const WsOpening&) { return std::make_unique<EchoSession>(); }});
    return router;
  }

  std::uint16_t start(Limits limits = {}, std::size_t connections = 256, bool evict_idle = false) {
    const auto notify = [this](const Notice& notice) {
      std::lock_guard lock(mutex_);
      notices_.push_back(notice);
      changed_.notify_all();
    };
    server_.emplace(log_, Server::Options{.connections = connections, .notify = notify, .evict_idle = evict_idle});
    const auto id = server_->listen({"test", "127.0.0.1:0", router(), {}, limits});
    EXPECT_TRUE(id) << (id ? "" : id.error().describe());
    id_ = *id;
    return server_->port(id_);
  }

  bool told(const std::string& state) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, std::chrono::seconds(10), [&] {
      return std::any_of(notices_.begin(), notices_.end(), [&](const Notice& n) { return n.data["state"] == state; });
    });
  }

  /// Answers them, from this thread, once so many wait.
  void answer_later(std::size_t count, const std::string& text) {
    std::unique_lock lock(mutex_);
    ASSERT_TRUE(changed_.wait_for(lock, std::chrono::seconds(10), [&] { return later_.size() == count; }));
    for (const Responder& respond : later_) respond({200, "text/plain", text});
    later_.clear();
  }

  Log log_{{.level = LogLevel::off}};
  const std::string much_ = std::string(std::size_t{32} << 20, 'm');  // more than sockets hold
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Notice> notices_;
  std::vector<Responder> later_;
  std::optional<Server> server_;
  Server::Id id_ = 0;
};

constexpr const char* kHello = "GET /hello HTTP/1.1\r\nHost: localhost\r\n\r\n";

TEST_F(ServerTest, RequestsInOneSendAreAnsweredInOrderOnOneConnection) {
  RawClient client(start());
  client.send(std::string(kHello) + "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nhi" + kHello);
  EXPECT_EQ(body_of(client.response()), "hello");
  EXPECT_EQ(body_of(client.response()), "hi");
  EXPECT_EQ(body_of(client.response()), "hello");
  EXPECT_EQ(server_->counters().connections, 1u);
}

TEST_F(ServerTest, WhatWasSentBehindARequestThatWaitsIsAnsweredAfterIt) {
  RawClient client(start());
  client.send("GET /later HTTP/1.1\r\nHost: x\r\n\r\n" + std::string(kHello) +
              "GET /later HTTP/1.1\r\nHost: x\r\n\r\n");
  answer_later(1, "first");
  EXPECT_EQ(body_of(client.response()), "first");
  EXPECT_EQ(body_of(client.response()), "hello");
  answer_later(1, "third");
  EXPECT_EQ(body_of(client.response()), "third");
}

TEST_F(ServerTest, AThousandRequestsInOneSendAreAThousandAnswers) {
  RawClient client(start());
  std::string all;
  for (int i = 0; i < 1000; ++i) all += kHello;
  client.send(all);
  for (int i = 0; i < 1000; ++i) ASSERT_EQ(body_of(client.response()), "hello") << i;
}

TEST_F(ServerTest, AnAnswerThatTheSystemDoesNotTakeAtOnceComesWhole) {
  RawClient client(start());
  for (int i = 0; i < 2; ++i) {
    client.send("GET /much HTTP/1.1\r\nHost: x\r\n\r\n" + std::string(kHello));
    EXPECT_TRUE(body_of(client.response()) == much_);
    EXPECT_EQ(body_of(client.response()), "hello");
  }
}

TEST_F(ServerTest, AHandlerThatThrowsCostsItsAnswerOnly) {
  RawClient client(start());
  client.send("GET /throws HTTP/1.1\r\nHost: x\r\n\r\n" + std::string(kHello));
  EXPECT_EQ(status_of(client.response()), 500);
  EXPECT_EQ(body_of(client.response()), "hello");
}

TEST_F(ServerTest, WhoSaysNothingAnyMoreIsCutOffAndWhoWaitsIsNot) {
  const std::uint16_t port = start({.header_timeout = Millis(200)});
  RawClient waits(port);
  waits.send("GET /later HTTP/1.1\r\nHost: x\r\n\r\n");
  RawClient idle(port);
  idle.send(kHello);
  EXPECT_EQ(body_of(idle.response()), "hello");
  EXPECT_EQ(idle.rest(), "");  // and by then the other has waited for longer
  answer_later(1, "late");
  EXPECT_EQ(body_of(waits.response()), "late");
}

TEST_F(ServerTest, WithAllPlacesTakenWhoIsSilentForLongestMakesRoom) {
  const std::uint16_t port = start({}, 3, true);
  RawClient oldest(port), waits(port), talks(port);
  waits.send("GET /later HTTP/1.1\r\nHost: x\r\n\r\n");
  for (RawClient* client : {&oldest, &talks}) {  // in this order: the first is silent for longer
    client->send(kHello);
    EXPECT_EQ(status_of(client->response()), 200);
  }
  RawClient next(port);
  next.send(kHello);
  EXPECT_EQ(status_of(next.response()), 200);
  EXPECT_EQ(oldest.rest(), "");
  talks.send(kHello);
  EXPECT_EQ(status_of(talks.response()), 200);
  answer_later(1, "late");
  EXPECT_EQ(body_of(waits.response()), "late");
}

// The soft limit of this process, for a test.
class OpenFiles {
 public:
  explicit OpenFiles(rlim_t most) {
    ::getrlimit(RLIMIT_NOFILE, &before_);
    rlimit files = before_;
    files.rlim_cur = std::min(before_.rlim_max, most);
    ::setrlimit(RLIMIT_NOFILE, &files);
  }
  ~OpenFiles() { ::setrlimit(RLIMIT_NOFILE, &before_); }

 private:
  rlimit before_{};
};

int next_descriptor() {
  const int file = ::open("/dev/null", O_RDONLY);
  ::close(file);
  return file;
}

// Some libraries know no others (select()), and what the program opens while viewers are there must not fail.
TEST_F(ServerTest, ClientsLeaveTheLowDescriptorsToTheProgram) {
  const OpenFiles limit(4096);
  const std::uint16_t port = start({}, 4096);
  std::list<RawClient> clients;  // their own ends are numbers, too
  for (int i = 0; i < 600; ++i) {
    clients.emplace_back(port).send(kHello);
    ASSERT_EQ(status_of(clients.back().response()), 200);
  }
  EXPECT_LT(next_descriptor(), 1024);
}

TEST_F(ServerTest, WithoutDescriptorsForMoreClientsTheSilentMakeRoomAndTheProgramHasItsOwn) {
  const OpenFiles limit(1024 + 20);
  const std::uint16_t port = start({}, 4096, true);
  std::list<RawClient> clients;
  for (int i = 0; i < 100; ++i) {
    clients.emplace_back(port).send(kHello);
    ASSERT_EQ(status_of(clients.back().response()), 200) << i;
  }
  EXPECT_LE(server_->counters().connections, 20u);
  EXPECT_EQ(clients.front().rest(), "");
  const int next = next_descriptor();
  EXPECT_GE(next, 0);
  EXPECT_LT(next, 1024);
}

TEST_F(ServerTest, HeadGivesTheLengthAndNoBody) {
  RawClient client(start());
  client.send("HEAD /hello HTTP/1.1\r\nHost: x\r\n\r\n");
  const std::string head = client.response(true);
  EXPECT_EQ(status_of(head), 200);
  EXPECT_THAT(head, HasSubstr("Content-Length: 5"));
  client.send(kHello);
  EXPECT_EQ(body_of(client.response()), "hello");
}

TEST_F(ServerTest, WhatIsWrongGetsTheStatusThatSaysSo) {
  const std::uint16_t port = start({.header_bytes = 1024, .body_bytes = 100});
  const std::vector<std::pair<std::string, int>> cases = {
      {"GET /nothing HTTP/1.1\r\nHost: x\r\n\r\n", 404},
      {"DELETE /hello HTTP/1.1\r\nHost: x\r\n\r\n", 405},
      {"BREW /hello HTTP/1.1\r\nHost: x\r\n\r\n", 501},
      {"GET /hello HTTP/1.1\r\n\r\n", 400},
      {"GET /hello HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400},
      {"what is this\r\n\r\n", 400},
      {"GET /hello HTTP/1.1\r\nHost: x\r\nA: " + std::string(4000, 'a') + "\r\n\r\n", 431},
      {"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 101\r\n\r\n" + std::string(101, 'a'), 413},
      {"GET /never HTTP/1.1\r\nHost: x\r\n\r\n", 500},
      {"GET /ws HTTP/1.1\r\nHost: x\r\n\r\n", 404},
  };
  for (const auto& [request, status] : cases) {
    RawClient client(port);
    client.send(request);
    EXPECT_EQ(status_of(client.response()), status) << request.substr(0, 60);
  }
}

TEST_F(ServerTest, AHeaderThatDripsInIsCutOff) {
  RawClient client(start({.header_timeout = Millis(200)}));
  client.send("GET /hello HTT");
  EXPECT_EQ(client.rest(), "");
}

TEST_F(ServerTest, ABodyThatDoesNotComeIsCutOff) {
  RawClient client(start({.body_timeout = Millis(200)}));
  client.send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc");
  EXPECT_EQ(client.rest(), "");
}

TEST_F(ServerTest, AnAnswerFromAnotherThreadFindsItsConnectionAlsoWhenItHasGone) {
  const std::uint16_t port = start();
  RawClient stays(port);
  auto goes = std::make_unique<RawClient>(port);
  for (RawClient* client : {&stays, goes.get()}) client->send("GET /later HTTP/1.1\r\nHost: x\r\n\r\n");
  {
    std::unique_lock lock(mutex_);
    ASSERT_TRUE(changed_.wait_for(lock, std::chrono::seconds(10), [&] { return later_.size() == 2; }));
    goes.reset();
    for (const Responder& respond : later_) respond({200, "text/plain", std::string("late")});
    later_[0]({200, "text/plain", std::string("twice")});
    later_.clear();
  }
  EXPECT_EQ(body_of(stays.response()), "late");
}

TEST_F(ServerTest, ClientsOverTheLimitAreToldAndTheOthersGoOn) {
  const std::uint16_t port = start({}, 256);
  RawClient first(port);
  first.send(kHello);
  EXPECT_EQ(status_of(first.response()), 200);
  std::list<RawClient> idle;
  for (int i = 0; i < 300; ++i) idle.emplace_back(port);
  EXPECT_EQ(status_of(idle.back().response()), 503);
  EXPECT_EQ(server_->counters().connections, 256u);
  first.send(kHello);
  EXPECT_EQ(status_of(first.response()), 200);
}

TEST_F(ServerTest, MessagesComeBackAsTheyWere) {
  WsClient client(start(), "/ws", {{"Sec-WebSocket-Protocol", "x, a, b"}});
  ASSERT_TRUE(client.open());
  EXPECT_EQ(client.header("Sec-WebSocket-Protocol"), "a");
  client.send("text");
  EXPECT_EQ(client.receive(), "text");
  client.send(std::string("\0\xff", 2), true);
  EXPECT_EQ(client.receive(), std::string("\0\xff", 2));
  client.send(std::string(1'000'000, 'a'));
  EXPECT_EQ(client.receive(), std::string(1'000'000, 'a'));
  client.send("close");
  EXPECT_EQ(client.receive(), std::nullopt);
  EXPECT_EQ(client.close_code(), 4001);
  EXPECT_EQ(client.close_reason(), "as you wish");
  EXPECT_TRUE(told("left"));
}

TEST_F(ServerTest, AMessageOverTheLimitAndTextThatIsNoUtf8EndTheConnection) {
  const std::uint16_t port = start({.ws_message_bytes = 1000});
  WsClient big(port, "/ws");
  big.send(std::string(1001, 'a'));
  EXPECT_EQ(big.receive(), std::nullopt);
  EXPECT_EQ(big.close_code(), kWsTooBig);
  WsClient bad(port, "/ws");
  bad.send("\xff\xfe");
  EXPECT_EQ(bad.receive(), std::nullopt);
}

TEST_F(ServerTest, AClientThatDoesNotReadIsDroppedWithItsReasonAndOthersGetEverything) {
  const std::uint16_t port = start();
  WsClient lazy(port, "/ws");
  lazy.small_buffers();
  WsClient busy(port, "/ws");
  for (int i = 0; i < 1000; ++i) lazy.send("much");  // 64 MiB: more than the queue and all sockets hold
  EXPECT_TRUE(told("dropped"));
  EXPECT_EQ(server_->counters().dropped, 1);
  while (lazy.receive()) {  // it learns of it, however much it did not read
  }
  for (int i = 0; i < 100; ++i) {
    busy.send(std::to_string(i));
    EXPECT_EQ(busy.receive(), std::to_string(i));
  }
  std::lock_guard lock(mutex_);
  EXPECT_THAT(notices_.back().message, HasSubstr("does not read"));
}

TEST_F(ServerTest, ADeadPeerIsNoticed) {
  WsClient client(start({.ws_idle = Millis(200)}), "/ws");
  ASSERT_TRUE(client.open());  // and says nothing from here on, not even an answer to a ping
  EXPECT_TRUE(told("left"));
  EXPECT_EQ(server_->counters().web_sockets, 0u);
}

TEST_F(ServerTest, AtTheEndClientsAreToldGoodByeWithinASecond) {
  const std::uint16_t port = start();
  WsClient polite(port, "/ws");
  WsClient silent(port, "/ws");
  RawClient idle(port);
  polite.send("hi");
  EXPECT_EQ(polite.receive(), "hi");
  const SteadyClock clock;
  const Instant begun = clock.now();
  server_.reset();
  EXPECT_LT(clock.now() - begun, Seconds(1));
  EXPECT_EQ(polite.receive(), std::nullopt);
  EXPECT_EQ(polite.close_code(), kWsGoingAway);
  EXPECT_EQ(idle.rest(), "");
}

TEST_F(ServerTest, APortInUseAndAWrongAddressAreSaidWithWhatToDo) {
  const std::uint16_t port = start();
  const auto error_of = [&](const std::string& address) {
    const auto id = server_->listen({"second", address, router()});
    return id ? std::string() : id.error().describe();
  };
  EXPECT_THAT(error_of("127.0.0.1:" + std::to_string(port)), HasSubstr("take another port"));
  EXPECT_THAT(error_of("example.org:80"), HasSubstr("the host must be an IP address"));
  EXPECT_THAT(error_of("127.0.0.1"), HasSubstr("the port is missing"));
  EXPECT_THAT(error_of("192.0.2.1:4480"), HasSubstr("does not have that address"));
  EXPECT_THAT(error_of("[::1:80"), HasSubstr("cannot listen"));
}

TEST_F(ServerTest, AClosedPortIsFreeAgainWhileTheServerGoesOn) {
  const std::uint16_t port = start();
  WsClient client(port, "/ws");
  server_->close(id_);
  EXPECT_EQ(client.receive(), std::nullopt);
  EXPECT_EQ(client.close_code(), kWsGoingAway);
  const auto again = server_->listen({"again", "127.0.0.1:" + std::to_string(port), router()});
  ASSERT_TRUE(again) << again.error().describe();
  RawClient http(port);
  http.send(kHello);
  EXPECT_EQ(status_of(http.response()), 200);
}

}  // namespace
}  // namespace mainstay::remote
