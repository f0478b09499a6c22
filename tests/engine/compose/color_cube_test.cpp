// Tables from .cube files: what is read, and what is refused with the line that is wrong.
#include "engine/compose/filters/color_cube.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/engine/compose/filter_support.h"

namespace mainstay {
namespace {

using testing::HasSubstr;

constexpr const char* kEight =
    "0 0 0\n1 0 0\n0 1 0\n1 1 0\n0 0 1\n1 0 1\n0 1 1\n1 1 1\n";  // red fastest: nothing is changed

std::string error_of(const std::string& text) {
  const auto cube = ColorCube::parse(text);
  return cube ? "" : cube.error().describe();
}

TEST(ColorCube, ATableIsReadWithRedFastest) {
  const auto cube = ColorCube::parse(golden::cube_text(3, [](double r, double g, double b) {
    return std::array<double, 3>{r, g / 2, b / 4};
  }));
  ASSERT_TRUE(cube) << cube.error().describe();
  EXPECT_EQ(cube->size(), 3);
  EXPECT_FLOAT_EQ(cube->at(2, 1, 0)[0], 1);
  EXPECT_FLOAT_EQ(cube->at(2, 1, 0)[1], 0.25);
  EXPECT_FLOAT_EQ(cube->at(0, 0, 2)[2], 0.25);
}

TEST(ColorCube, CommentsEmptyLinesAndWindowsLineEndsAreNothing) {
  std::string text = "\xef\xbb\xbf# made by hand\r\n\r\nTITLE \"a b c d e f\"\r\nLUT_3D_SIZE 2\r\n";
  for (const char c : std::string(kEight)) text += c == '\n' ? std::string("\r\n") : std::string(1, c);
  EXPECT_EQ(error_of(text), "");
}

TEST(ColorCube, ADomainSaysWhatItsFirstAndLastNodesStandFor) {
  const auto cube = ColorCube::parse(std::string("DOMAIN_MIN -0.5 0 0\nDOMAIN_MAX 1.5 2 1\nLUT_3D_SIZE 2\n") + kEight);
  ASSERT_TRUE(cube);
  EXPECT_FLOAT_EQ(cube->from()[0], -0.5);
  EXPECT_FLOAT_EQ(cube->to()[1], 2);
  const auto range = ColorCube::parse(std::string("LUT_3D_SIZE 2\nLUT_3D_INPUT_RANGE 0.1 0.9\n") + kEight);
  ASSERT_TRUE(range);
  EXPECT_FLOAT_EQ(range->to()[2], 0.9F);
}

TEST(ColorCube, WhatIsWrongIsToldWithItsLine) {
  const std::string sized = "LUT_3D_SIZE 2\n";
  EXPECT_THAT(error_of(""), HasSubstr("LUT_3D_SIZE is missing"));
  EXPECT_THAT(error_of("LUT_1D_SIZE 16\n"), HasSubstr("line 1"));
  EXPECT_THAT(error_of("LUT_1D_SIZE 16\n"), HasSubstr("only 3D"));
  EXPECT_THAT(error_of("LUT_3D_SIZE 66\n"), HasSubstr("2 to 65"));
  EXPECT_THAT(error_of("LUT_3D_SIZE 1\n"), HasSubstr("2 to 65"));
  EXPECT_THAT(error_of("LUT_3D_SIZE 2.5\n"), HasSubstr("2 to 65"));
  EXPECT_THAT(error_of("LUT_3D_SIZE nan\n"), HasSubstr("2 to 65"));
  EXPECT_THAT(error_of(sized + "LUT_3D_SIZE 3\n"), HasSubstr("twice"));
  EXPECT_THAT(error_of("0 0 0\n" + sized), HasSubstr("must come before"));
  EXPECT_THAT(error_of(sized + "0 0\n"), HasSubstr("line 2"));
  EXPECT_THAT(error_of(sized + "0 0 0 0\n"), HasSubstr("three numbers"));
  EXPECT_THAT(error_of(sized + "0 0 inf\n"), HasSubstr("three numbers"));
  EXPECT_THAT(error_of(sized + "0 0 1e30\n"), HasSubstr("three numbers"));
  EXPECT_THAT(error_of(sized + "0 0 0\n"), HasSubstr("1 of 8 lines"));
  EXPECT_THAT(error_of(sized + kEight + "0 0 0\n"), HasSubstr("more lines"));
  EXPECT_THAT(error_of("DOMAIN_MIN 1 0 0\n" + sized + kEight), HasSubstr("inputs run from 1 to 1"));
  EXPECT_THAT(error_of("DOMAIN_MAX 1\n"), HasSubstr("three numbers"));
  EXPECT_THAT(error_of("\x01\x02 binary\n"), HasSubstr("?? binary"));
}

}  // namespace
}  // namespace mainstay
