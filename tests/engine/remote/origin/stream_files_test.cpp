#include "engine/remote/origin/stream_files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/remote/origin/http_text.h"
#include "engine/studio/stream_token.h"
#include "tests/engine/remote/origin/fake_shelf.h"

namespace mainstay::remote {
namespace {

using package::ItemKind;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* kSecret = "sixteen letters!";

class StreamFilesTest : public ::testing::Test {
 protected:
  StreamFilesTest() {
    shelf_->put("index.m3u8", ItemKind::multivariant, "#EXTM3U\nv0/index.uri\n", true);
    shelf_->put("v0/index.m3u8", ItemKind::media_playlist, small_playlist(), true);
    shelf_->put("v0/s1.m4s", ItemKind::segment, "0123456789");
    shelf_->put("v0/init.mp4", ItemKind::init, "init");
    shelf_->put("key/1", ItemKind::key, "0123456789abcdef");
  }

  std::shared_ptr<StreamFiles> files(std::string secret = "") {
    StreamFiles::Options options;
    options.token_secret = std::move(secret);
    options.served = [this](const Asked&, const Served& served) { served_.push_back(served); };
    return StreamFiles::make([this]() -> ShelfPtr { return on_air_ ? shelf_ : nullptr; }, clock_, std::move(options));
  }
  HttpResponse ask(const StreamFiles& files, HttpRequest request) {
    HttpResponse out{0, "", {}};
    files.handle(std::move(request), Responder([&out](HttpResponse response) { out = std::move(response); }));
    return out;
  }
  HttpResponse get(const std::string& path, HttpFields headers = {}) {
    return ask(*files(), request_of("GET", path, std::move(headers)));
  }

  ManualClock clock_{ManualClock::Drive::test, UtcInstant(Seconds(1'700'000'000))};
  std::shared_ptr<FakeShelf> shelf_ = std::make_shared<FakeShelf>();
  bool on_air_ = true;
  std::vector<Served> served_;
};

TEST_F(StreamFilesTest, SegmentsGoOutAsTheyLieOnTheShelf) {
  const HttpResponse response = get("/live/v0/s1.m4s");
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.content_type, "video/mp4");
  EXPECT_EQ(response.body.bytes.data(), shelf_->find("v0/s1.m4s")->bytes.data());  // not a copy
  EXPECT_EQ(header_of(response, "Cache-Control"), "public, max-age=86400, immutable");
  EXPECT_EQ(header_of(response, "ETag"), "\"e-v0/s1.m4s\"");
  EXPECT_EQ(header_of(response, "Accept-Ranges"), "bytes");
  EXPECT_EQ(header_of(response, "Last-Modified"), http_date(clock_.utc_now()));
  ASSERT_EQ(served_.size(), 1u);
  EXPECT_EQ(served_[0].bytes, 10u);
}

TEST_F(StreamFilesTest, CachesAreToldWhatMayBeKept) {
  EXPECT_EQ(header_of(get("/live/index.m3u8"), "Cache-Control"), "no-store");
  EXPECT_EQ(header_of(get("/live/v0/index.m3u8"), "Cache-Control"), "no-store");
  EXPECT_EQ(header_of(get("/live/v0/init.mp4"), "Cache-Control"), "public, no-cache");
  EXPECT_EQ(header_of(get("/live/key/1"), "Cache-Control"), "no-store");
  shelf_->part = Nanos(0);
  shelf_->target = Seconds(6);
  EXPECT_EQ(header_of(get("/live/v0/index.m3u8"), "Cache-Control"), "public, max-age=3");
}

TEST_F(StreamFilesTest, WhatIsNotThereIsNotFoundAndNotKept) {
  for (const char* path :
       {"/live/v0/s2.m4s", "/live/", "/live/../etc/passwd", "/live/v0/../v0/s1.m4s", "/live//v0/s1.m4s",
        "/live/%2e%2e/%2e%2e/etc/passwd", "/live/v0\\s1.m4s", "/live/v0/s1.m4s%00", "/live//etc/passwd"}) {
    const HttpResponse response = get(path);
    EXPECT_EQ(response.status, 404) << path;
    EXPECT_EQ(header_of(response, "Cache-Control"), "no-store") << path;
  }
  on_air_ = false;
  EXPECT_EQ(get("/live/v0/s1.m4s").status, 404);
  EXPECT_TRUE(served_.empty());
}

TEST_F(StreamFilesTest, OneRangeIsAPart) {
  const HttpResponse part = get("/live/v0/s1.m4s", {{"range", "bytes=2-4"}});
  EXPECT_EQ(part.status, 206);
  EXPECT_EQ(part.body.bytes, "234");
  EXPECT_EQ(header_of(part, "Content-Range"), "bytes 2-4/10");
  const HttpResponse none = get("/live/v0/s1.m4s", {{"range", "bytes=10-"}});
  EXPECT_EQ(none.status, 416);
  EXPECT_EQ(header_of(none, "Content-Range"), "bytes */10");
  EXPECT_EQ(get("/live/v0/s1.m4s", {{"range", "bytes=0-1,3-4"}}).status, 200);
  EXPECT_EQ(get("/live/v0/s1.m4s", {{"range", "bytes=0-1"}, {"if-range", "\"other\""}}).status, 200);
  EXPECT_EQ(get("/live/v0/s1.m4s", {{"range", "bytes=0-1"}, {"if-range", "\"e-v0/s1.m4s\""}}).status, 206);
  EXPECT_EQ(ask(*files(), request_of("HEAD", "/live/v0/s1.m4s", {{"range", "bytes=0-1"}})).status, 200);
}

TEST_F(StreamFilesTest, WhoHasItAlreadyIsToldSo) {
  const HttpResponse same = get("/live/v0/s1.m4s", {{"if-none-match", "\"x\", \"e-v0/s1.m4s\""}});
  EXPECT_EQ(same.status, 304);
  EXPECT_TRUE(same.body.bytes.empty());
  EXPECT_EQ(header_of(same, "ETag"), "\"e-v0/s1.m4s\"");
  EXPECT_EQ(get("/live/v0/s1.m4s", {{"if-none-match", "\"x\""}}).status, 200);
  EXPECT_EQ(get("/live/v0/s1.m4s", {{"if-modified-since", http_date(clock_.utc_now())}}).status, 304);
  EXPECT_EQ(get("/live/v0/s1.m4s", {{"if-modified-since", http_date(clock_.utc_now() - Seconds(1))}}).status, 200);
  // Where both are given, only the ETag counts.
  EXPECT_EQ(
      get("/live/v0/s1.m4s", {{"if-none-match", "\"x\""}, {"if-modified-since", http_date(clock_.utc_now())}}).status,
      200);
}

TEST_F(StreamFilesTest, PlaylistsAreCompressedForThoseWhoTakeIt) {
  const HttpResponse packed = get("/live/v0/index.m3u8", {{"accept-encoding", "gzip"}});
  EXPECT_EQ(header_of(packed, "Content-Encoding"), "gzip");
  EXPECT_EQ(header_of(packed, "Vary"), "Accept-Encoding");
  EXPECT_EQ(header_of(packed, "ETag"), "\"e-v0/index.m3u8-gz\"");
  EXPECT_THAT(std::string(packed.body.bytes), HasSubstr("(gzip)"));
  const HttpResponse plain = get("/live/v0/index.m3u8");
  EXPECT_EQ(header_of(plain, "Content-Encoding"), "");
  EXPECT_EQ(plain.body.bytes, small_playlist());
}

TEST_F(StreamFilesTest, ABlockedReloadIsAnsweredWhenThePartIsThere) {
  const auto served = files();
  HttpResponse out{0, "", {}};
  served->handle(request_of("GET", "/live/v0/index.m3u8?_HLS_msn=7&_HLS_part=1&_HLS_skip=YES"),
                 Responder([&out](HttpResponse response) { out = std::move(response); }));
  EXPECT_EQ(out.status, 0);
  EXPECT_EQ(shelf_->waiting(), 1u);
  EXPECT_EQ(shelf_->last_reload().msn, 7);
  EXPECT_EQ(shelf_->last_reload().part, 1);
  shelf_->let_go({200, shelf_->put("v0/index.m3u8", ItemKind::media_playlist, "newer"), ""});
  EXPECT_EQ(out.status, 200);
  EXPECT_EQ(out.body.bytes, "newer");
  EXPECT_EQ(header_of(out, "Cache-Control"), "public, max-age=12");
}

TEST_F(StreamFilesTest, TheShelfsRefusalsAreKeptByNobody) {
  for (const int status : {400, 404, 503}) {
    HttpResponse out{0, "", {}};
    files()->handle(request_of("GET", "/live/v0/index.m3u8?_HLS_msn=7"),
                    Responder([&out](HttpResponse response) { out = std::move(response); }));
    shelf_->let_go({status, nullptr, "no"});
    EXPECT_EQ(out.status, status);
    EXPECT_EQ(header_of(out, "Cache-Control"), "no-store");
    EXPECT_EQ(header_of(out, "Retry-After"), status == 503 ? "1" : "");
  }
  EXPECT_EQ(get("/live/v0/index.m3u8?_HLS_part=1").status, 400);
  EXPECT_EQ(get("/live/v0/index.m3u8?_HLS_msn=x").status, 400);
  // Only media playlists have directives.
  EXPECT_EQ(get("/live/index.m3u8?_HLS_msn=x").status, 200);
}

TEST_F(StreamFilesTest, AHintedPartIsWaitedFor) {
  shelf_->hinted = "v0/s1.p2.m4s";
  HttpResponse out{0, "", {}};
  files()->handle(request_of("GET", "/live/v0/s1.p2.m4s"),
                  Responder([&out](HttpResponse response) { out = std::move(response); }));
  EXPECT_EQ(out.status, 0);
  shelf_->let_go({200, shelf_->put("v0/s1.p2.m4s", ItemKind::part, "part"), ""});
  EXPECT_EQ(out.status, 200);
  EXPECT_EQ(out.body.bytes, "part");
}

TEST_F(StreamFilesTest, ATokenIsAskedForAndCarriedIntoEveryUri) {
  const auto guarded = files(kSecret);
  EXPECT_EQ(ask(*guarded, request_of("GET", "/live/index.m3u8")).status, 403);
  EXPECT_EQ(ask(*guarded, request_of("GET", "/live/key/1")).status, 403);
  const std::string token = make_stream_token(kSecret, "live", clock_.utc_now() + Seconds(60));
  const HttpResponse playlist = ask(*guarded, request_of("GET", "/live/v0/index.m3u8?token=" + token));
  EXPECT_EQ(playlist.status, 200);
  const std::string text(playlist.body.bytes);
  EXPECT_THAT(text, HasSubstr("URI=\"init.uri?token=" + token + "\""));
  EXPECT_THAT(text, HasSubstr("URI=\"p.uri?token=" + token + "\""));
  EXPECT_THAT(text, HasSubstr("\ns1.uri?token=" + token + "\n"));
  EXPECT_EQ(header_of(playlist, "Content-Encoding"), "");
  const HttpResponse packed =
      ask(*guarded, request_of("GET", "/live/v0/index.m3u8?token=" + token, {{"accept-encoding", "gzip"}}));
  EXPECT_EQ(header_of(packed, "Content-Encoding"), "gzip");
  EXPECT_EQ(packed.body.bytes.substr(0, 2), "\x1f\x8b");
  const HttpResponse segment = ask(*guarded, request_of("GET", "/live/v0/s1.m4s?token=" + token));
  EXPECT_EQ(segment.status, 200);
  EXPECT_EQ(header_of(segment, "Cache-Control"), "private, max-age=86400, immutable");
}

TEST_F(StreamFilesTest, TokensThatAreForgedSwappedOrExpiredOpenNothing) {
  const auto guarded = files(kSecret);
  const UtcInstant later = clock_.utc_now() + Seconds(60);
  const std::string good = make_stream_token(kSecret, "live", later);
  const auto status = [&](const std::string& token) {
    return ask(*guarded, request_of("GET", "/live/v0/s1.m4s?token=" + token)).status;
  };
  EXPECT_EQ(status(good), 200);
  EXPECT_EQ(status(make_stream_token("another secret..", "live", later)), 403);
  EXPECT_EQ(status(make_stream_token(kSecret, "other", later)), 403);
  EXPECT_EQ(status(make_stream_token(kSecret, "live", clock_.utc_now() - Seconds(1))), 403);
  clock_.advance(Seconds(62));
  EXPECT_EQ(status(good), 403);
}

}  // namespace
}  // namespace mainstay::remote
