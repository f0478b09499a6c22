// Filters by command, and what the state and the events say of them.
#include "tests/engine/studio/studio_fixture.h"

namespace mainstay {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class FilterCommandsTest : public StudioTest {
 protected:
  static Json on(Json more) {
    more["scene"] = "Bars";
    more["layer"] = "bars";
    return more;
  }
  std::vector<std::string> names() {
    std::vector<std::string> out;
    for (const Json& filter : state("/layers/Bars/0/filters")) out.push_back(filter["name"]);
    return out;
  }
  Json written(int index) {
    return must("show.get", {{"pointer", "/scenes/Bars/layers/0/filters/" + std::to_string(index)}});
  }
};

TEST_F(FilterCommandsTest, FiltersAreAddedSetMovedSwitchedAndTakenOff) {
  must("show.open", {{"path", path_}});
  must("filter.add", on({{"type", "blur"}}));
  must("filter.add", on({{"type", "blur"}, {"values", {{"radius", 20}}}}));
  must("filter.add", on({{"type", "mask"}, {"name", "corners"}, {"position", 0}, {"values", {{"radius", 12}}}}));
  EXPECT_THAT(names(), ElementsAre("corners", "blur", "blur 2"));
  must("filter.move", on({{"filter", "blur 2"}, {"position", 0}}));
  EXPECT_THAT(names(), ElementsAre("blur 2", "corners", "blur"));
  must("filter.set", on({{"filter", "corners"}, {"values", {{"radius", nullptr}, {"feather", 3}}}}));
  EXPECT_EQ(written(1), (Json{{"type", "mask"}, {"name", "corners"}, {"feather", 3}}));
  must("filter.enable", on({{"filter", "blur"}, {"enabled", false}}));
  EXPECT_EQ(state("/layers/Bars/0/filters")[2]["enabled"], false);
  must("filter.enable", on({{"filter", "blur"}}));
  EXPECT_EQ(state("/layers/Bars/0/filters")[2]["enabled"], true);
  must("filter.remove", on({{"filter", "blur 2"}}));
  EXPECT_THAT(names(), ElementsAre("corners", "blur"));
  must("show.undo");
  EXPECT_THAT(names(), ElementsAre("blur 2", "corners", "blur"));
}

TEST_F(FilterCommandsTest, TheStateTellsAllKeysOfAFilter) {
  must("show.open", {{"path", path_}});
  must("filter.add", {{"scene", "Bars"}, {"layer", "bars"}, {"type", "color_correct"}, {"values", {{"hue", 30}}}});
  const Json filter = state("/layers/Bars/0/filters/0");
  EXPECT_EQ(filter["values"]["hue"], 30);
  EXPECT_EQ(filter["values"]["lift"], (Json{{"master", 0}, {"r", 0}, {"g", 0}, {"b", 0}}));
  EXPECT_FALSE(filter["values"].contains("type"));
  EXPECT_FALSE(filter["values"].contains("enabled"));
}

TEST_F(FilterCommandsTest, TheStateTellsByHowMuchADelayedPictureIsBehindItsSound) {
  must("show.open", {{"path", path_}});
  EXPECT_EQ(state("/layers/Bars/0/sound_ahead_ms"), 0);
  must("filter.add", on({{"type", "delay"}, {"values", {{"delay_ms", 200}}}}));
  EXPECT_EQ(state("/layers/Bars/0/sound_ahead_ms"), 200);
  must("mixer.set", {{"strip", "bars"}, {"delay_ms", 200}});
  EXPECT_EQ(state("/layers/Bars/0/sound_ahead_ms"), 0);
}

TEST_F(FilterCommandsTest, ASliderInAHandIsToldAsItMoves) {
  must("show.open", {{"path", path_}});
  must("filter.add", {{"scene", "Bars"}, {"layer", "bars"}, {"type", "blur"}});
  const std::int64_t revision = studio_.snapshot().revision;
  const std::int64_t before = last_event();
  for (int i = 1; i <= 40; ++i)
    must("filter.set", {{"scene", "Bars"}, {"layer", "bars"}, {"filter", "blur"}, {"values", {{"radius", i}}}});
  EXPECT_TRUE(becomes([&] { return studio_.snapshot().revision == revision + 2; })) << "two revisions";
  const Event changing = await("show.changing", before);
  EXPECT_EQ(changing.data["pointers"], Json::array({"/scenes/Bars/layers/0/filters/0/radius"}));
  must("show.undo");
  EXPECT_EQ(state("/layers/Bars/0/filters/0/values/radius"), 8) << "the drag is one step";
}

TEST_F(FilterCommandsTest, WhatIsWrongIsRefusedWithTheReason) {
  must("show.open", {{"path", path_}});
  EXPECT_EQ(call("filter.add", on({{"type", "glitter"}})).error->code, CallErrc::invalid_params);
  EXPECT_EQ(call("filter.add", {{"scene", "Bars"}, {"layer", "none"}, {"type", "blur"}}).error->code,
            CallErrc::not_found);
  EXPECT_EQ(call("filter.remove", on({{"filter", "blur"}})).error->code, CallErrc::not_found);
  must("filter.add", on({{"type", "blur"}}));
  const CallResult wrong = call("filter.set", on({{"filter", "blur"}, {"values", {{"radius", 1000}}}}));
  ASSERT_FALSE(wrong.ok());
  EXPECT_EQ(wrong.error->errors.front().pointer, "/scenes/Bars/layers/0/filters/0/radius");
  must("layer.set", {{"scene", "Bars"}, {"layer", "bars"}, {"values", {{"locked", true}}}});
  EXPECT_EQ(call("filter.set", on({{"filter", "blur"}, {"values", {{"radius", 2}}}})).error->code,
            CallErrc::wrong_state);
  must("filter.enable", on({{"filter", "blur"}, {"enabled", false}}));
}

TEST_F(FilterCommandsTest, WhatIsOnAirIsFilteredWithoutItsSourceBeingTouched) {
  go_on_air();
  ASSERT_TRUE(becomes([&] { return told_of("bars", "live"); }));
  const auto luma = [&] {
    const FramePtr picture = studio_.program_picture();
    return picture ? picture->planes[0][80 * picture->strides[0] + 1] : 0;
  };
  const std::int64_t seen = last_event();
  must("filter.add", on({{"type", "color_correct"}, {"values", {{"contrast", 0}, {"brightness", -0.5}}}}));
  EXPECT_TRUE(becomes([&] { return luma() == 16; }));
  must("filter.remove", on({{"filter", "color_correct"}}));
  EXPECT_TRUE(becomes([&] { return luma() > 16; }));
  for (const Event& event : studio_.events(seen, 2000)) EXPECT_NE(event.type, "source.state") << event.subject;
}

TEST_F(FilterCommandsTest, AFileThatCannotBeReadIsToldAndTheShowRunsOn) {
  const std::string cube = (folder_ / "grade.cube").string();
  std::ofstream(cube) << "LUT_3D_SIZE 2\n";  // cut short
  go_on_air();
  must("filter.add", on({{"type", "lut"}, {"name", "grade"}, {"values", {{"path", "grade.cube"}}}}));
  const Event failed = await("filter.state");
  EXPECT_EQ(failed.subject, "Bars/bars/grade");
  EXPECT_EQ(failed.data["state"], "failed");
  EXPECT_THAT(failed.message, HasSubstr("grade.cube: the table is cut short: 0 of 8"));
  EXPECT_EQ(state("/layers/Bars/0/filters")[0]["state"], "failed");
  std::ofstream(cube + ".new") << "LUT_3D_SIZE 2\n0 0 0\n0 0 0\n0 0 0\n0 0 0\n0 0 0\n0 0 0\n0 0 0\n0 0 0\n";
  std::filesystem::rename(cube + ".new", cube);
  EXPECT_EQ(await("filter.state", failed.number).data["state"], "live");
  EXPECT_TRUE(becomes([&] {
    const FramePtr picture = studio_.program_picture();
    return picture && picture->planes[0][80 * picture->strides[0] + 1] == 16;
  }));
}

}  // namespace
}  // namespace mainstay
