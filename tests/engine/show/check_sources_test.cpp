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

}  // namespace
}  // namespace mainstay::show
