// A server of several threads: what it promises of one it keeps with all of them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <condition_variable>
#include <list>
#include <mutex>
#include <set>
#include <thread>

#include "engine/remote/server.h"
#include "tests/engine/remote/test_client.h"

namespace mainstay::remote {
namespace {

constexpr int kThreads = 3;
constexpr int kClients = 30;
constexpr const char* kWhere = "GET /where HTTP/1.1\r\nHost: localhost\r\n\r\n";
constexpr const char* kLater = "GET /later HTTP/1.1\r\nHost: localhost\r\n\r\n";

class EchoSession final : public WsSession {
 public:
  void on_open(std::shared_ptr<WsPeer> peer) override { peer_ = std::move(peer); }
  void on_text(std::string_view text) override { peer_->send_text(make_message(std::string(text))); }
  void on_binary(std::string_view) override {}
  void on_close(std::uint16_t, std::string_view) override {}

 private:
  std::shared_ptr<WsPeer> peer_;
};

class ServerLanesTest : public ::testing::Test {
 protected:
  std::shared_ptr<Router> router(const std::string& says) {
    auto router = std::make_shared<Router>();
    router->http("GET", "/where", [this, says](const HttpRequest&, const Responder& respond) {
      {
        std::lock_guard lock(mutex_);
        served_by_.insert(std::this_thread::get_id());
      }
      respond({200, "text/plain", says});
    });
    // Learned on another thread, answered on the one that serves.
    router->http("GET", "/later", [this](const HttpRequest&, const Responder& respond) {
      std::lock_guard lock(mutex_);
      later_.push_back([respond, here = std::this_thread::get_id()] {
        respond.aside([respond, here] {
          respond({200, "text/plain", std::string(std::this_thread::get_id() == here ? "same" : "other")});
        });
      });
      changed_.notify_all();
    });
    router->web_socket({"/ws", {}, [](const WsOpening&) { return std::make_unique<EchoSession>(); }});
    return router;
  }

  std::uint16_t start(std::size_t connections = 256, bool evict_idle = false) {
    server_.emplace(log_, Server::Options{.connections = connections, .threads = kThreads, .evict_idle = evict_idle});
    const auto id = server_->listen({"test", "127.0.0.1:0", router("before")});
    EXPECT_TRUE(id) << (id ? "" : id.error().describe());
    id_ = *id;
    return server_->port(id_);
  }
  static std::string ask(RawClient& client, const char* request = kWhere) {
    client.send(request);
    return body_of(client.response());
  }

  Log log_{{.level = LogLevel::off}};
  std::mutex mutex_;
  std::condition_variable changed_;
  std::set<std::thread::id> served_by_;
  std::vector<std::function<void()>> later_;
  std::optional<Server> server_;
  Server::Id id_ = 0;
};

TEST_F(ServerLanesTest, ClientsAreSpreadEvenlyAndCountedOnce) {
  const std::uint16_t port = start();
  std::list<RawClient> clients;
  for (int i = 0; i < kClients; ++i) {
    clients.emplace_back(port);
    EXPECT_EQ(ask(clients.back()), "before");
  }
  {
    std::lock_guard lock(mutex_);
    EXPECT_EQ(served_by_.size(), static_cast<std::size_t>(kThreads));
  }
  const ServerCounters counters = server_->counters();
  EXPECT_EQ(counters.connections, static_cast<std::size_t>(kClients));
  EXPECT_EQ(counters.requests, kClients);
  EXPECT_EQ(counters.bytes, kClients * 6);
}

TEST_F(ServerLanesTest, WhatIsLearnedElsewhereIsAnsweredWhereTheClientIsServed) {
  const std::uint16_t port = start();
  std::list<RawClient> clients;
  for (int i = 0; i < kClients; ++i) clients.emplace_back(port).send(kLater);
  {
    std::unique_lock lock(mutex_);
    ASSERT_TRUE(changed_.wait_for(lock, std::chrono::seconds(10), [&] { return later_.size() == kClients; }));
    for (const auto& answer : later_) answer();
    later_.clear();
  }
  for (RawClient& client : clients) EXPECT_EQ(body_of(client.response()), "same");
}

TEST_F(ServerLanesTest, AnotherRouterServesOldConnectionsOfAllThreads) {
  const std::uint16_t port = start();
  std::list<RawClient> clients;
  for (int i = 0; i < kClients; ++i) EXPECT_EQ(ask(clients.emplace_back(port)), "before");
  ASSERT_TRUE(server_->update(id_, router("after"), {}));
  for (RawClient& client : clients) EXPECT_EQ(ask(client), "after");
}

TEST_F(ServerLanesTest, TheLimitCountsTheClientsOfAllThreads) {
  const std::uint16_t port = start(kClients);
  std::list<RawClient> clients;
  for (int i = 0; i < kClients; ++i) EXPECT_EQ(ask(clients.emplace_back(port)), "before");
  RawClient one_more(port);
  EXPECT_EQ(status_of(one_more.response()), 503);
  EXPECT_EQ(server_->counters().connections, static_cast<std::size_t>(kClients));
  EXPECT_EQ(server_->counters().refused, 1);
  for (RawClient& client : clients) EXPECT_EQ(ask(client), "before");
}

TEST_F(ServerLanesTest, ASilentOneMakesRoomWhicheverThreadTheNewOneComesTo) {
  const std::uint16_t port = start(kThreads, true);
  std::list<RawClient> clients;
  for (int i = 0; i < kClients; ++i) EXPECT_EQ(ask(clients.emplace_back(port)), "before");
  EXPECT_LE(server_->counters().connections, static_cast<std::size_t>(kThreads));
  EXPECT_EQ(server_->counters().refused, 0);
}

TEST_F(ServerLanesTest, AClosedPortEndsTheConnectionsOfAllThreadsAndIsFreeAgain) {
  const std::uint16_t port = start();
  std::list<WsClient> clients;
  for (int i = 0; i < kThreads * 2; ++i) {
    clients.emplace_back(port, "/ws").send("hi");
    EXPECT_EQ(clients.back().receive(), "hi");
  }
  EXPECT_EQ(server_->counters().web_sockets, clients.size());
  server_->close(id_);
  for (WsClient& client : clients) {
    EXPECT_EQ(client.receive(), std::nullopt);
    EXPECT_EQ(client.close_code(), kWsGoingAway);
  }
  const auto again = server_->listen({"again", "127.0.0.1:" + std::to_string(port), router("again")});
  ASSERT_TRUE(again) << again.error().describe();
  RawClient http(port);
  EXPECT_EQ(ask(http), "again");
}

TEST_F(ServerLanesTest, AtTheEndAllThreadsSayGoodByeTogether) {
  const std::uint16_t port = start();
  std::list<WsClient> silent;
  for (int i = 0; i < kThreads * 2; ++i) silent.emplace_back(port, "/ws");
  RawClient waits(port);
  waits.send(kLater);
  {
    std::unique_lock lock(mutex_);
    ASSERT_TRUE(changed_.wait_for(lock, std::chrono::seconds(10), [&] { return later_.size() == 1; }));
  }
  const SteadyClock clock;
  const Instant begun = clock.now();
  server_.reset();
  EXPECT_LT(clock.now() - begun, Seconds(1)) << "half a second is waited once, not for each";
  EXPECT_EQ(waits.rest(), "");
  later_.front()();  // nobody is there any more
  later_.clear();
}

}  // namespace
}  // namespace mainstay::remote
