#include "engine/remote/json_rpc.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

namespace mainstay::remote {
namespace {

using ::testing::HasSubstr;

/// Gives a call's method and parameters back; "fail" fails, "later" answers when told.
class JsonRpcTest : public ::testing::Test {
 protected:
  Json ask(const std::string& text) {
    const std::optional<std::string> answer = raw(text);
    return answer ? Json::parse(*answer) : Json("nothing");
  }

  std::optional<std::string> raw(const std::string& text) {
    std::optional<std::string> out;
    int answers = 0;
    handle_rpc(
        text,
        [&](RpcCall call, Reply reply) {
          called_.push_back(call.method);
          if (call.method == "fail") return reply(CallResult::failure(CallErrc::not_found, "not there", {{"/a", "b"}}));
          if (call.method == "later") return later_.push_back(std::move(reply));
          reply({{{"method", call.method}, {"params", call.params}}, std::nullopt});
        },
        [&](std::optional<std::string> answer) {
          ++answers;
          out = std::move(answer);
        });
    EXPECT_EQ(answers, 1);
    return out;
  }

  static Json error(int code, const std::string& message) {
    return {{"jsonrpc", "2.0"}, {"error", {{"code", code}, {"message", message}}}, {"id", nullptr}};
  }

  std::vector<std::string> called_;
  std::vector<Reply> later_;
};

TEST_F(JsonRpcTest, ACallIsAnsweredUnderItsId) {
  EXPECT_EQ(ask(R"({"jsonrpc":"2.0","method":"m","params":{"a":1},"id":7})"),
            Json::parse(R"({"jsonrpc":"2.0","result":{"method":"m","params":{"a":1}},"id":7})"));
  EXPECT_EQ(ask(R"({"jsonrpc":"2.0","method":"m","params":[1],"id":"x\"y"})")["id"], "x\"y");
  EXPECT_EQ(ask(R"({"jsonrpc":"2.0","method":"m","id":null})")["result"]["params"], nullptr);
  EXPECT_EQ(ask(R"({"jsonrpc":"2.0","method":"m","id":1.5})")["id"], 1.5);
}

TEST_F(JsonRpcTest, ANotificationRunsAndIsNotAnswered) {
  EXPECT_EQ(raw(R"({"jsonrpc":"2.0","method":"m"})"), std::nullopt);
  EXPECT_EQ(raw(R"({"jsonrpc":"2.0","method":"fail"})"), std::nullopt);
  EXPECT_EQ(called_.size(), 2u);
}

TEST_F(JsonRpcTest, AFailedCallCarriesTheStudiosError) {
  const Json answer = ask(R"({"jsonrpc":"2.0","method":"fail","id":1})");
  EXPECT_EQ(answer["error"], Json::parse(R"({"code":-32004,"message":"not there","data":
      {"code":"not_found","message":"not there","errors":[{"pointer":"/a","message":"b"}]}})"));
}

TEST_F(JsonRpcTest, EachErrorOfTheStudioHasItsOwnCode) {
  std::set<int> codes;
  for (int i = 0; i <= static_cast<int>(CallErrc::cancelled); ++i) codes.insert(rpc_code(static_cast<CallErrc>(i)));
  EXPECT_EQ(codes.size(), 9u);
  EXPECT_EQ(rpc_code(CallErrc::unknown_command), -32601);
  EXPECT_EQ(rpc_code(CallErrc::invalid_params), -32602);
}

TEST_F(JsonRpcTest, WhatIsNoJsonIsAParseError) {
  for (const char* text : {"", "{", "{\"jsonrpc\": \"2.0\", \"method\": \"foobar, \"params\": \"bar\"]", "nul"}) {
    const Json answer = ask(text);
    EXPECT_EQ(answer["error"]["code"], -32700) << text;
    EXPECT_EQ(answer["id"], nullptr);
  }
  EXPECT_EQ(ask(std::string(100, '[') + std::string(100, ']'))["error"]["code"], -32700);
  EXPECT_EQ(ask("\"" + std::string(5'000'000, 'a') + "\"")["error"]["code"], -32700);
  EXPECT_TRUE(called_.empty());
}

TEST_F(JsonRpcTest, WhatIsNoCallIsAnInvalidRequest) {
  for (const char* text :
       {"1", "null", "\"m\"", "[]", R"({"jsonrpc":"1.0","method":"m","id":1})", R"({"method":"m","id":1})",
        R"({"jsonrpc":"2.0","id":1})", R"({"jsonrpc":"2.0","method":1,"id":1})",
        R"({"jsonrpc":"2.0","method":"m","params":"bar","id":1})", R"({"jsonrpc":"2.0","method":"m","id":{}})",
        R"({"jsonrpc":"2.0","method":"m","id":true})", R"({"jsonrpc":"2.0","method":"m","method":"n","id":1})"}) {
    EXPECT_EQ(ask(text)["error"]["code"], -32600) << text;
  }
  EXPECT_EQ(ask(R"({"jsonrpc":"2.0","method":1,"id":5})")["id"], 5);
  EXPECT_TRUE(called_.empty());
}

TEST_F(JsonRpcTest, ABatchIsAnsweredAsAWholeAndRunsInOrder) {
  const Json answer = ask(R"([{"jsonrpc":"2.0","method":"a","id":1},{"jsonrpc":"2.0","method":"b"},5,
                              {"jsonrpc":"2.0","method":"fail","id":2}])");
  ASSERT_EQ(answer.size(), 3u);
  EXPECT_EQ(answer[0]["id"], 1);
  EXPECT_EQ(answer[1]["error"]["code"], -32600);
  EXPECT_EQ(answer[2]["error"]["code"], -32004);
  EXPECT_EQ(called_, (std::vector<std::string>{"a", "b", "fail"}));
  EXPECT_EQ(raw(R"([{"jsonrpc":"2.0","method":"a"},{"jsonrpc":"2.0","method":"b"}])"), std::nullopt);
}

TEST_F(JsonRpcTest, ABatchWaitsForItsLastReply) {
  int answers = 0;
  std::string text;
  handle_rpc(R"([{"jsonrpc":"2.0","method":"x","id":1},{"jsonrpc":"2.0","method":"x","id":2}])",
             [&](RpcCall, Reply reply) { later_.push_back(std::move(reply)); },
             [&](std::optional<std::string> answer) {
               ++answers;
               text = answer.value_or("");
             });
  later_[1]({"second", std::nullopt});
  EXPECT_EQ(answers, 0);
  later_[0]({"first", std::nullopt});
  EXPECT_EQ(answers, 1);
  EXPECT_EQ(Json::parse(text)[0]["result"], "second");
}

TEST_F(JsonRpcTest, BatchesAreBounded) {
  Json many = Json::array();
  for (std::size_t i = 0; i < kMostBatch; ++i) many.push_back({{"jsonrpc", "2.0"}, {"method", "m"}, {"id", i}});
  EXPECT_EQ(ask(many.dump()).size(), kMostBatch);
  many.push_back(many[0]);
  EXPECT_EQ(ask(many.dump())["error"]["code"], -32600);
}

TEST_F(JsonRpcTest, AnAnswerToABatchIsBounded) {
  Json batch = Json::array();
  for (int i = 0; i < 30; ++i) batch.push_back({{"jsonrpc", "2.0"}, {"method", "big"}, {"id", i}});
  std::string text;
  handle_rpc(
      batch.dump(),
      [](RpcCall, Reply reply) {
        reply({std::string(1'000'000, 'a'), std::nullopt});
      },
      [&](std::optional<std::string> answer) { text = *answer; });
  EXPECT_LT(text.size(), kMostAnswerBytes + 100'000);
  EXPECT_EQ(Json::parse(text).back()["error"]["code"], -32005);
}

TEST_F(JsonRpcTest, AnAnswerIsReadBackAsItWas) {
  const auto result = read_rpc_answer(R"({"jsonrpc":"2.0","result":[1],"id":1})");
  EXPECT_EQ(result->value, Json::array({1}));
  const auto failed = read_rpc_answer(*raw(R"({"jsonrpc":"2.0","method":"fail","id":1})"));
  ASSERT_FALSE(failed->ok());
  EXPECT_EQ(failed->error->code, CallErrc::not_found);
  EXPECT_EQ(failed->error->errors, (std::vector<show::ShowError>{{"/a", "b"}}));
  for (const char* text : {"", "[]", "{}", "<html>"}) EXPECT_FALSE(read_rpc_answer(text)) << text;
  EXPECT_FALSE(read_rpc_answer(R"({"error":5})")->ok());
}

}  // namespace
}  // namespace mainstay::remote
