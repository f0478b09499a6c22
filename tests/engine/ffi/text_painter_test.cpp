#include "engine/ffi/pango/text_painter.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/pictures.h"

namespace mainstay::ffi {
namespace {

using test::Bgra;
using test::ink;
using test::pixel;
using testing::HasSubstr;
using testing::StartsWith;

struct TextPainterTest : testing::Test {
  TextPainter painter;
  TextLook look;
  TextLayout layout;

  FramePtr paint(const std::string& text, const std::string& name = "") {
    auto painted = painter.paint(text, look, layout);
    EXPECT_TRUE(painted) << painted.error().describe();
    if (!painted) return std::make_shared<Frame>();
    EXPECT_TRUE(test::is_premultiplied(*painted->frame));
    if (!name.empty()) test::show_picture(*painted->frame, name);
    return painted->frame;
  }
  std::string error(const std::string& text) {
    auto painted = painter.paint(text, look, layout);
    return painted ? "" : painted.error().describe();
  }
  std::string note(const std::string& text) { return painter.paint(text, look, layout)->note; }
};

TEST_F(TextPainterTest, PutsInkInTheTextsColourAndNothingBeside) {
  look.color = {255, 128, 0, 255};
  const FramePtr picture = paint("\u2588\u2588", "block");  // full blocks
  EXPECT_EQ(picture->format, PixelFormat::bgra);
  EXPECT_EQ(pixel(*picture, picture->width / 2, picture->height / 2), (Bgra{0, 128, 255, 255}));
  const FramePtr dot = paint(".", "dot");
  EXPECT_EQ(pixel(*dot, dot->width / 2, 2), (Bgra{0, 0, 0, 0})) << "above a full stop there is nothing";
  EXPECT_GT(ink(*dot), 10);
}

TEST_F(TextPainterTest, FadesATranslucentColourPremultiplied) {
  look.color = {255, 255, 255, 128};
  const FramePtr picture = paint("\u2588\u2588");
  EXPECT_EQ(pixel(*picture, picture->width / 2, picture->height / 2), (Bgra{128, 128, 128, 128}));
}

TEST_F(TextPainterTest, WritesHebrewFromRightToLeft) {
  look.size = 96;
  // Shin stands on the line, yod hangs above it: the lower half of the picture is empty where yod is.
  const auto below = [&](const std::string& text, const std::string& name) {
    const FramePtr picture = paint(text, name);
    Frame half = *picture;
    half.planes[0] += static_cast<std::ptrdiff_t>(picture->height * 68 / 100) * picture->strides[0];
    half.height = picture->height * 32 / 100;
    const int quarter = half.width / 4;
    return std::pair(ink(half, 0, quarter), ink(half, half.width - quarter, half.width));
  };
  const auto [yod, shin] = below("\u05e9\u05d9", "hebrew");  // shin first
  EXPECT_LT(yod, 5);
  EXPECT_GT(shin, 20);
  const auto [shin_left, yod_right] = below("\u05d9\u05e9", "hebrew2");  // yod first
  EXPECT_GT(shin_left, 20);
  EXPECT_LT(yod_right, 5);
}

TEST_F(TextPainterTest, JoinsArabicLetters) {
  look.size = 96;
  const int alone = paint("\u0628")->width;  // beh
  const int joined = paint("\u0628\u0628\u0628", "arabic")->width;
  EXPECT_LT(joined, 2.5 * alone) << "letters in the middle of a word are narrower than alone";
}

TEST_F(TextPainterTest, MixesDirectionsInOneLine) {
  look.size = 64;
  paint("News: \u05e9\u05dc\u05d5\u05dd, \u0645\u0631\u062d\u0628\u0627 \u4f60\u597d 2026", "mixed");
  // "12" keeps its order inside of Hebrew: digits run from left to right.
  const FramePtr digits = paint("\u05d9 1\u2588");
  EXPECT_GT(ink(*digits), 100);
}

TEST_F(TextPainterTest, DrawsAnOutlineAroundTheLetters) {
  const FramePtr plain = paint("I");
  look.outline = 6;
  look.outline_color = {255, 0, 0, 255};
  const FramePtr outlined = paint("I", "outline");
  EXPECT_EQ(outlined->width, plain->width + 12);
  EXPECT_EQ(outlined->height, plain->height + 12);
  int red = 0;
  int white = 0;
  for (int y = 0; y < outlined->height; ++y)
    for (int x = 0; x < outlined->width; ++x) {
      const Bgra p = pixel(*outlined, x, y);
      red += p == Bgra{0, 0, 255, 255};
      white += p == Bgra{255, 255, 255, 255};
    }
  EXPECT_GT(red, 300);
  EXPECT_GT(white, 50) << "the letter lies on its outline whole";
}

TEST_F(TextPainterTest, ThrowsASoftShadow) {
  const FramePtr plain = paint("\u2588");
  look.shadow_color = {0, 0, 0, 200};
  look.shadow_x = 10;
  look.shadow_y = 10;
  look.shadow_blur = 0;
  const FramePtr hard = paint("\u2588", "shadow_hard");
  EXPECT_EQ(hard->width, plain->width + 10);
  EXPECT_EQ(pixel(*hard, hard->width - 5, hard->height - 20), (Bgra{0, 0, 0, 200}));
  look.shadow_blur = 4;
  const FramePtr soft = paint("\u2588", "shadow_soft");
  EXPECT_NEAR(ink(*soft), ink(*hard), ink(*hard) * 0.05) << "what is blurred is not lost";
  EXPECT_EQ(pixel(*soft, soft->width - 1, soft->height / 2).alpha, 0);
}

TEST_F(TextPainterTest, FillsTheBackgroundUpToThePadding) {
  const FramePtr plain = paint("text");
  look.background = {0, 0, 255, 128};
  look.padding = 20;
  const FramePtr boxed = paint("text", "background");
  EXPECT_EQ(boxed->width, plain->width + 40);
  EXPECT_EQ(boxed->height, plain->height + 40);
  for (const auto& [x, y] : {std::pair(0, 0), std::pair(boxed->width - 1, boxed->height - 1)})
    EXPECT_EQ(pixel(*boxed, x, y), (Bgra{128, 0, 0, 128}));
}

TEST_F(TextPainterTest, TakesMissingLettersFromOtherFontsAndSaysWhichFontStandsIn) {
  EXPECT_EQ(note("text").substr(0, 17), "DejaVu Sans 48 px");
  look.font = "No Such Font Bold";
  EXPECT_THAT(note("text"), HasSubstr("there is no font \"No Such Font Bold\": "));
  EXPECT_GT(ink(*paint("text")), 100);
}

TEST_F(TextPainterTest, SaysWhenNoFontHasALetter) {
  EXPECT_THAT(note("a\U000F1234\U000F1235"), HasSubstr("(no font of this machine has 2 of its letters)"));
}

TEST_F(TextPainterTest, BreaksLinesAtTheWidthAsked) {
  const int line = paint("one")->height;
  EXPECT_EQ(paint("one\ntwo")->height, 2 * line);
  layout.wrap = 200;
  const FramePtr wrapped = paint("one two three four five", "wrapped");
  EXPECT_GE(wrapped->height, 3 * line);
  EXPECT_GE(wrapped->width, 200);
  EXPECT_LE(wrapped->width, 210);
}

TEST_F(TextPainterTest, AlignsShorterLines) {
  const std::string text = "a wide line of text\ni";
  std::vector<double> left;
  for (const TextAlign align : {TextAlign::left, TextAlign::center, TextAlign::right}) {
    layout.align = align;
    const FramePtr picture = paint(text);
    Frame second = *picture;  // the lower half
    second.planes[0] += static_cast<std::ptrdiff_t>(picture->height / 2) * picture->strides[0];
    second.height = picture->height / 2;
    const int third = picture->width / 3;
    EXPECT_GT(ink(second, third * static_cast<int>(align), third * (static_cast<int>(align) + 1)), 20);
    EXPECT_NEAR(ink(second, third * static_cast<int>(align), third * (static_cast<int>(align) + 1)), ink(second), 30);
  }
}

TEST_F(TextPainterTest, TakesMarkupOnlyWhenAsked) {
  const std::string text = "<span foreground=\"#00ff00\">\u2588\u2588</span>";
  EXPECT_GT(paint(text)->width, 500) << "written out as it is";
  layout.markup = true;
  const FramePtr picture = paint(text);
  EXPECT_EQ(pixel(*picture, picture->width / 2, picture->height / 2), (Bgra{0, 255, 0, 255}));
  EXPECT_THAT(error("<b>open"), StartsWith("the markup is broken: "));
  EXPECT_THAT(error("a < b"), StartsWith("the markup is broken: "));
}

TEST_F(TextPainterTest, RefusesWhatCannotBeShown) {
  EXPECT_EQ(error("\xff\xfe"), "the text is not UTF-8");
  look.size = 400;
  EXPECT_EQ(error(std::string(200, 'W')).substr(0, 14), "the text takes");
}

TEST_F(TextPainterTest, ShowsNothingForAnEmptyText) {
  const FramePtr picture = paint("");
  EXPECT_EQ(ink(*picture), 0);
}

TEST_F(TextPainterTest, DigitsOfAClockAreEquallyWide) {
  look.font = "Noto Sans";  // whose 1 is as narrow as that of most fonts, when it is there
  layout.even_digits = true;
  EXPECT_EQ(paint("11:11:11")->width, paint("00:00:00")->width);
}

TEST_F(TextPainterTest, MakesAStripWithoutASeam) {
  look.outline = 3;
  look.shadow_color = {0, 0, 0, 255};
  look.shadow_x = -8;
  for (const std::string text : {"A short text, ", "i"}) {
    const auto strip = painter.strip(text, false, look, 0, 700);
    ASSERT_TRUE(strip) << strip.error().describe();
    EXPECT_EQ(strip->drawn, strip->width + 700);
    int different = 0;
    for (int y = 0; y < strip->height; ++y)
      for (int x = 0; x < 4 * 700; ++x)
        different += strip->pixels[static_cast<std::size_t>(y) * strip->stride + x] !=
                     strip->pixels[static_cast<std::size_t>(y) * strip->stride + x + 4 * strip->width];
    EXPECT_EQ(different, 0) << text;
  }
}

TEST_F(TextPainterTest, MakesStripsLongerThanAPictureMayBe) {
  std::string text;
  for (int i = 0; i < 400; ++i) text += "item " + std::to_string(i) + " of many; ";
  const auto strip = painter.strip(text, false, look, 100, 1920);
  ASSERT_TRUE(strip) << strip.error().describe();
  EXPECT_GT(strip->width, 100000);
  Frame tail;  // around the edge of a tile, and at the end of the text
  tail.height = strip->height;
  tail.strides[0] = strip->stride;
  for (const int x : {16384 - 400, strip->width - 900}) {
    tail.width = 800;
    tail.planes[0] = strip->pixels.get() + 4 * x;
    EXPECT_GT(ink(tail), 3000);
    test::show_picture(tail, "strip_" + std::to_string(x));
  }
  EXPECT_THAT(painter.strip(std::string(60000, 'W'), false, look, 0, 1920).error().describe(),
              HasSubstr("at most 128 MB can be shown"));
}

TEST(ParseColorAlpha, TakesSixOrEightDigits) {
  EXPECT_EQ(*parse_color_alpha("#102030"), (Color{16, 32, 48, 255}));
  EXPECT_EQ(*parse_color_alpha("#10203040"), (Color{16, 32, 48, 64}));
  EXPECT_EQ(*parse_color_alpha(""), Color{});
  for (const char* wrong : {"red", "#12345", "#1234567", "#12345g", "#+12345", "#-12345"})
    EXPECT_FALSE(parse_color_alpha(wrong)) << wrong;
}

}  // namespace
}  // namespace mainstay::ffi
