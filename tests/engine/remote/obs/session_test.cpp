// The protocol's life of a session: Hello, Identify, close codes, events by subscription, order and limits.
#include "engine/remote/obs/session.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/engine/remote/obs/obs_client.h"

namespace mainstay::obs {
namespace {

using ::testing::HasSubstr;

Hub::Options with_password(std::string password = "sesame") {
  Hub::Options options;
  options.credentials = {{std::move(password), Role::operate, "desk"}};
  return options;
}

TEST(ObsAuthentication, answers_as_the_protocols_example_does) {
  const std::string secret = auth_secret("supersecretpassword", "lM1GncleQOaCu9lT1yeUZhFYnqhsLLP1G5lAGo3ixaI=");
  EXPECT_EQ(auth_answer(secret, "+IxH4CnCiqpX1rM9scsNynZzbOe4KhDeYcTNS3PDaeY="),
            "1Ct943GAT+6YQUUX47Ia/ncufilbe6+oD6lY+5kaCu4=");
}

TEST(ObsSession, says_hello_and_is_identified_without_a_password) {
  ObsBench bench;
  ObsClient client = bench.client();
  const Json hello = client.next();
  EXPECT_EQ(hello["op"], 0);
  EXPECT_EQ(hello["d"]["rpcVersion"], 1);
  EXPECT_TRUE(hello["d"]["obsWebSocketVersion"].is_string());
  EXPECT_TRUE(hello["d"]["obsStudioVersion"].is_string());
  EXPECT_FALSE(hello["d"].contains("authentication"));
  client.send({{"op", 1}, {"d", {{"rpcVersion", 1}}}});
  EXPECT_EQ(client.next(), (Json{{"op", 2}, {"d", {{"negotiatedRpcVersion", 1}}}}));
  EXPECT_FALSE(client.closed());
}

TEST(ObsSession, lets_in_who_knows_the_password_with_its_role_and_name) {
  ObsBench bench(with_password());
  ObsClient client = bench.client();
  EXPECT_EQ(client.identify({}, "sesame")["op"], 2);
  EXPECT_EQ(client.request("StartStream")["requestStatus"]["code"], 100);
  EXPECT_EQ(bench.studio.last_caller().name, "desk");
  EXPECT_EQ(bench.studio.last_caller().role, Role::operate);
  EXPECT_EQ(bench.studio.last_caller().face, Face::obs);
}

TEST(ObsSession, each_password_has_its_role) {
  Hub::Options options;
  options.credentials = {{"look", Role::view, "wall"}, {"all", Role::admin, "lead"}};
  ObsBench bench(std::move(options));
  ObsClient wall = bench.client();
  wall.identify({}, "look");
  EXPECT_EQ(wall.request("GetSceneList")["requestStatus"]["code"], 100);
  EXPECT_EQ(wall.request("StartStream")["requestStatus"]["code"], 703);
  EXPECT_EQ(wall.request("SetInputSettings",
                         {{"inputName", "bars"}, {"inputSettings", {{"tone_hz", 1}}}})["requestStatus"]["code"],
            703);
  EXPECT_TRUE(bench.studio.calls().empty());
  ObsClient lead = bench.client();
  lead.identify({}, "all");
  EXPECT_EQ(lead.request("SetInputSettings",
                         {{"inputName", "bars"}, {"inputSettings", {{"tone_hz", 1}}}})["requestStatus"]["code"],
            100);
}

TEST(ObsSession, challenges_differ_and_the_salt_does_not) {
  ObsBench bench(with_password());
  ObsClient a = bench.client();
  ObsClient b = bench.client();
  const Json one = a.next()["d"]["authentication"];
  const Json two = b.next()["d"]["authentication"];
  EXPECT_EQ(one["salt"], two["salt"]);
  EXPECT_NE(one["challenge"], two["challenge"]);
}

struct CloseCase {
  const char* name;
  bool identified;
  std::string message;
  int code;
  const char* reason;
};

void PrintTo(const CloseCase& one, std::ostream* out) {
  *out << one.name;
}

class ObsCloseCodes : public ::testing::TestWithParam<CloseCase> {};

TEST_P(ObsCloseCodes, are_those_documented) {
  const CloseCase& one = GetParam();
  ObsBench bench;
  ObsClient client = bench.client();
  if (one.identified) {
    client.identify();
  } else {
    client.next();
  }
  client.send_bytes(one.message, true);
  ASSERT_TRUE(client.closed());
  EXPECT_EQ(client.closed()->code, one.code);
  EXPECT_THAT(client.closed()->reason, HasSubstr(one.reason));
  EXPECT_LE(client.closed()->reason.size(), 123u);
  client.send_bytes(R"({"op":6,"d":{"requestType":"GetVersion","requestId":"late"}})", true);
  EXPECT_TRUE(client.next().is_null()) << "nothing follows a close";
}

const CloseCase kCloseCases[] = {
    {"not_json", true, "{", 4002, "decoded"},
    {"no_object", true, "[]", 4002, "object"},
    {"text_that_is_not_utf8", true, "{\"op\":6,\"d\":{\"requestId\":\"\xff\"}}", 4002, "decoded"},
    {"no_data", true, R"({"op":6})", 4003, "`d`"},
    {"no_request_id", true, R"({"op":6,"d":{"requestType":"GetVersion"}})", 4003, "requestId"},
    {"no_rpc_version", false, R"({"op":1,"d":{}})", 4003, "rpcVersion"},
    {"batch_without_id", true, R"({"op":8,"d":{"requests":[]}})", 4003, "requestId"},
    {"batch_without_requests", true, R"({"op":8,"d":{"requestId":"b"}})", 4003, "requests"},
    {"data_of_wrong_type", true, R"({"op":6,"d":5})", 4004, "`d`"},
    {"request_id_of_wrong_type", true, R"({"op":6,"d":{"requestId":5}})", 4004, "requestId"},
    {"request_type_of_wrong_type", true, R"({"op":6,"d":{"requestId":"a","requestType":5}})", 4004, "requestType"},
    {"rpc_version_of_wrong_type", false, R"({"op":1,"d":{"rpcVersion":"1"}})", 4004, "rpcVersion"},
    {"subscriptions_of_wrong_type", true, R"({"op":3,"d":{"eventSubscriptions":"all"}})", 4004, "eventSubscriptions"},
    {"halt_of_wrong_type", true, R"({"op":8,"d":{"requestId":"b","requests":[],"haltOnFailure":1}})", 4004, "halt"},
    {"requests_of_wrong_type", true, R"({"op":8,"d":{"requestId":"b","requests":{}}})", 4004, "requests"},
    {"execution_of_wrong_type", true, R"({"op":8,"d":{"requestId":"b","requests":[],"executionType":"x"}})", 4004,
     "ex"},
    {"negative_subscriptions", true, R"({"op":3,"d":{"eventSubscriptions":-1}})", 4005, "eventSubscriptions"},
    {"half_a_subscription", true, R"({"op":3,"d":{"eventSubscriptions":0.5}})", 4005, "eventSubscriptions"},
    {"unknown_execution", true, R"({"op":8,"d":{"requestId":"b","requests":[],"executionType":3}})", 4005,
     "executionType"},
    {"no_op", true, R"({"d":{}})", 4006, "op"},
    {"op_of_wrong_type", true, R"({"op":"6","d":{}})", 4006, "op"},
    {"unknown_op", true, R"({"op":99,"d":{}})", 4006, "op"},
    {"op_of_servers", true, R"({"op":5,"d":{}})", 4006, "op"},
    {"request_before_identify", false, R"({"op":6,"d":{"requestType":"GetVersion","requestId":"a"}})", 4007,
     "Identify"},
    {"identify_twice", true, R"({"op":1,"d":{"rpcVersion":1}})", 4008, "Reidentify"},
    {"other_rpc_version", false, R"({"op":1,"d":{"rpcVersion":2}})", 4010, "rpcVersion"},
    {"client_of_version_4", false, R"({"request-type":"GetAuthRequired","message-id":"1"})", 4010, "version 5"},
    {"batch_variables", true, R"({"op":8,"d":{"requestId":"b","requests":[],"variables":{}}})", 4012, "variables"},
};

INSTANTIATE_TEST_SUITE_P(All, ObsCloseCodes, ::testing::ValuesIn(kCloseCases),
                         [](const auto& one) { return std::string(one.param.name); });

TEST(ObsSession, a_missing_password_and_a_wrong_one_are_told_apart) {
  ObsBench bench(with_password());
  ObsClient none = bench.client();
  none.identify();
  ASSERT_TRUE(none.closed());
  EXPECT_EQ(none.closed()->code, 4009);
  EXPECT_THAT(none.closed()->reason, HasSubstr("missing an `authentication` string"));  // what Companion looks for
  ObsClient wrong = bench.client();
  wrong.identify({}, "guess");
  ASSERT_TRUE(wrong.closed());
  EXPECT_EQ(wrong.closed()->code, 4009);
  EXPECT_THAT(wrong.closed()->reason, HasSubstr("Authentication failed"));
  ObsClient number = bench.client();
  number.identify({{"authentication", 5}});
  EXPECT_EQ(number.closed()->code, 4004);
}

TEST(ObsSession, the_password_is_checked_before_the_version) {
  ObsBench bench(with_password());
  ObsClient client = bench.client();
  client.identify({{"rpcVersion", 7}}, "guess");
  EXPECT_EQ(client.closed()->code, 4009);
}

TEST(ObsSession, after_wrong_passwords_an_address_waits_and_others_do_not) {
  ObsBench bench(with_password());
  for (int i = 0; i < 20; ++i) {
    ObsClient guess = bench.client();
    guess.identify({}, "guess " + std::to_string(i));
    EXPECT_EQ(guess.closed()->code, 4009);
  }
  ObsClient right = bench.client();
  right.identify({}, "sesame");
  ASSERT_TRUE(right.closed()) << "even the right password has to wait";
  EXPECT_THAT(right.closed()->reason, HasSubstr("Authentication failed: too many"));
  ObsClient other(*bench.hub, bench.loop, Encoding::json, "192.0.2.8");
  EXPECT_EQ(other.identify({}, "sesame")["op"], 2);
  bench.loop.advance(Seconds(61));
  ObsClient again = bench.client();
  EXPECT_EQ(again.identify({}, "sesame")["op"], 2);
}

TEST(ObsSession, a_client_that_never_identifies_is_closed) {
  ObsBench bench;
  ObsClient client = bench.client();
  bench.loop.advance(Seconds(9));
  EXPECT_FALSE(client.closed());
  bench.loop.advance(Seconds(2));
  ASSERT_TRUE(client.closed());
  EXPECT_EQ(client.closed()->code, 4007);
  ObsClient good = bench.client();
  good.identify();
  bench.loop.advance(Seconds(60));
  EXPECT_FALSE(good.closed());
}

TEST(ObsSession, frames_of_the_other_kind_are_not_decoded) {
  ObsBench bench;
  ObsClient text = bench.client();
  text.send_bytes(R"({"op":1,"d":{"rpcVersion":1}})", false);
  EXPECT_EQ(text.closed()->code, 4002);
  ObsClient binary = bench.client(Encoding::msgpack);
  binary.send_bytes(R"({"op":1,"d":{"rpcVersion":1}})", true);
  EXPECT_EQ(binary.closed()->code, 4002);
}

TEST(ObsSession, speaks_messagepack_like_json) {
  ObsBench bench(with_password());
  ObsClient client = bench.client(Encoding::msgpack);
  EXPECT_EQ(client.identify({}, "sesame")["op"], 2);
  const Json response = client.request("GetVersion");
  EXPECT_EQ(response["requestStatus"], (Json{{"result", true}, {"code", 100}}));
  EXPECT_EQ(response["responseData"]["rpcVersion"], 1);
}

TEST(ObsSession, new_passwords_end_the_sessions_there_are) {
  ObsBench bench(with_password());
  ObsClient client = bench.client();
  client.identify({}, "sesame");
  ASSERT_TRUE(bench.hub->set_credentials({{"changed", Role::operate, ""}}));
  ASSERT_TRUE(client.closed());
  EXPECT_EQ(client.closed()->code, 4011);
  ObsClient next = bench.client();
  EXPECT_EQ(next.identify({}, "changed")["op"], 2);
}

TEST(ObsSession, events_come_to_those_who_subscribed_to_them) {
  ObsBench bench;
  ObsClient all = bench.client();
  all.identify();
  ObsClient outputs = bench.client();
  outputs.identify({{"eventSubscriptions", intent::kOutputs}});
  ObsClient none = bench.client();
  none.identify({{"eventSubscriptions", 0}});
  ObsClient stranger = bench.client();
  stranger.next();
  bench.studio.add_event("program.started", "Channel One");
  const std::vector<Json> heard = outputs.events();
  ASSERT_EQ(heard.size(), 1u);
  EXPECT_EQ(heard[0], (Json{{"eventType", "StreamStateChanged"},
                            {"eventIntent", 64},
                            {"eventData", {{"outputActive", true}, {"outputState", "OBS_WEBSOCKET_OUTPUT_STARTED"}}}}));
  EXPECT_EQ(all.events().size(), 2u) << "and the vendor's event";
  EXPECT_TRUE(none.events().empty());
  EXPECT_TRUE(stranger.events().empty());
}

TEST(ObsSession, high_volume_events_must_be_asked_for) {
  ObsBench bench;
  ObsClient usual = bench.client();
  usual.identify();
  ObsClient asked = bench.client();
  asked.identify({{"eventSubscriptions", intent::kSceneItemTransformChanged}});
  bench.studio.edit([](Json& show) { show["scenes"]["Main"]["layers"][1]["x"] = 10; });
  const std::vector<Json> heard = asked.events();
  ASSERT_EQ(heard.size(), 1u);
  EXPECT_EQ(heard[0]["eventType"], "SceneItemTransformChanged");
  EXPECT_EQ(heard[0]["eventIntent"], 1 << 19);
  for (const Json& event : usual.events()) EXPECT_NE(event["eventType"], "SceneItemTransformChanged");
}

TEST(ObsSession, reidentify_changes_the_subscriptions) {
  ObsBench bench;
  ObsClient client = bench.client();
  client.identify({{"eventSubscriptions", 0}});
  client.send({{"op", 3}, {"d", {{"eventSubscriptions", intent::kOutputs}}}});
  EXPECT_EQ(client.next(), (Json{{"op", 2}, {"d", {{"negotiatedRpcVersion", 1}}}}));
  bench.studio.add_event("program.started", "Channel One");
  EXPECT_EQ(client.events().size(), 1u);
  client.send({{"op", 3}, {"d", Json::object()}});
  EXPECT_EQ(client.next()["op"], 2);
  bench.studio.add_event("macro.started", "m");
  EXPECT_EQ(client.events().size(), 1u) << "without a mask: all of the usual ones";
}

TEST(ObsSession, answers_in_the_order_of_the_requests) {
  ObsBench bench;
  ObsClient client = bench.client();
  client.identify();
  bench.studio.hold_replies();
  client.send({{"op", 6}, {"d", {{"requestType", "StartStream"}, {"requestId", "slow"}}}});
  client.send({{"op", 6}, {"d", {{"requestType", "GetVersion"}, {"requestId", "fast"}}}});
  EXPECT_TRUE(client.answer().is_null());
  bench.studio.release();
  EXPECT_EQ(client.answer()["d"]["requestId"], "slow");
  EXPECT_EQ(client.answer()["d"]["requestId"], "fast");
}

TEST(ObsSession, answers_that_come_after_the_client_has_gone_do_no_harm) {
  ObsBench bench;
  ObsClient client = bench.client();
  client.identify();
  bench.studio.hold_replies();
  client.send({{"op", 6}, {"d", {{"requestType", "StartStream"}, {"requestId", "slow"}}}});
  client.disconnect();
  bench.hub.reset();
  bench.studio.release();
  bench.loop.run();
  EXPECT_EQ(bench.studio.held(), 0u);
}

TEST(ObsSession, reading_stops_while_too_much_waits) {
  ObsBench bench;
  ObsClient client = bench.client();
  client.identify();
  bench.studio.hold_replies();
  client.send({{"op", 6}, {"d", {{"requestType", "StartStream"}, {"requestId", "slow"}}}});
  int sent = 0;
  while (!client.link().paused && sent < 1000) {
    client.send({{"op", 6}, {"d", {{"requestType", "GetStudioModeEnabled"}, {"requestId", std::to_string(sent++)}}}});
  }
  EXPECT_EQ(sent, 256);
  bench.studio.release();
  bench.loop.run();
  EXPECT_FALSE(client.link().paused);
  int answered = 0;
  while (!client.answer().is_null()) ++answered;
  EXPECT_EQ(answered, sent + 1);
}

TEST(ObsSession, a_link_that_does_not_stop_reading_ends_the_session) {
  ObsBench bench;
  ObsClient client = bench.client();
  client.identify();
  bench.studio.hold_replies();
  for (int i = 0; i < 1000 && !client.closed(); ++i) {
    client.send({{"op", 6}, {"d", {{"requestType", "StartStream"}, {"requestId", std::to_string(i)}}}});
  }
  ASSERT_TRUE(client.closed());
  EXPECT_EQ(client.closed()->code, 4011);
}

TEST(ObsSession, a_client_over_its_rate_is_slowed_down_not_lost) {
  Hub::Options options;
  options.limits.burst = 10;
  options.limits.requests_per_s = 10;
  ObsBench bench(std::move(options));
  ObsClient client = bench.client();
  client.identify();
  for (int i = 0; i < 30; ++i) {
    client.send({{"op", 6}, {"d", {{"requestType", "GetStudioModeEnabled"}, {"requestId", std::to_string(i)}}}});
  }
  const auto answered = [&client] {
    int count = 0;
    while (!client.answer().is_null()) ++count;
    return count;
  };
  EXPECT_EQ(answered(), 10);
  for (int i = 0; i < 10; ++i) bench.loop.advance(Millis(100));
  EXPECT_NEAR(answered(), 10, 1);
  for (int i = 0; i < 20; ++i) bench.loop.advance(Millis(100));
  EXPECT_NEAR(answered(), 10, 1);
  EXPECT_FALSE(client.closed());
}

TEST(ObsSession, a_huge_message_closes_the_session) {
  ObsBench bench;
  ObsClient client = bench.client();
  client.identify();
  client.send_bytes(std::string(kMaxMessage + 1, ' '), true);
  EXPECT_EQ(client.closed()->code, 4002);
}

TEST(ObsSession, exit_is_announced) {
  ObsBench bench;
  ObsClient client = bench.client();
  client.identify();
  bench.hub->announce_exit();
  EXPECT_EQ(client.events(), (std::vector<Json>{{{"eventType", "ExitStarted"}, {"eventIntent", 1}}}));
}

}  // namespace
}  // namespace mainstay::obs
