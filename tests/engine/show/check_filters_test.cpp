// Filters of layers in the document: read, named, and refused with the key that is wrong.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/show/check.h"
#include "engine/show/layer_filters.h"
#include "engine/show/parse.h"
#include "tests/engine/show/show_support.h"

namespace mainstay::show {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::StartsWith;

std::string document(const std::string& filters) {
  return R"({"mainstay": 1, "program": {}, "sources": {"x": {"type": "bars"}}, "scenes": {"A": {"layers": [)"
         R"({"source": "x", "filters": [)" +
         filters + "]}]}}}";
}

/// Lines about a layer with these filters, "/scenes/A/layers/0/filters" taken off.
std::vector<std::string> found(const std::string& filters, const std::string& show_dir = "") {
  const Parsed parsed = parse_show(document(filters));
  std::vector<ShowError> errors = parsed.errors;
  if (errors.empty())
    errors = check(parsed.show, {.show_dir = show_dir, .probe_files = !show_dir.empty(), .secrets = nullptr});
  std::vector<std::string> out;
  const std::string prefix = "/scenes/A/layers/0/filters";
  for (const ShowError& error : errors) {
    EXPECT_THAT(error.pointer, StartsWith(prefix));
    out.push_back(error.pointer.substr(prefix.size()) + ": " + error.message);
  }
  return out;
}

TEST(CheckFilters, EveryKindIsReadWithItsSettings) {
  EXPECT_THAT(found(R"({"type": "chroma_key", "color": "#0000ff", "similarity": 0.2, "smoothness": 0, "spill": 1},
    {"type": "luma_key", "low": 0.2, "high": 0.8, "invert": true},
    {"type": "color_correct", "lift": {"r": -0.1}, "gamma": {"master": 1.2}, "gain": {"b": 2}, "saturation": 0,
     "contrast": 1.5, "brightness": -0.2, "hue": -180},
    {"type": "lut", "path": "a.cube", "amount": 0.5},
    {"type": "mask", "path": "a.png", "channel": "luma", "radius": 20, "feather": 4.5},
    {"type": "blur", "radius": 30, "name": "soft"}, {"type": "sharpen", "amount": 2, "enabled": false},
    {"type": "delay", "delay_ms": 2000}, {"type": "deinterlace", "method": "yadif", "first": "bottom"})"),
              IsEmpty());
}

TEST(CheckFilters, WhatIsWrongNamesItsKey) {
  EXPECT_THAT(found(R"({"type": "blurr"})"), ElementsAre("/0: unknown type \"blurr\": did you mean \"blur\"?"));
  EXPECT_THAT(found(R"({"type": "blur", "radius": 129})"), ElementsAre(StartsWith("/0/radius: expected")));
  EXPECT_THAT(found(R"({"type": "chroma_key", "color": "green"})"), ElementsAre(StartsWith("/0/color: expected")));
  EXPECT_THAT(found(R"({"type": "color_correct", "gamma": {"r": 0}})"),
              ElementsAre(StartsWith("/0/gamma/r: expected")));
  EXPECT_THAT(found(R"({"type": "delay", "delay_ms": 2001})"), ElementsAre(StartsWith("/0/delay_ms: expected")));
  EXPECT_THAT(found(R"({"type": "lut"})"), ElementsAre(StartsWith("/0: \"path\" is missing")));
  EXPECT_THAT(found(R"({"type": "lut", "path": ""})"), ElementsAre("/0/path: the path is empty: name a .cube file"));
  EXPECT_THAT(found(R"({"type": "luma_key", "low": 0.7, "high": 0.3})"),
              ElementsAre("/0/low: nothing lies between 0.7 and 0.3: \"low\" must not be above \"high\""));
  EXPECT_THAT(found(R"({"type": "blur", "name": "a"}, {"type": "delay", "name": "a"})"),
              ElementsAre("/1/name: the layer's filter 0 is named \"a\" too: give each a name of its own"));
}

TEST(CheckFilters, MoreThanSixteenAreTooMany) {
  std::string many = R"({"type": "blur"})";
  for (int i = 0; i < 16; ++i) many += R"(, {"type": "blur"})";
  EXPECT_THAT(found(many), ElementsAre(": 17 entries are too many: at most 16"));
}

TEST(CheckFilters, FilesThatCannotBeReadNameTheirKey) {
  const TemporaryFolder folder;
  folder.write("a.cube", "LUT_3D_SIZE 2\n");
  EXPECT_THAT(found(R"({"type": "lut", "path": "a.cube"}, {"type": "mask"})", folder.path()), IsEmpty());
  EXPECT_THAT(found(R"({"type": "blur"}, {"type": "lut", "path": "b.cube"})", folder.path()),
              ElementsAre(StartsWith("/1/path: cannot read ")));
  EXPECT_THAT(found(R"({"type": "mask", "path": "m.png"})", folder.path()),
              ElementsAre(StartsWith("/0/path: cannot read ")));
}

TEST(CheckFilters, FiltersWithoutANameAreCalledByTheirKind) {
  const std::vector<Filter> filters{BlurFilter{}, BlurFilter{}, DelayFilter{.name = "blur 2"}, BlurFilter{}};
  EXPECT_THAT(filter_names(filters), ElementsAre("blur", "blur 3", "blur 2", "blur 4"));
}

}  // namespace
}  // namespace mainstay::show
