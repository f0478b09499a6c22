// The origin on a real port: curl, ffmpeg and raw sockets ask.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <list>
#include <sstream>

#include "engine/remote/origin/origin.h"
#include "engine/studio/stream_token.h"
#include "tests/engine/remote/origin/fake_shelf.h"
#include "tests/engine/remote/test_client.h"
#include "tests/support/clips.h"

namespace mainstay::remote {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* kSecret = "sixteen letters!";

std::string output_of(const std::string& command) {
  std::string out;
  FILE* pipe = ::popen((command + " 2>&1").c_str(), "r");
  char bytes[4096];
  while (const std::size_t n = std::fread(bytes, 1, sizeof bytes, pipe)) out.append(bytes, n);
  ::pclose(pipe);
  return out;
}

std::string text_of(const std::string& path) {
  std::ostringstream out;
  out << std::ifstream(path, std::ios::binary).rdbuf();
  return out.str();
}

class OriginPeerTest : public ::testing::Test {
 protected:
  void serve(OriginSettings settings = {}) {
    settings.listen = "127.0.0.1:0";
    const Status applied = origin_.apply(settings);
    ASSERT_TRUE(applied) << applied.error().describe();
    const std::string address = origin_.address();
    port_ = static_cast<std::uint16_t>(std::stoi(address.substr(address.rfind(':') + 1)));
  }
  std::string url(const std::string& path) const { return fmt::format("http://127.0.0.1:{}{}", port_, path); }
  std::string curl(const std::string& arguments, const std::string& path) const {
    return output_of(fmt::format("curl -sS --path-as-is --max-time 20 {} '{}'", arguments, url(path)));
  }
  std::string get(const std::string& path) const {
    RawClient client(port_);
    client.send("GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n");
    return client.response();
  }

  SteadyClock clock_;
  Log log_{{.level = LogLevel::off}};
  test::TempFolder folder_;
  std::shared_ptr<FakeShelf> shelf_ = std::make_shared<FakeShelf>();
  Origin origin_{clock_, log_, {.shelf = [this] { return shelf_; }}};
  std::uint16_t port_ = 0;
};

TEST_F(OriginPeerTest, CurlGetsRangesConditionsAndHeads) {
  serve();
  std::string body(100'000, 'x');
  body.replace(70'000, 5, "here!");
  shelf_->put("v0/s1.m4s", package::ItemKind::segment, body);
  EXPECT_EQ(curl("", "/live/v0/s1.m4s"), body);
  EXPECT_EQ(curl("-r 70000-70004", "/live/v0/s1.m4s"), "here!");
  EXPECT_THAT(curl("-r 70000-70004 -D - -o /dev/null", "/live/v0/s1.m4s"),
              HasSubstr("Content-Range: bytes 70000-70004/100000"));
  EXPECT_THAT(curl("-r 200000- -o /dev/null -w '%{http_code}'", "/live/v0/s1.m4s"), HasSubstr("416"));
  const std::string head = curl("-I", "/live/v0/s1.m4s");
  EXPECT_THAT(head, HasSubstr("Content-Length: 100000"));
  EXPECT_THAT(head, HasSubstr("Date: "));
  const std::string etag = folder_.file("etag");
  EXPECT_THAT(curl("-o /dev/null -w '%{http_code}' --etag-save " + etag, "/live/v0/s1.m4s"), HasSubstr("200"));
  EXPECT_THAT(curl("-o /dev/null -w '%{http_code}' --etag-compare " + etag, "/live/v0/s1.m4s"), HasSubstr("304"));
}

TEST_F(OriginPeerTest, CurlUnpacksPlaylists) {
  serve();
  const std::string plain = folder_.file("plain");
  std::ofstream(plain) << "#EXTM3U\n";
  ASSERT_EQ(std::system(("gzip -k " + plain).c_str()), 0);
  auto item = std::make_shared<package::Item>(*shelf_->put("index.m3u8", package::ItemKind::multivariant, "#EXTM3U\n"));
  item->gzip = std::make_shared<const std::string>(text_of(plain + ".gz"));
  shelf_->put(item, "index.m3u8");
  EXPECT_EQ(curl("--compressed", "/live/index.m3u8"), "#EXTM3U\n");
  EXPECT_THAT(curl("--compressed -D - -o /dev/null", "/live/index.m3u8"), HasSubstr("Content-Encoding: gzip"));
}

TEST_F(OriginPeerTest, WhoTriesToGetOutOfTheStreamFindsNothing) {
  serve();
  shelf_->put("v0/s1.m4s", package::ItemKind::segment, "0123456789");
  for (const char* path : {"/live/../../../../etc/passwd", "/live/%2e%2e/%2e%2e/etc/passwd",
                           "/live/..%2f..%2fetc/passwd", "/live//etc/passwd", "/live/%00", "/live/v0/..;/s1.m4s",
                           "/player/../../etc/passwd", "/live/v0%5cs1.m4s", "/../etc/passwd", "/live/v0/s1.m4s/"}) {
    const std::string answer = get(path);
    EXPECT_EQ(status_of(answer), 404) << path;
    EXPECT_THAT(answer, HasSubstr("Cache-Control: no-store")) << path;
    EXPECT_THAT(answer, Not(HasSubstr("root:"))) << path;
  }
  EXPECT_EQ(status_of(get("/live/v0/s1.m4s")), 200);
}

TEST_F(OriginPeerTest, FfmpegPlaysThroughATokenInEveryUri) {
  // What the packager will put on the shelf, made by ffmpeg's own.
  const std::string made = output_of(
      "ffmpeg -v error -f lavfi -i testsrc2=size=160x90:rate=25 -t 6 -c:v libx264 -preset ultrafast -g 25 -f hls "
      "-hls_time 1 "
      "-hls_playlist_type vod -hls_segment_type fmp4 " +
      folder_.file("index.m3u8"));
  ASSERT_EQ(made, "");
  std::string playlist = text_of(folder_.file("index.m3u8"));
  std::vector<std::uint32_t> ends;
  for (const char* extension : {".m4s\n", ".mp4\""}) {
    for (std::size_t at = playlist.find(extension); at != std::string::npos; at = playlist.find(extension, at + 1))
      ends.push_back(static_cast<std::uint32_t>(at + 4));
  }
  std::sort(ends.begin(), ends.end());
  auto item = std::make_shared<package::Item>(*shelf_->put("index.m3u8", package::ItemKind::media_playlist, playlist));
  item->uri_ends = ends;
  shelf_->put(item, "index.m3u8");
  shelf_->put("init.mp4", package::ItemKind::init, text_of(folder_.file("init.mp4")));
  for (int i = 0; i < 6; ++i) {
    const std::string name = fmt::format("index{}.m4s", i);
    shelf_->put(name, package::ItemKind::segment, text_of(folder_.file(name)));
  }
  OriginSettings settings;
  settings.token_secret = kSecret;
  serve(settings);
  const auto frames = [&](const std::string& query) {
    const std::string lines = output_of(
        fmt::format("ffprobe -v fatal -count_packets -select_streams v:0 -show_entries stream=nb_read_packets -of "
                    "default=nk=1:nw=1 '{}'",
                    url("/live/index.m3u8" + query)));
    return lines.substr(0, lines.find('\n'));  // once more for the programme that the stream belongs to
  };
  EXPECT_EQ(frames("?token=" + make_stream_token(kSecret, "live", clock_.utc_now() + Seconds(60))), "150");
  EXPECT_EQ(frames("?token=" + make_stream_token(kSecret, "other", clock_.utc_now() + Seconds(60))), "");
  EXPECT_EQ(frames(""), "");
}

TEST_F(OriginPeerTest, ManyReloadsAreAnsweredByOnePart) {
  serve({.max_requests_per_s = 0});
  shelf_->put("v0/index.m3u8", package::ItemKind::media_playlist, "older");
  std::list<RawClient> clients;
  for (int i = 0; i < 200; ++i)
    clients.emplace_back(port_).send("GET /live/v0/index.m3u8?_HLS_msn=1&_HLS_part=2 HTTP/1.1\r\nHost: x\r\n\r\n");
  while (shelf_->waiting() < clients.size()) clock_.wait_until(clock_.now() + Millis(1), {});
  shelf_->let_go({200, shelf_->put("v0/index.m3u8", package::ItemKind::media_playlist, "newer"), ""});
  for (RawClient& client : clients) EXPECT_EQ(body_of(client.response()), "newer");
}

TEST_F(OriginPeerTest, IdleConnectionsMakeRoomForViewers) {
  serve({.max_connections = 20});
  shelf_->put("v0/s1.m4s", package::ItemKind::segment, "0123456789");
  shelf_->put("v0/index.m3u8", package::ItemKind::media_playlist, "older");
  RawClient waits(port_);
  waits.send("GET /live/v0/index.m3u8?_HLS_msn=1 HTTP/1.1\r\nHost: x\r\n\r\n");
  while (shelf_->waiting() < 1) clock_.wait_until(clock_.now() + Millis(1), {});
  std::list<RawClient> idle;
  for (int i = 0; i < 100; ++i) idle.emplace_back(port_).send("GET /live/v0/s1.m4s HTTP/1.1\r\nX-Slow: ");
  EXPECT_EQ(status_of(get("/live/v0/s1.m4s")), 200);
  EXPECT_LE(origin_.audience()->connections, 20u);
  shelf_->let_go({200, shelf_->find("v0/index.m3u8"), ""});
  EXPECT_EQ(body_of(waits.response()), "older");  // who is served is not sent away
}

TEST_F(OriginPeerTest, HeadersAndReportsHaveAnEnd) {
  serve();
  RawClient large(port_);
  large.send("GET / HTTP/1.1\r\nHost: x\r\nA: " + std::string(20'000, 'a') + "\r\n\r\n");
  EXPECT_EQ(status_of(large.response()), 431);
  RawClient report(port_);
  report.send("POST /beacon HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n");
  EXPECT_EQ(status_of(report.response()), 413);
}

TEST_F(OriginPeerTest, ViewersStayThroughAChangeThatIsNotOfTheAddress) {
  serve();
  shelf_->put("v0/s1.m4s", package::ItemKind::segment, "0123456789");
  RawClient client(port_);
  client.send("GET /live/v0/s1.m4s HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(status_of(client.response()), 200);
  OriginSettings settings;
  settings.stream = "other";
  const std::uint16_t before = port_;
  serve(settings);
  EXPECT_EQ(port_, before);
  client.send("GET /other/v0/s1.m4s HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(status_of(client.response()), 200);
  EXPECT_EQ(status_of(get("/live/v0/s1.m4s")), 404);
  ASSERT_TRUE(origin_.apply(std::nullopt));
  EXPECT_EQ(origin_.audience(), std::nullopt);
  EXPECT_EQ(origin_.viewers(), nullptr);
}

TEST_F(OriginPeerTest, TheStateSaysWhereThePageIsAndWhoWatches) {
  serve();
  shelf_->put("v0/s1.m4s", package::ItemKind::segment, "0123456789");
  get("/live/v0/s1.m4s?CMCD=sid%3D%22s1%22");
  const auto audience = origin_.audience();
  ASSERT_TRUE(audience);
  EXPECT_EQ(audience->address, url("/"));
  EXPECT_EQ(audience->state, "listening");
  EXPECT_EQ(audience->viewers, 1);
  EXPECT_EQ(audience->requests, 1);
  EXPECT_EQ(audience->bytes, 10);
}

TEST_F(OriginPeerTest, APortThatIsTakenIsTold) {
  serve();
  Origin second(clock_, log_, {.shelf = [this] { return shelf_; }});
  OriginSettings settings;
  settings.listen = fmt::format("127.0.0.1:{}", port_);
  EXPECT_FALSE(second.apply(settings));
  ASSERT_TRUE(second.audience());
  EXPECT_EQ(second.audience()->state, "failed");
  EXPECT_THAT(second.audience()->detail, HasSubstr("another program"));
}

}  // namespace
}  // namespace mainstay::remote
