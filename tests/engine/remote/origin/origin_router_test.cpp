#include "engine/remote/origin/origin_router.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/remote/origin/player_page.h"
#include "engine/studio/stream_token.h"
#include "resources/resources.h"
#include "tests/engine/remote/origin/fake_shelf.h"

namespace mainstay::remote {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* kSecret = "sixteen letters!";
constexpr const char* kReport = R"({"session": "s1", "number": 1, "startup_ms": 700, "latency_ms": 1500})";

class OriginRouterTest : public ::testing::Test {
 protected:
  OriginRouterTest() { shelf_->put("v0/s1.m4s", package::ItemKind::segment, "0123456789"); }

  std::shared_ptr<const Router> router(const OriginSettings& settings = {}) {
    rate_->set(settings.max_requests_per_s);
    return make_origin_router(settings, {[this] { return shelf_; }, book_, rate_, [] { return ServerCounters{}; }},
                              clock_);
  }
  static HttpResponse ask(const std::shared_ptr<const Router>& router, HttpRequest request) {
    HttpResponse out{0, "", {}};
    router->handle(std::move(request), Responder([&out](HttpResponse response) { out = std::move(response); }));
    return out;
  }
  static HttpResponse post(const std::shared_ptr<const Router>& router, const std::string& target, std::string body) {
    HttpRequest request = request_of("POST", target);
    request.body = std::move(body);
    return ask(router, std::move(request));
  }

  ManualClock clock_{ManualClock::Drive::test, UtcInstant(Seconds(1'700'000'000))};
  std::shared_ptr<FakeShelf> shelf_ = std::make_shared<FakeShelf>();
  std::shared_ptr<AudienceBook> book_ = std::make_shared<AudienceBook>(clock_, [](const SessionRecord&) {});
  std::shared_ptr<RateLimit> rate_ = std::make_shared<RateLimit>(clock_);
};

TEST_F(OriginRouterTest, EveryAnswerSaysWhenItWasMadeAndWhoMayReadIt) {
  for (const char* path : {"/live/v0/s1.m4s", "/live/none", "/", "/metrics", "/nothing"}) {
    const HttpResponse response = ask(router(), request_of("GET", path, {{"origin", "https://a.example"}}));
    EXPECT_EQ(header_of(response, "Date"), "Tue, 14 Nov 2023 22:13:20 GMT") << path;
    EXPECT_EQ(header_of(response, "Access-Control-Allow-Origin"), "*") << path;
    EXPECT_THAT(header_of(response, "Access-Control-Expose-Headers"), HasSubstr("Age, Date")) << path;
  }
}

TEST_F(OriginRouterTest, OtherSitesMayReadWhenTheyAreNamed) {
  OriginSettings settings;
  settings.allow_origins = {"https://a.example"};
  const auto named = ask(router(settings), request_of("GET", "/live/v0/s1.m4s", {{"origin", "https://a.example"}}));
  EXPECT_EQ(header_of(named, "Access-Control-Allow-Origin"), "https://a.example");
  const auto other = ask(router(settings), request_of("GET", "/live/v0/s1.m4s", {{"origin", "https://b.example"}}));
  EXPECT_EQ(header_of(other, "Access-Control-Allow-Origin"), "");
  EXPECT_EQ(header_of(other, "Vary"), "Origin");
}

TEST_F(OriginRouterTest, BrowsersMayAskFirst) {
  const HttpResponse response =
      ask(router(), request_of("OPTIONS", "/live/v0/s1.m4s", {{"origin", "https://a.example"}}));
  EXPECT_EQ(response.status, 204);
  EXPECT_THAT(header_of(response, "Access-Control-Allow-Headers"), HasSubstr("Range"));
  EXPECT_EQ(ask(router(), request_of("PUT", "/live/v0/s1.m4s")).status, 405);
  EXPECT_EQ(ask(router(), request_of("DELETE", "/live/v0/s1.m4s")).status, 405);
}

TEST_F(OriginRouterTest, ThePlayerPageIsThereUnlessItIsSwitchedOff) {
  OriginSettings settings;
  settings.title = "Channel \"One\"";
  settings.stream = "one";
  const HttpResponse page = ask(router(settings), request_of("GET", "/"));
  EXPECT_EQ(page.status, 200);
  EXPECT_EQ(page.content_type, "text/html; charset=utf-8");
  EXPECT_THAT(header_of(page, "Content-Security-Policy"), HasSubstr("default-src 'none'"));
  EXPECT_EQ(ask(router(settings), request_of("GET", "/", {{"if-none-match", header_of(page, "ETag")}})).status, 304);
  const auto about = show::Json::parse(ask(router(settings), request_of("GET", "/player/show.json")).body.bytes);
  EXPECT_EQ(about["title"], "Channel \"One\"");
  EXPECT_EQ(about["stream"], "/one/index.m3u8");
  EXPECT_EQ(about["low_latency"], true);
  EXPECT_EQ(about["hls_js"], has_hls_js());
  EXPECT_EQ(about["utc_ms"], 1'700'000'000'000);
  settings.player = false;
  EXPECT_EQ(ask(router(settings), request_of("GET", "/")).status, 404);
  EXPECT_EQ(ask(router(settings), request_of("GET", "/one/v0/s1.m4s")).status, 200);
}

TEST_F(OriginRouterTest, ThePageFetchesNothingFromElsewhere) {
  for (const char* name : {"index.html", "player.css", "player.js", "report.js", "fallback.js"}) {
    const std::string_view text = resource(std::string("player/") + name);
    EXPECT_FALSE(text.empty()) << name;
    EXPECT_THAT(std::string(text), Not(HasSubstr("https://"))) << name;
    const HttpResponse file =
        ask(router(), request_of("GET", std::string_view(name) == "index.html" ? "/" : std::string("/player/") + name));
    EXPECT_EQ(file.body.bytes, text) << name;
  }
}

TEST_F(OriginRouterTest, ReportsAreCountedAndNonsenseIsNot) {
  EXPECT_EQ(post(router(), "/beacon", kReport).status, 204);
  EXPECT_EQ(post(router(), "/beacon", "nonsense").status, 400);
  EXPECT_EQ(post(router(), "/other", kReport).status, 404);
  EXPECT_EQ(book_->figures().viewers, 1);
  const auto json = show::Json::parse(ask(router(), request_of("GET", "/metrics/players.json")).body.bytes);
  EXPECT_EQ(json["all"]["startup_s"]["mean"], 0.7);
  EXPECT_EQ(json["latency_s"], 1.5);
}

TEST_F(OriginRouterTest, RequestsOfThePlayerMakeASession) {
  ask(router(), request_of("GET", "/live/v0/s1.m4s?CMCD=sid%3D%22s1%22"));
  ask(router(), request_of("GET", "/live/v0/none?CMCD=sid%3D%22s2%22"));
  EXPECT_EQ(book_->figures().viewers, 1);
}

TEST_F(OriginRouterTest, NoNameOrAddressStandsInTheMetrics) {
  post(router(), "/beacon", kReport);
  const std::string page(ask(router(), request_of("GET", "/metrics")).body.bytes);
  EXPECT_THAT(page, HasSubstr("mainstay_player_viewers"));
  EXPECT_THAT(page, Not(HasSubstr("s1")));
  EXPECT_THAT(page, Not(HasSubstr("127.0.0.1")));
}

TEST_F(OriginRouterTest, MetricsAreForThisMachineUnlessTheyAreOpen) {
  HttpRequest far = request_of("GET", "/metrics");
  far.peer = {"192.0.2.1:1", "192.0.2.1", false};
  HttpRequest through_a_proxy = request_of("GET", "/metrics", {{"x-forwarded-for", "192.0.2.1"}});
  OriginSettings settings;
  EXPECT_EQ(ask(router(settings), request_of("GET", "/metrics")).status, 200);
  EXPECT_EQ(ask(router(settings), far).status, 404);
  EXPECT_EQ(ask(router(settings), through_a_proxy).status, 404);
  settings.metrics = show::HlsMetrics::open;
  EXPECT_EQ(ask(router(settings), far).status, 200);
  settings.metrics = show::HlsMetrics::off;
  EXPECT_EQ(ask(router(settings), request_of("GET", "/metrics/players.json")).status, 404);
}

TEST_F(OriginRouterTest, AnAddressThatAsksTooOftenWaits) {
  OriginSettings settings;
  settings.max_requests_per_s = 2;
  const auto limited = router(settings);
  for (int i = 0; i < 6; ++i) EXPECT_EQ(ask(limited, request_of("GET", "/live/v0/s1.m4s")).status, 200);
  const HttpResponse refused = ask(limited, request_of("GET", "/live/v0/s1.m4s"));
  EXPECT_EQ(refused.status, 429);
  EXPECT_EQ(header_of(refused, "Retry-After"), "1");
  EXPECT_EQ(header_of(refused, "Cache-Control"), "no-store");
  EXPECT_EQ(post(limited, "/beacon", kReport).status, 429);
}

TEST_F(OriginRouterTest, WithTokensThePageIsOpenAndTheStreamIsNot) {
  OriginSettings settings;
  settings.token_secret = kSecret;
  const std::string token = make_stream_token(kSecret, "live", clock_.utc_now() + Seconds(60));
  EXPECT_EQ(ask(router(settings), request_of("GET", "/")).status, 200);
  EXPECT_EQ(ask(router(settings), request_of("GET", "/live/v0/s1.m4s")).status, 403);
  EXPECT_EQ(ask(router(settings), request_of("GET", "/live/v0/s1.m4s?token=" + token)).status, 200);
  EXPECT_EQ(post(router(settings), "/beacon", kReport).status, 403);
  EXPECT_EQ(post(router(settings), "/beacon?token=" + token, kReport).status, 204);
}

}  // namespace
}  // namespace mainstay::remote
