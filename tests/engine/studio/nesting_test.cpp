// Scenes in scenes by command: made, renamed, taken away, and what the tally says of them.
#include "tests/engine/studio/studio_fixture.h"

namespace mainstay {
namespace {

class NestingTest : public StudioTest {
 protected:
  std::string tally(const std::string& source) {
    const Json s = state("/sources/" + source);
    return std::string(s["on_air"].get<bool>() ? "program " : "") + (s["on_preview"].get<bool>() ? "preview" : "");
  }
  /// Blue in the middle of the picture: Cb.
  int blueness() {
    const FramePtr picture = studio_.program_picture();
    return picture ? picture->planes[1][20 * picture->strides[1] + 40] : 0;
  }
  Json show(const std::string& pointer) { return must("show.get", {{"pointer", pointer}}); }
};

TEST_F(NestingTest, ASceneIsPutIntoAnotherAndItsSourcesAreOnAir) {
  go_on_air();
  EXPECT_TRUE(becomes([&] { return tally("bars") == "program "; }));
  must("layer.add", {{"scene", "Bars"}, {"nested", "Blue"}});
  EXPECT_EQ(show("/sources/Blue")["scene"], "Blue") << "the source of kind scene is made";
  EXPECT_TRUE(becomes([&] { return tally("blue") == "program " && blueness() > 230; }));
  EXPECT_EQ(state("/sources/Blue/type"), "scene");
  must("layer.set", {{"scene", "Bars"}, {"layer", "Blue"}, {"values", {{"visible", false}}}});
  EXPECT_TRUE(becomes([&] { return tally("blue").empty() && blueness() < 230; })) << "a hidden layer hides all in it";
}

TEST_F(NestingTest, ThePreviewsTallyGoesThroughToo) {
  go_on_air();
  must("scene.add", {{"name", "Both"}});
  must("layer.add", {{"scene", "Both"}, {"nested", "Blue"}});
  must("layer.add", {{"scene", "Both"}, {"nested", "Blue"}});
  EXPECT_EQ(show("/scenes/Both/layers").size(), 2U);
  EXPECT_EQ(show("/scenes/Both/layers/1/name"), "Blue 2") << "the source is made once";
  must("preview.set", {{"scene", "Both"}});
  EXPECT_TRUE(becomes([&] { return tally("blue") == "preview" && tally("Blue") == "preview"; }));
}

TEST_F(NestingTest, RenamedItStaysWhereItLies) {
  must("show.open", {{"path", path_}});
  must("layer.add", {{"scene", "Bars"}, {"nested", "Blue"}});
  must("show.set", {{"pointer", "/sources/mv"},
                    {"value", Json::parse(R"({"type": "multiview", "cells": [{"shows": "scene", "name": "Blue"}]})")}});
  must("scene.rename", {{"name", "Blue"}, {"to", "Azure"}});
  EXPECT_EQ(show("/sources/Blue/scene"), "Azure");
  EXPECT_EQ(show("/sources/mv/cells/0/name"), "Azure");
}

TEST_F(NestingTest, OneThatLiesInOthersIsNotRemovedAndLeavesNothingBehind) {
  must("show.open", {{"path", path_}});
  must("layer.add", {{"scene", "Bars"}, {"nested", "Blue"}});
  const CallResult refused = call("scene.remove", {{"name", "Blue"}});
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error->code, CallErrc::invalid_show);
  ASSERT_EQ(refused.error->errors.size(), 1U);
  EXPECT_EQ(refused.error->errors[0].pointer, "/sources/Blue/scene");
  must("layer.remove", {{"scene", "Bars"}, {"layer", "Blue"}});
  must("scene.remove", {{"name", "Blue"}});
  EXPECT_FALSE(show("/sources").contains("Blue"));
}

TEST_F(NestingTest, ASceneIsNotPutIntoItself) {
  must("show.open", {{"path", path_}});
  must("layer.add", {{"scene", "Bars"}, {"nested", "Blue"}});
  const CallResult refused = call("layer.add", {{"scene", "Blue"}, {"nested", "Bars"}});
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error->code, CallErrc::invalid_show);
  EXPECT_EQ(call("layer.add", {{"scene", "Blue"}, {"nested", "Bars"}, {"source", "bars"}}).error->code,
            CallErrc::invalid_params);
  EXPECT_EQ(call("layer.add", {{"scene", "Blue"}}).error->code, CallErrc::invalid_params);
  EXPECT_EQ(call("layer.add", {{"scene", "Blue"}, {"nested", "Nowhere"}}).error->code, CallErrc::not_found);
}

}  // namespace
}  // namespace mainstay
