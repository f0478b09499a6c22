#include "engine/remote/router.h"

#include <gtest/gtest.h>

namespace mainstay::remote {
namespace {

class QuietSession final : public WsSession {
  void on_open(std::shared_ptr<WsPeer>) override {}
  void on_text(std::string_view) override {}
  void on_binary(std::string_view) override {}
  void on_close(std::uint16_t, std::string_view) override {}
};

HttpResponse ask(const Router& router, const std::string& method, const std::string& path) {
  HttpResponse out;
  HttpRequest request;
  request.method = method;
  request.path = path;
  router.handle(std::move(request), Responder([&](HttpResponse response) { out = std::move(response); }));
  return out;
}

Router::Handler says(const std::string& text) {
  return [text](HttpRequest, Responder respond) { respond({200, "text/plain", text}); };
}

TEST(RouterTest, TheMostExactRouteAnswers) {
  Router router;
  router.http("GET", "*", says("any")).http("GET", "/hls/*", says("hls")).http("GET", "/hls/main", says("main"));
  EXPECT_EQ(ask(router, "GET", "/hls/main").body.bytes, "main");
  EXPECT_EQ(ask(router, "GET", "/hls/other").body.bytes, "hls");
  EXPECT_EQ(ask(router, "GET", "/").body.bytes, "any");
}

TEST(RouterTest, WrongMethodsAreToldTheRightOnes) {
  Router router;
  router.http("GET", "/a", says("a")).http("POST", "/a", says("b"));
  const HttpResponse response = ask(router, "PUT", "/a");
  EXPECT_EQ(response.status, 405);
  EXPECT_EQ(response.headers.get("Allow"), "GET, POST");
  EXPECT_EQ(ask(router, "GET", "/b").status, 404);
  EXPECT_EQ(ask(router, "HEAD", "/a").body.bytes, "a");
}

TEST(RouterTest, TheGateStandsBeforeEveryRoute) {
  Router router;
  router.gate([](HttpRequest&, bool) { return std::optional(HttpResponse::refusal(403, "no")); });
  router.web_socket({"*", {}, [](const WsOpening&) { return std::make_unique<QuietSession>(); }});
  EXPECT_EQ(ask(router, "GET", "/nothing").status, 403);
  EXPECT_EQ(router.upgrade({}).refusal.status, 403);
}

TEST(RouterTest, TheClientsFirstKnownSubprotocolIsAgreedOn) {
  Router router;
  router.web_socket({"*", {"json", "msgpack"}, [](const WsOpening&) { return std::make_unique<QuietSession>(); }});
  const auto agreed = [&](const std::string& offered) {
    HttpRequest request;
    if (!offered.empty()) request.headers = {{"sec-websocket-protocol", offered}};
    return router.upgrade(std::move(request)).subprotocol;
  };
  EXPECT_EQ(agreed("msgpack,json"), "msgpack");
  EXPECT_EQ(agreed("other , json"), "json");
  EXPECT_EQ(agreed("other"), "");
  EXPECT_EQ(agreed(""), "");
}

TEST(RouterTest, AnUnansweredRequestGetsA500) {
  Router router;
  router.http("GET", "/a", [](HttpRequest, Responder) {});
  EXPECT_EQ(ask(router, "GET", "/a").status, 500);
}

TEST(RouterTest, PercentSignsAreResolvedWhereTheyAreRight) {
  EXPECT_EQ(percent_decoded("a%20b%2"), "a b%2");
  EXPECT_EQ(percent_decoded("%zz+"), "%zz+");
  EXPECT_EQ(percent_decoded("a+b", true), "a b");
}

}  // namespace
}  // namespace mainstay::remote
