// The multiview that every show has, and one of the show's own, as clients see them.
#include "tests/engine/studio/studio_fixture.h"

namespace mainstay {
namespace {

class MultiviewStudioTest : public StudioTest {
 protected:
  FramePtr await_picture(const std::string& source) {
    FramePtr picture;
    EXPECT_TRUE(becomes([&] { return (picture = studio_.multiview_picture(source)) != nullptr; }));
    return picture;
  }
  /// Cb of a cell of a grid of four by four, beside its label.
  static int blueness(const FramePtr& picture, int column, int row) {
    return picture->planes[1][(row * 22 + 6) / 2 * picture->strides[1] + (column * 40 + 4) / 2];
  }
};

TEST_F(MultiviewStudioTest, EveryShowHasOneFromTheFirstLookOn) {
  EXPECT_EQ(studio_.multiview_picture({}), nullptr) << "off air";
  go_on_air();
  must("preview.set", {{"scene", "Blue"}});
  FramePtr picture = await_picture({});
  ASSERT_TRUE(picture);
  EXPECT_TRUE(becomes([&] {
    picture = studio_.multiview_picture({});
    return picture && blueness(picture, 2, 0) > 220;
  })) << "preview stands at the right, twice as large";
  EXPECT_GT(blueness(picture, 1, 2), 220) << "below them the scenes by name: Bars, Blue";
}

TEST_F(MultiviewStudioTest, OneOfTheShowIsNamed) {
  go_on_air();
  must("show.set", {{"pointer", "/sources/mv"}, {"value", Json::parse(R"({"type": "multiview", "rows": 1, "columns": 1,
                                              "cells": [{"shows": "scene", "name": "Blue"}]})")}});
  const FramePtr picture = await_picture("mv");
  ASSERT_TRUE(picture);
  EXPECT_GT(blueness(picture, 1, 1), 220);
  EXPECT_EQ(studio_.multiview_picture("bars"), nullptr) << "not one";
}

}  // namespace
}  // namespace mainstay
