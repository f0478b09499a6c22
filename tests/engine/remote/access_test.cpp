#include "engine/remote/access.h"

#include <gtest/gtest.h>

namespace mainstay::remote {
namespace {

class AccessTest : public ::testing::Test {
 protected:
  struct Ask {
    std::string authorization = {};
    std::string origin = {};
    std::string host = "127.0.0.1:4480";
    std::string ip = "127.0.0.1";
    std::string query = {};
    bool web_socket = false;
  };

  /// The role as a word, or the status of the refusal.
  std::string admit(const AccessRules& rules, const Ask& ask) {
    HttpRequest request;
    request.method = "POST";
    request.query = ask.query;
    request.peer = {ask.ip + ":1", ask.ip, ask.ip == "127.0.0.1"};
    request.headers = {{"host", ask.host}};
    if (!ask.authorization.empty()) request.headers.add("authorization", ask.authorization);
    if (!ask.origin.empty()) request.headers.add("origin", ask.origin);
    const auto refused = Access(rules, throttle_, log_).admit(request, ask.web_socket);
    return refused ? std::to_string(refused->status) : to_string(request.role);
  }

  ManualClock clock_;
  Log log_{{.level = LogLevel::off}};
  std::shared_ptr<Throttle> throttle_ = std::make_shared<Throttle>(clock_);
  const AccessRules open_;
  const AccessRules tokens_{
      {{"admin-token", Role::admin}, {"operate-token", Role::operate}, {"view-token", Role::view}},
      {"https://panel.example.org"}};
};

TEST_F(AccessTest, WithoutATokenThisMachineIsAdminAndNobodyElseIsLetIn) {
  EXPECT_EQ(admit(open_, {}), "admin");
  EXPECT_EQ(admit(open_, {.ip = "192.0.2.1"}), "403");
}

TEST_F(AccessTest, ATokenGivesItsRole) {
  EXPECT_EQ(admit(tokens_, {.authorization = "Bearer admin-token"}), "admin");
  EXPECT_EQ(admit(tokens_, {.authorization = "bearer  operate-token"}), "operate");
  EXPECT_EQ(admit(tokens_, {.authorization = "Basic YW55OnZpZXctdG9rZW4="}), "view");  // any:view-token
  EXPECT_EQ(admit(tokens_, {.query = "a=b&token=view%2Dtoken", .web_socket = true}), "view");
}

TEST_F(AccessTest, WithoutTheRightTokenNobodyIsLetIn) {
  EXPECT_EQ(admit(tokens_, {}), "401");
  EXPECT_EQ(admit(tokens_, {.query = "token=view-token"}), "401");  // only WebSockets have it in the address
  for (const char* given :
       {"Bearer ", "Bearer admin-toke", "Bearer admin-token2", "Basic !!!", "Basic YQ==", "Digest a"}) {
    clock_.advance(Throttle::kForgotten);
    EXPECT_EQ(admit(tokens_, {.authorization = given}), "401") << given;
  }
}

TEST_F(AccessTest, PagesOfOtherSitesAreRefusedWhateverTokenTheyHave) {
  EXPECT_EQ(admit(open_, {.origin = "http://127.0.0.1:4480"}), "admin");
  for (const char* origin : {"http://evil.example", "null", "http://127.0.0.1:8000", "https://panel.example.org"})
    EXPECT_EQ(admit(open_, {.origin = origin}), "403") << origin;
  EXPECT_EQ(admit(tokens_, {.authorization = "Bearer admin-token", .origin = "http://evil.example"}), "403");
  EXPECT_EQ(admit(tokens_, {.authorization = "Bearer admin-token", .origin = "https://panel.example.org"}), "admin");
  EXPECT_EQ(admit(tokens_, {.authorization = "Bearer admin-token", .origin = "https://panel.example.org.evil"}), "403");
}

TEST_F(AccessTest, WithoutATokenABorrowedNameIsRefused) {
  for (const char* host : {"127.0.0.1:4480", "localhost", "LOCALHOST:1", "[::1]:4480", "app.localhost:80"})
    EXPECT_EQ(admit(open_, {.host = host}), "admin") << host;
  for (const char* host : {"evil.example:4480", "127.0.0.1.evil.example", "", "localhost.evil.example", "1.2.3"})
    EXPECT_EQ(admit(open_, {.host = host}), "403") << host;
  EXPECT_EQ(admit(tokens_, {.authorization = "Bearer view-token", .host = "studio.example:4480"}), "view");
}

TEST_F(AccessTest, GuessingIsSlowedDownByAddress) {
  const Ask wrong{.authorization = "Bearer wrong", .ip = "192.0.2.1"};
  for (int i = 0; i < Throttle::kFree; ++i) EXPECT_EQ(admit(tokens_, wrong), "401");
  EXPECT_EQ(admit(tokens_, wrong), "429");
  EXPECT_EQ(admit(tokens_, {.authorization = "Bearer admin-token", .ip = "192.0.2.1"}), "429");
  EXPECT_EQ(admit(tokens_, {.authorization = "Bearer admin-token", .ip = "192.0.2.2"}), "admin");
  clock_.advance(Throttle::kFirst);
  EXPECT_EQ(admit(tokens_, wrong), "401");
  clock_.advance(Throttle::kFirst);
  EXPECT_EQ(admit(tokens_, wrong), "429");  // twice as long now
  clock_.advance(Throttle::kFirst);
  EXPECT_EQ(admit(tokens_, {.authorization = "Bearer admin-token", .ip = "192.0.2.1"}), "admin");
  EXPECT_EQ(admit(tokens_, wrong), "401");  // a right one clears the record
}

TEST_F(AccessTest, AWaitHasAnEndAndTheTableABound) {
  for (int i = 0; i < 1000; ++i) throttle_->failed("192.0.2.1");
  EXPECT_EQ(throttle_->wait("192.0.2.1"), Throttle::kLongest);
  for (std::size_t i = 0; i < 2 * Throttle::kMostAddresses; ++i) throttle_->failed("10.0.0." + std::to_string(i));
  EXPECT_EQ(throttle_->addresses(), Throttle::kMostAddresses);
}

TEST_F(AccessTest, ANetworkOfIpv6IsOneAddress) {
  for (int i = 0; i < Throttle::kFree; ++i) throttle_->failed("2001:db8:1:2::" + std::to_string(i));
  EXPECT_GT(throttle_->wait("2001:db8:1:2:3:4:5:6"), Nanos{0});
  EXPECT_EQ(throttle_->wait("2001:db8:1:3::1"), Nanos{0});
}

TEST_F(AccessTest, EqualTextsAndOnlyTheyAreEqual) {
  EXPECT_TRUE(equal_in_constant_time("abc", "abc"));
  for (const char* given : {"", "ab", "abd", "abcabc", "abca"})
    EXPECT_FALSE(equal_in_constant_time(given, "abc")) << given;
  EXPECT_FALSE(equal_in_constant_time("", ""));
}

TEST_F(AccessTest, AnAllowedPageMayAskFirstAndReadTheAnswer) {
  const Access access(tokens_, throttle_, log_);
  HttpRequest request;
  request.method = "OPTIONS";
  request.headers = {
      {"host", "studio:4480"}, {"origin", "https://panel.example.org"}, {"access-control-request-method", "POST"}};
  auto response = access.admit(request, false);
  ASSERT_TRUE(response);
  EXPECT_EQ(response->status, 204);
  access.finish(request, *response);
  EXPECT_EQ(response->headers.get("Access-Control-Allow-Origin"), "https://panel.example.org");
}

}  // namespace
}  // namespace mainstay::remote
