#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <filesystem>

#include "engine/remote/client.h"
#include "engine/remote/remote.h"
#include "tests/engine/remote/fake_studio.h"
#include "tests/engine/remote/test_client.h"

namespace mainstay::remote {
namespace {

using ::testing::HasSubstr;

class RemoteTest : public ::testing::Test {
 protected:
  ~RemoteTest() override { std::filesystem::remove_all(directory_); }

  std::uint16_t apply(const RemoteSettings& settings) {
    const Status status = remote_.apply(settings);
    EXPECT_TRUE(status) << (status ? "" : status.error().describe());
    const std::string address = remote_.status().api;
    return static_cast<std::uint16_t>(std::stoi(address.substr(address.rfind(':') + 1)));
  }

  static RemoteSettings with_tokens() {
    RemoteSettings settings;
    settings.listen = "127.0.0.1:0";
    settings.access.grants = {{"admin-token", Role::admin}, {"view-token", Role::view}};
    return settings;
  }

  static std::string post(std::uint16_t port, const std::string& body,
                          const std::string& headers = "Content-Type: application/json\r\n") {
    RawClient client(port);
    client.send("POST /api HTTP/1.1\r\nHost: localhost\r\n" + headers +
                "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body);
    return client.response();
  }

  /// A self-signed certificate for 127.0.0.1, as an operator makes one.
  TlsFiles certificate() {
    std::filesystem::create_directories(directory_);
    const TlsFiles files{directory_ + "/cert.pem", directory_ + "/key.pem"};
    const std::string command =
        "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=127.0.0.1 -addext "
        "subjectAltName=IP:127.0.0.1 -out " +
        files.certificate + " -keyout " + files.key + " 2>/dev/null";
    EXPECT_EQ(std::system(command.c_str()), 0);
    return files;
  }

  const std::string directory_ = ::testing::TempDir() + "remote_tls_" + std::to_string(::getpid());
  SteadyClock clock_;
  Log log_{{.level = LogLevel::off}};
  FakeStudio studio_;
  Remote remote_{studio_, clock_, log_};
};

constexpr const char* kAdd = R"({"jsonrpc":"2.0","method":"test.add","params":[1,2],"id":1})";

TEST_F(RemoteTest, ACallOverHttpIsAnswered) {
  const std::uint16_t port = apply({.listen = "127.0.0.1:0"});
  const std::string answer = post(port, kAdd);
  EXPECT_EQ(status_of(answer), 200);
  EXPECT_THAT(answer, HasSubstr("Content-Type: application/json"));
  EXPECT_EQ(body_of(answer), R"({"jsonrpc":"2.0","result":3,"id":1})");
  EXPECT_EQ(status_of(post(port, R"({"jsonrpc":"2.0","method":"test.add","params":[1,2]})")), 204);
  EXPECT_EQ(status_of(post(port, kAdd, "")), 415);
  EXPECT_EQ(status_of(post(port, kAdd, "Content-Type: text/plain\r\n")), 415);
}

TEST_F(RemoteTest, CurlCalls) {
  const std::uint16_t port = apply({.listen = "127.0.0.1:0"});
  const std::string base = "curl -sf http://127.0.0.1:" + std::to_string(port);
  EXPECT_EQ(std::system((base + "/api/health | grep -q '\"phase\":\"on_air\"'").c_str()), 0);
  EXPECT_EQ(std::system((base + "/api/describe | grep -q '\"openrpc\":\"1.3.2\"'").c_str()), 0);
  EXPECT_EQ(std::system((base + "/api -H 'Content-Type: application/json; charset=utf-8' -d '" + kAdd +
                         "' | grep -q '\"result\":3'")
                            .c_str()),
            0);
}

TEST_F(RemoteTest, TheCommandLinesClientCallsAndReadsErrors) {
  const std::uint16_t port = apply(with_tokens());
  Target target = *parse_target("http://admin-token@127.0.0.1:" + std::to_string(port));
  const auto sum = call_remote(target, "test.add", *parse_call_words({"a=2", "b=5"}), {}, clock_);
  ASSERT_TRUE(sum) << sum.error().describe();
  EXPECT_EQ(sum->value, 7);
  const auto failed = call_remote(target, "test.fail", Json::array({"not_found"}), {}, clock_);
  EXPECT_EQ(failed->error->code, CallErrc::not_found);
  const auto wrong = call_remote(target, "test.add", nullptr, {.token = "wrong"}, clock_);
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().code, Errc::invalid);
  EXPECT_THAT(wrong.error().describe(), HasSubstr("token"));
}

TEST_F(RemoteTest, NobodyAtTheAddressAndNobodyThatAnswersAreErrorsInTime) {
  const std::uint16_t port = apply({.listen = "127.0.0.1:0"});
  const Target target = *parse_target("127.0.0.1:" + std::to_string(port));
  const auto held = call_remote(target, "test.held", nullptr, {.timeout = Millis(200)}, clock_);
  ASSERT_FALSE(held);
  EXPECT_THAT(held.error().describe(), HasSubstr("in time"));
  ASSERT_TRUE(remote_.apply(std::nullopt));
  const auto nobody = call_remote(target, "test.add", nullptr, {}, clock_);
  ASSERT_FALSE(nobody);
  EXPECT_THAT(nobody.error().describe(), HasSubstr("nobody listens"));
}

TEST_F(RemoteTest, ACallIsStopped) {
  const std::uint16_t port = apply({.listen = "127.0.0.1:0"});
  std::stop_source stop;
  NamedThread stopper("stopper", [&](std::stop_token) {
    studio_.wait_held(1);
    stop.request_stop();
  });
  const auto held = call_remote(*parse_target("127.0.0.1:" + std::to_string(port)), "test.held", nullptr, {}, clock_,
                                stop.get_token());
  ASSERT_FALSE(held);
  EXPECT_EQ(held.error().code, Errc::cancelled);
}

TEST_F(RemoteTest, RolesHoldOverHttpAndWebSocket) {
  const std::uint16_t port = apply(with_tokens());
  const std::string view = "Content-Type: application/json\r\nAuthorization: Bearer view-token\r\n";
  EXPECT_EQ(status_of(post(port, kAdd)), 401);
  EXPECT_THAT(post(port, kAdd), HasSubstr("WWW-Authenticate: Bearer"));
  EXPECT_THAT(post(port, kAdd, view), HasSubstr("\"denied\""));
  EXPECT_EQ(WsClient(port).status(), 401);
  EXPECT_EQ(WsClient(port, "/api?token=wrong").status(), 401);
  WsClient viewer(port, "/api?token=view-token");
  ASSERT_TRUE(viewer.open());
  viewer.send(kAdd);
  EXPECT_THAT(*viewer.receive(), HasSubstr("\"denied\""));
  viewer.send(R"({"jsonrpc":"2.0","method":"test.echo","params":["hi"],"id":2})");
  EXPECT_EQ(viewer.receive(), R"({"jsonrpc":"2.0","result":"hi","id":2})");
}

TEST_F(RemoteTest, APageOfAnotherSiteIsRefused) {
  const std::uint16_t port = apply({.listen = "127.0.0.1:0"});
  EXPECT_EQ(WsClient(port, "/api", {{"Origin", "http://evil.example"}}).status(), 403);
  EXPECT_EQ(WsClient(port, "/api", {{"Host", "evil.example"}}).status(), 403);
  EXPECT_TRUE(WsClient(port, "/api", {{"Origin", "http://127.0.0.1:" + std::to_string(port)}}).open());
  EXPECT_EQ(status_of(post(port, kAdd, "Content-Type: application/json\r\nOrigin: https://evil.example\r\n")), 403);
}

TEST_F(RemoteTest, AClientResumesFromANumberAndEachEventComesOnce) {
  const std::uint16_t port = apply({.listen = "127.0.0.1:0"});
  for (int i = 1; i <= 10; ++i) studio_.happen("show.saved", std::to_string(i));
  std::vector<std::unique_ptr<WsClient>> clients;
  for (int i = 0; i < 3; ++i) {
    clients.push_back(std::make_unique<WsClient>(port));
    clients.back()->send(R"({"jsonrpc":"2.0","method":"events.subscribe","params":{"after":7},"id":1})");
    EXPECT_THAT(*clients.back()->receive(), HasSubstr(R"("last":10)"));
  }
  for (int i = 11; i <= 300; ++i) studio_.happen("show.saved", std::to_string(i));
  for (const auto& client : clients) {
    for (int i = 8; i <= 300; ++i) {
      const Json event = Json::parse(*client->receive());
      ASSERT_EQ(event["params"]["number"], i);
    }
  }
}

TEST_F(RemoteTest, TlsIsSpokenWithACertificate) {
  RemoteSettings settings = with_tokens();
  settings.tls = certificate();
  const std::uint16_t port = apply(settings);
  EXPECT_TRUE(remote_.status().tls);
  Target target = *parse_target("https://admin-token@127.0.0.1:" + std::to_string(port));
  const auto sum = call_remote(target, "test.add", Json::array({1, 1}), {.ca_file = settings.tls->certificate}, clock_);
  ASSERT_TRUE(sum) << sum.error().describe();
  EXPECT_EQ(sum->value, 2);
  EXPECT_FALSE(call_remote(target, "test.add", Json::array({1, 1}), {}, clock_));  // nobody vouches for it
  target.tls = false;
  EXPECT_FALSE(call_remote(target, "test.add", Json::array({1, 1}), {}, clock_));
  WsClient client(port, "/api?token=admin-token", {}, true);
  ASSERT_TRUE(client.open());
  client.send(kAdd);
  EXPECT_THAT(*client.receive(), HasSubstr("\"result\":3"));
}

TEST_F(RemoteTest, WrongTlsFilesAreSaidAndChangeNothing) {
  const std::uint16_t port = apply({.listen = "127.0.0.1:0"});
  RemoteSettings settings{.listen = "127.0.0.1:0"};
  settings.tls = TlsFiles{"/nowhere/cert.pem", "/nowhere/key.pem"};
  const Status status = remote_.apply(settings);
  ASSERT_FALSE(status);
  EXPECT_THAT(status.error().describe(), HasSubstr("/nowhere/cert.pem"));
  EXPECT_EQ(status_of(post(port, kAdd)), 200);
}

TEST_F(RemoteTest, BeyondThisMachineATokenIsAsked) {
  const Status status = remote_.apply(RemoteSettings{.listen = "0.0.0.0:0"});
  ASSERT_FALSE(status);
  EXPECT_THAT(status.error().describe(), HasSubstr("/remote/token"));
  RemoteSettings settings = with_tokens();
  settings.listen = "0.0.0.0:0";
  const std::uint16_t port = apply(settings);
  EXPECT_EQ(status_of(post(port, kAdd, "Content-Type: application/json\r\nAuthorization: Bearer admin-token\r\n")),
            200);
}

TEST_F(RemoteTest, AChangeThatIsNoneOfAClientsLeavesItConnected) {
  const std::uint16_t port = apply({.listen = "127.0.0.1:0"});
  WsClient client(port);
  ASSERT_TRUE(client.open());
  EXPECT_EQ(apply({.listen = "127.0.0.1:0"}), port);
  client.send(kAdd);
  EXPECT_THAT(*client.receive(), HasSubstr("\"result\":3"));
  RemoteSettings changed = with_tokens();
  EXPECT_EQ(apply(changed), port);
  EXPECT_EQ(client.receive(), std::nullopt);
  EXPECT_EQ(client.close_code(), kWsPolicy);
  EXPECT_EQ(status_of(post(port, kAdd)), 401);
}

TEST_F(RemoteTest, FromOneAddressToAllOnTheSamePort) {
  const std::uint16_t port = apply({.listen = "127.0.0.1:0"});
  ASSERT_TRUE(remote_.apply(std::nullopt));
  RemoteSettings settings = with_tokens();
  settings.listen = "127.0.0.1:" + std::to_string(port);
  EXPECT_EQ(apply(settings), port);
  settings.listen = "0.0.0.0:" + std::to_string(port);
  EXPECT_EQ(apply(settings), port);
  EXPECT_EQ(remote_.status().api, settings.listen);
}

TEST_F(RemoteTest, EightClientsCallAtOnce) {
  const std::uint16_t port = apply({.listen = "127.0.0.1:0"});
  constexpr int kCalls = 2000;
  constexpr int kAhead = 16;  // calls under way
  std::atomic<int> right{0};
  const Instant begun = clock_.now();
  {
    std::vector<NamedThread> threads;
    for (int t = 0; t < 8; ++t) {
      threads.emplace_back("client", [&](std::stop_token) {
        WsClient client(port);
        for (int i = 0; i < kCalls + kAhead; ++i) {
          if (i < kCalls)
            client.send(fmt::format(R"({{"jsonrpc":"2.0","method":"test.add","params":{{"a":{},"b":1}},"id":{}}})",
                                    i % 100, i));
          if (i < kAhead) continue;
          if (client.receive() ==
              fmt::format(R"({{"jsonrpc":"2.0","result":{},"id":{}}})", (i - kAhead) % 100 + 1, i - kAhead))
            ++right;
        }
      });
    }
  }
  const double took = seconds(clock_.now() - begun);
  EXPECT_EQ(right, 8 * kCalls);
  fmt::print("{:.0f} calls/s over 8 WebSocket clients\n", right / took);
}

}  // namespace
}  // namespace mainstay::remote
