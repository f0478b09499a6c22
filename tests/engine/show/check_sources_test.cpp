#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/show/check.h"
#include "engine/show/parse.h"

namespace mainstay::show {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::StartsWith;

/// Lines about a show whose one source is this.
std::vector<std::string> found(const std::string& source) {
  const Parsed parsed = parse_show(R"({"mainstay": 1, "program": {}, "sources": {"x": )" + source + "}}");
  std::vector<ShowError> errors = parsed.errors;
  if (errors.empty()) errors = check(parsed.show, {.show_dir = "", .probe_files = false, .secrets = nullptr});
  std::vector<std::string> lines;
  for (const ShowError& error : errors) lines.push_back(to_line(error));
  return lines;
}

TEST(CheckSources, GraphicsThatMakeSensePass) {
  EXPECT_THAT(found(R"({"type": "text", "text": "two\nlines", "style": {"color": "#ffffff80"}})"), IsEmpty());
  EXPECT_THAT(found(R"({"type": "text", "path": "title.txt"})"), IsEmpty());
  EXPECT_THAT(found(R"({"type": "clock", "format": "%A %H:%M:%S %%", "zone": "Europe/Berlin"})"), IsEmpty());
  EXPECT_THAT(found(R"({"type": "countdown", "to": "2026-12-31T23:59:59Z", "format": "%Dd %h:%M"})"), IsEmpty());
  EXPECT_THAT(found(R"({"type": "countdown", "length_ms": 90000, "start": "manual"})"), IsEmpty());
  EXPECT_THAT(found(R"({"type": "ticker", "text": "a\nb", "speed": -60.5})"), IsEmpty());
  EXPECT_THAT(found(R"({"type": "svg", "path": "logo.svg", "width": 300})"), IsEmpty());
}

TEST(CheckSources, WrongGraphicsNameTheirKey) {
  EXPECT_THAT(found(R"({"type": "text", "text": "a", "path": "b"})"),
              ElementsAre("/sources/x/path: give either \"text\" or \"path\", not both"));
  EXPECT_THAT(found(R"({"type": "text", "style": {"color": "white"}})"),
              ElementsAre(StartsWith("/sources/x/style/color: expected a colour as \"#rrggbb\" or \"#rrggbbaa\"")));
  EXPECT_THAT(found(R"({"type": "text", "align": "middle"})"), ElementsAre(StartsWith("/sources/x/align: expected")));
  EXPECT_THAT(found("{\"type\": \"text\", \"text\": \"a\\u0007\"}"),
              ElementsAre("/sources/x/text: the text holds a control character: remove it"));
  EXPECT_THAT(found(R"({"type": "clock", "format": "%H:%Q"})"),
              ElementsAre(StartsWith("/sources/x/format: \"%Q\" is no mark that can stand here")));
  EXPECT_THAT(found(R"({"type": "countdown"})"),
              ElementsAre("/sources/x: a countdown has either \"to\" or \"length_ms\""));
  EXPECT_THAT(found(R"({"type": "countdown", "to": "18:00", "length_ms": 1})"),
              ElementsAre("/sources/x: a countdown has either \"to\" or \"length_ms\""));
  EXPECT_THAT(found(R"({"type": "countdown", "to": "25:00"})"),
              ElementsAre(StartsWith("/sources/x/to: \"25:00\" is no moment in UTC")));
  EXPECT_THAT(found(R"({"type": "countdown", "to": "18:00", "start": "manual"})"),
              ElementsAre("/sources/x/start: only a countdown of \"length_ms\" is started by hand"));
  EXPECT_THAT(found(R"({"type": "countdown", "length_ms": 1, "format": "%H:%Y"})"),
              ElementsAre(StartsWith("/sources/x/format: \"%Y\" is no mark")));
  EXPECT_THAT(found(R"({"type": "ticker", "speed": 6000})"), ElementsAre(StartsWith("/sources/x/speed: expected")));
  EXPECT_THAT(found(R"({"type": "svg"})"), ElementsAre(StartsWith("/sources/x: \"path\" is missing")));
}

TEST(CheckSources, StreamsAndDevicesThatMakeSensePass) {
  for (const char* url : {"srt://host:9000", "srt://host:9000?mode=caller&latency=200", "rtmp://host/live/stream",
                          "rtmps://host/live/stream", "rtsp://user:secret@host/cam", "http://host/live.m3u8",
                          "https://host/a/live.m3u8?token=${secret:token}", "udp://239.1.2.3:5000", "udp://@:5000",
                          "udp://:5000", "tcp://host:5000"})
    EXPECT_THAT(found(R"({"type": "stream", "url": ")" + std::string(url) + "\"}"), IsEmpty()) << url;
  EXPECT_THAT(found(R"({"type": "stream", "url": "srt://host:1", "passphrase": "0123456789", "latency_ms": 80})"),
              IsEmpty());
  EXPECT_THAT(found(R"({"type": "stream", "url": "rtsp://host/cam", "transport": "udp", "timeout_ms": 500})"),
              IsEmpty());
  EXPECT_THAT(found(R"({"type": "screen"})"), IsEmpty());
  EXPECT_THAT(found(R"({"type": "screen", "x": 1, "width": 640, "height": 360, "rate": 15, "window": "0x2a00007"})"),
              IsEmpty());
  EXPECT_THAT(found(R"({"type": "camera", "device": "/dev/video0", "width": 640, "height": 480, "rate": "25/1"})"),
              IsEmpty());
  EXPECT_THAT(found(R"({"type": "audio", "device": "pulse", "channels": 1, "first_channel": 3})"), IsEmpty());
}

TEST(CheckSources, WrongStreamsNameTheirKey) {
  const auto of = [](const std::string& url) { return found(R"({"type": "stream", "url": ")" + url + "\"}"); };
  EXPECT_THAT(found(R"({"type": "stream"})"), ElementsAre(StartsWith("/sources/x: \"url\" is missing")));
  EXPECT_THAT(of("ftp://host/x"), ElementsAre(StartsWith("/sources/x/url: unknown protocol \"ftp\"")));
  EXPECT_THAT(of("srt://host"), ElementsAre("/sources/x/url: the port is missing: srt://HOST:PORT"));
  EXPECT_THAT(of("srt://:9000"), ElementsAre(StartsWith("/sources/x/url: the host is missing: srt://HOST:PORT")));
  EXPECT_THAT(of("srt://host:1?mode=listener"), ElementsAre(StartsWith("/sources/x/url: mode \"listener\" cannot")));
  EXPECT_THAT(of("srt://host:1?passphrase=short"), ElementsAre(StartsWith("/sources/x/url: the passphrase has 5")));
  EXPECT_THAT(of("udp://host"), ElementsAre("/sources/x/url: the port is missing: udp://HOST:PORT"));
  EXPECT_THAT(of("tcp://:5000"), ElementsAre("/sources/x/url: the host is missing: tcp://HOST:PORT"));
  EXPECT_THAT(of("http:///live.m3u8"), ElementsAre("/sources/x/url: the host is missing: http://HOST/PATH"));
  EXPECT_THAT(of("rtmp://host/live"),
              ElementsAre("/sources/x/url: the stream's name is missing: rtmp://HOST/APP/NAME"));
  EXPECT_THAT(found(R"({"type": "stream", "url": "http://host/x", "passphrase": "0123456789"})"),
              ElementsAre("/sources/x/passphrase: a passphrase is for SRT"));
  EXPECT_THAT(found(R"({"type": "stream", "url": "http://host/x", "transport": "udp"})"),
              ElementsAre("/sources/x/transport: a transport is for RTSP"));
}

TEST(CheckSources, TwoThatReceiveOnOnePortAreRefused) {
  const Parsed parsed = parse_show(R"({"mainstay": 1, "program": {}, "sources": {
    "a": {"type": "stream", "url": "udp://:5000"}, "b": {"type": "stream", "url": "udp://127.0.0.1:5000"}}})");
  const auto errors = check(parsed.show, {.show_dir = "", .probe_files = false, .secrets = nullptr});
  ASSERT_EQ(errors.size(), 1U);
  EXPECT_THAT(to_line(errors[0]), StartsWith("/sources/b/url: UDP port 5000 is used by /sources/a/url too"));
}

TEST(CheckSources, WrongDevicesNameTheirKey) {
  EXPECT_THAT(found(R"({"type": "screen", "width": 640})"),
              ElementsAre("/sources/x/height: give both \"width\" and \"height\", or neither"));
  EXPECT_THAT(found(R"({"type": "screen", "y": 5})"), ElementsAre(StartsWith("/sources/x/y: a part of the screen")));
  EXPECT_THAT(found(R"({"type": "screen", "window": "xterm"})"),
              ElementsAre(StartsWith("/sources/x/window: expected a window's number")));
  EXPECT_THAT(found(R"({"type": "camera", "height": 480})"),
              ElementsAre("/sources/x/width: give both \"width\" and \"height\", or neither"));
  EXPECT_THAT(found(R"({"type": "camera", "format": ""})"),
              ElementsAre(StartsWith("/sources/x/format: the format is")));
  EXPECT_THAT(found(R"({"type": "audio", "channels": 3})"), ElementsAre(StartsWith("/sources/x/channels: expected")));
}

}  // namespace
}  // namespace mainstay::show
