#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/remote/api.h"
#include "tests/engine/remote/fake_peer.h"
#include "tests/engine/remote/fake_studio.h"

namespace mainstay::remote {
namespace {

using ::testing::HasSubstr;

/// A session whose server's thread is the test's: posted tasks run in turn().
class ApiSessionTest : public ::testing::Test {
 protected:
  ~ApiSessionTest() override { session_->on_close(1000, ""); }

  void SetUp() override { open(Role::operate); }

  void open(Role role) {
    if (session_) session_->on_close(1000, "");
    session_ = make_api_session(studio_, feed_, {Face::api, role, "test"});
    peer_ = std::make_shared<FakePeer>();
    session_->on_open(peer_);
  }

  void say(const std::string& method, const Json& params = nullptr, int id = 1) {
    Json call{{"jsonrpc", "2.0"}, {"method", method}, {"id", id}};
    if (!params.is_null()) call["params"] = params;
    session_->on_text(call.dump());
  }

  void turn() {
    for (const auto& task : std::exchange(posted_, {})) task();
  }

  Json last(std::size_t count) {
    const std::vector<Json> all = peer_->sent(count);
    return all.size() < count ? Json("nothing came") : all[count - 1];
  }

  FakeStudio studio_;
  std::vector<std::function<void()>> posted_;
  std::shared_ptr<EventFeed> feed_ =
      EventFeed::make(studio_, [this](std::function<void()> task) { posted_.push_back(std::move(task)); });
  std::shared_ptr<FakePeer> peer_;
  std::unique_ptr<WsSession> session_;
};

TEST_F(ApiSessionTest, CallsReachTheStudioByNameAndByPosition) {
  say("test.add", {{"a", 2}, {"b", 3}}, 1);
  EXPECT_EQ(last(1)["result"], 5);
  say("test.add", Json::array({2}), 2);
  EXPECT_EQ(last(2)["result"], 3);
  EXPECT_EQ(studio_.callers()[0].face, Face::api);
  EXPECT_EQ(studio_.callers()[0].name, "test");
}

TEST_F(ApiSessionTest, ErrorsOfTheStudioComeAsTheyAre) {
  say("test.nothing");
  EXPECT_EQ(last(1)["error"]["code"], -32601);
  say("test.add", {{"a", 1000}});
  EXPECT_EQ(last(2)["error"]["code"], -32602);
  EXPECT_EQ(last(2)["error"]["data"]["errors"][0]["pointer"], "/a");
  say("test.admin");
  EXPECT_EQ(last(3)["error"]["data"]["code"], "denied");
}

TEST_F(ApiSessionTest, AnswersComeInTheOrderOfCompletion) {
  say("test.held", nullptr, 1);
  say("test.echo", {{"value", "quick"}}, 2);
  EXPECT_EQ(last(1)["id"], 2);
  ASSERT_TRUE(studio_.wait_held(1));
  studio_.release();
  EXPECT_EQ(last(2)["id"], 1);
}

TEST_F(ApiSessionTest, AnAnswerAfterTheEndGoesNowhere) {
  say("test.held");
  ASSERT_TRUE(studio_.wait_held(1));
  open(Role::view);
  studio_.release();
  EXPECT_TRUE(peer_->sent(0).empty());
}

TEST_F(ApiSessionTest, AClientWithManyCallsUnderWayIsNotReadFrom) {
  for (int i = 0; i < 600; ++i) say("test.held");
  EXPECT_TRUE(peer_->paused());
  ASSERT_TRUE(studio_.wait_held(600));
  studio_.release();
  peer_->sent(600);
  EXPECT_FALSE(peer_->paused());
}

TEST_F(ApiSessionTest, EventsComeFromTheSubscriptionOn) {
  studio_.happen("show.saved", "before");
  say("events.subscribe");
  EXPECT_EQ(last(1)["result"], Json::parse(R"({"last":1})"));
  studio_.happen("show.saved", "after");
  turn();
  EXPECT_EQ(last(2),
            Json::parse(R"({"jsonrpc":"2.0","method":"event","params":{"number":2,"at":"1970-01-01T00:00:00.000Z",
      "level":"info","type":"show.saved","subject":"subject","message":"after","data":{"key":"value"}}})"));
  say("events.unsubscribe");
  studio_.happen("show.saved", "unheard");
  turn();
  EXPECT_EQ(peer_->sent(3).size(), 3u);
}

TEST_F(ApiSessionTest, ASubscriptionResumesAfterTheLastEventSeen) {
  for (int i = 1; i <= 5; ++i) studio_.happen("show.saved", std::to_string(i));
  say("events.subscribe", {{"after", 3}});
  studio_.happen("show.saved", "6");
  turn();
  const std::vector<Json> sent = peer_->sent(4);
  ASSERT_EQ(sent.size(), 4u);
  EXPECT_EQ(sent[1]["params"]["number"], 4);
  EXPECT_EQ(sent[3]["params"]["number"], 6);
}

TEST_F(ApiSessionTest, AGapIsSaid) {
  for (std::size_t i = 0; i < EventLog::kKept + 10; ++i) studio_.happen("show.saved", "m");
  say("events.subscribe", {{"after", 3}});
  EXPECT_EQ(last(2), Json::parse(R"({"jsonrpc":"2.0","method":"events.gap","params":{"from":4,"to":10}})"));
  EXPECT_EQ(last(3)["params"]["number"], 11);
  EXPECT_EQ(peer_->sent(0).size(), EventLog::kKept + 2);
  for (std::size_t i = 0; i < EventLog::kKept + 5; ++i) studio_.happen("show.saved", "m");
  turn();
  EXPECT_EQ(last(EventLog::kKept + 3)["method"], "events.gap");
}

TEST_F(ApiSessionTest, OnlyTheTypesAskedForCome) {
  say("events.subscribe", {{"types", {"show.opened"}}});
  studio_.happen("show.saved", "no");
  studio_.happen("show.opened", "yes");
  turn();
  ASSERT_EQ(peer_->sent(2).size(), 2u);
  EXPECT_EQ(last(2)["params"]["message"], "yes");
}

TEST_F(ApiSessionTest, AWrongSubscriptionIsRefusedWithItsReason) {
  int count = 0;
  for (const Json& params : {Json{{"after", -1}}, Json{{"after", 18446744073709551615U}}, Json{{"after", "x"}},
                             Json{{"types", {"no.such"}}}, Json{{"types", 1}}, Json{{"afte", 1}}}) {
    say("events.subscribe", params);
    EXPECT_EQ(last(static_cast<std::size_t>(++count))["error"]["code"], -32602) << params;
  }
}

TEST_F(ApiSessionTest, BinaryMessagesEndTheSession) {
  session_->on_binary("x");
  EXPECT_EQ(peer_->close_code(), kWsUnsupportedData);
}

}  // namespace
}  // namespace mainstay::remote
