// Scenes in scenes and multiviews, as the check of a show sees them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/show/check.h"
#include "engine/show/layers.h"
#include "engine/show/parse.h"

namespace mainstay::show {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

Parsed parsed(const std::string& sources, const std::string& scenes) {
  return parse_show(R"({"mainstay": 1, "program": {}, "sources": {"bars": {"type": "bars"})" + sources +
                    R"(}, "scenes": {)" + scenes + "}}");
}

std::vector<std::string> found(const std::string& sources, const std::string& scenes) {
  const Parsed show = parsed(sources, scenes);
  std::vector<ShowError> errors = show.errors;
  if (errors.empty()) errors = check(show.show, {.show_dir = "", .probe_files = false, .secrets = nullptr});
  std::vector<std::string> lines;
  for (const ShowError& error : errors) lines.push_back(to_line(error));
  return lines;
}

std::string nested(const std::string& scene) {
  return R"(, "in )" + scene + R"(": {"type": "scene", "scene": ")" + scene + "\"}";
}
std::string scene(const std::string& name, const std::vector<std::string>& sources) {
  std::string layers;
  for (const std::string& source : sources)
    layers += (layers.empty() ? "" : ", ") + (R"({"source": ")" + source + "\"}");
  return "\"" + name + R"(": {"layers": [)" + layers + "]}";
}

TEST(CheckNesting, ASceneInTwoOthersPasses) {
  EXPECT_THAT(found(nested("a"),
                    scene("a", {"bars"}) + "," + scene("b", {"in a", "in a"}) + "," + scene("c", {"bars", "in a"})),
              IsEmpty());
}

TEST(CheckNesting, AnUnknownSceneIsNamed) {
  EXPECT_THAT(found(nested("studioo"), scene("studio", {"bars"})),
              ElementsAre(AllOf(StartsWith("/sources/in studioo/scene: there is no scene \"studioo\""),
                                HasSubstr("\"studio\""))));
}

TEST(CheckNesting, ASceneCannotLieInItself) {
  EXPECT_THAT(found(nested("a"), scene("a", {"bars", "in a"})),
              ElementsAre("/scenes/a/layers/1/source: a scene cannot lie in itself: \"a\" shows \"a\""));
}

TEST(CheckNesting, NorThroughOthers) {
  EXPECT_THAT(
      found(nested("a") + nested("b") + nested("c"),
            scene("a", {"in b"}) + "," + scene("b", {"bars", "in c"}) + "," + scene("c", {"in a"})),
      ElementsAre(
          "/scenes/c/layers/0/source: a scene cannot lie in itself: \"a\" shows \"b\" shows \"c\" shows \"a\""));
}

TEST(CheckNesting, EightDeepIsTheMost) {
  std::string sources;
  std::string scenes = scene("s0", {"bars"});
  for (int i = 1; i <= 9; ++i) {
    sources += nested("s" + std::to_string(i - 1));
    scenes += "," + scene("s" + std::to_string(i), {"in s" + std::to_string(i - 1)});
    if (i <= 8) {
      EXPECT_THAT(found(sources, scenes), IsEmpty()) << i;
    }
  }
  EXPECT_THAT(found(sources, scenes),
              ElementsAre(StartsWith("/scenes/s9/layers/0/source: scenes lie in each other 8 deep at most")));
}

TEST(CheckNesting, ManyLayersOfManyScenesAreLookedThroughOnce) {
  // Sixty layers of the scene below, eight deep: 60^8 ways down.
  std::string sources;
  std::string scenes = scene("s0", {"bars"});
  for (int i = 1; i <= 8; ++i) {
    const std::string below = "s" + std::to_string(i - 1);
    sources += nested(below);
    scenes += "," + scene("s" + std::to_string(i), std::vector<std::string>(60, "in " + below));
  }
  const Parsed show = parsed(sources, scenes);
  ASSERT_THAT(show.errors, IsEmpty());
  EXPECT_TRUE(shows_within(show.show, show.show.scenes.at("s8"), "bars"));
  EXPECT_FALSE(shows_within(show.show, show.show.scenes.at("s8"), "nothing"));
  EXPECT_TRUE(lies_within(show.show, show.show.scenes.at("s8"), "s0"));
  EXPECT_THAT(found(sources, scenes), IsEmpty());
}

TEST(CheckNesting, AHiddenLayerHidesWhatLiesInIt) {
  const Parsed show =
      parsed(nested("a"), scene("a", {"bars"}) + R"(, "b": {"layers": [{"source": "in a", "visible": false}]})");
  ASSERT_THAT(show.errors, IsEmpty());
  const Scene& b = show.show.scenes.at("b");
  EXPECT_TRUE(shows_within(show.show, b, "bars"));
  EXPECT_FALSE(shows_within(show.show, b, "bars", true));
  std::set<std::string> seen;
  see_sources(show.show, b, seen);
  EXPECT_THAT(seen, IsEmpty());
}

TEST(CheckNesting, AMultiviewNamesWhatThereIs) {
  const auto with = [](const std::string& cells) {
    return found(R"(, "mv": {"type": "multiview", "rows": 2, "columns": 3, "cells": [)" + cells + "]}",
                 scene("a", {"bars"}));
  };
  EXPECT_THAT(with(R"("program", {"shows": "preview", "span": 2}, {"shows": "scene", "name": "a"},
                      {"shows": "source", "name": "bars", "label": "Bars"})"),
              IsEmpty());
  EXPECT_THAT(with(R"({"shows": "scene", "name": "b"})"),
              ElementsAre(StartsWith("/sources/mv/cells/0/name: there is no scene \"b\"")));
  EXPECT_THAT(with(R"("program", {"shows": "source"})"),
              ElementsAre("/sources/mv/cells/1/name: name the source that the cell shows"));
  EXPECT_THAT(with(R"({"shows": "program", "span": 3})"),
              ElementsAre("/sources/mv/cells/0/span: 3 cells are more than the multiview has (3 by 2)"));
}

TEST(CheckNesting, WithoutCellsAMultiviewShowsProgramPreviewAndTheScenes) {
  const Parsed show = parsed("", scene("a", {"bars"}) + "," + scene("b", {"bars"}));
  const std::vector<MultiviewCell> cells = multiview_cells(show.show, MultiviewSource{});
  ASSERT_EQ(cells.size(), 4U);
  EXPECT_EQ(cells[0].shows, CellShows::program);
  EXPECT_EQ(cells[0].span, 2);
  EXPECT_EQ(cells[1].shows, CellShows::preview);
  EXPECT_EQ(cells[3].name, "b");
}

TEST(CheckNesting, ASlateIsASourceOfItsOwn) {
  const Parsed show = parse_show(R"({"mainstay": 1, "program": {"slate": "x"}, "sources": {"bars": {"type": "bars"},
      "x": {"type": "scene", "scene": "a"}}, "scenes": {"a": {"layers": [{"source": "bars"}]}}})");
  ASSERT_THAT(show.errors, IsEmpty());
  const auto errors = check(show.show, {.show_dir = "", .probe_files = false, .secrets = nullptr});
  ASSERT_EQ(errors.size(), 1U);
  EXPECT_EQ(errors[0].pointer, "/program/slate");
}

}  // namespace
}  // namespace mainstay::show
