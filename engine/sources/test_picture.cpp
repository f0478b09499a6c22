#include "engine/sources/test_picture.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>

namespace mainstay {

namespace {

constexpr int kGlyphColumns = 5;
constexpr int kGlyphRows = 7;
constexpr int kCellColumns = 6;
constexpr int kCellRows = 8;

// One row a number, the left pixel in bit 4.
constexpr std::array<std::array<std::uint8_t, kGlyphRows>, 11> kGlyphs{{
    {0b01110, 0b11011, 0b11011, 0b11011, 0b11011, 0b11011, 0b01110},  // 0
    {0b00110, 0b01110, 0b00110, 0b00110, 0b00110, 0b00110, 0b01111},  // 1
    {0b11110, 0b00011, 0b00011, 0b01110, 0b11000, 0b11000, 0b11111},  // 2
    {0b11110, 0b00011, 0b00011, 0b01110, 0b00011, 0b00011, 0b11110},  // 3
    {0b11011, 0b11011, 0b11011, 0b11111, 0b00011, 0b00011, 0b00011},  // 4
    {0b11111, 0b11000, 0b11000, 0b11110, 0b00011, 0b00011, 0b11110},  // 5
    {0b01110, 0b11000, 0b11000, 0b11110, 0b11011, 0b11011, 0b01110},  // 6
    {0b11111, 0b00011, 0b00011, 0b00110, 0b01100, 0b01100, 0b01100},  // 7
    {0b01110, 0b11011, 0b11011, 0b01110, 0b11011, 0b11011, 0b01110},  // 8
    {0b01110, 0b11011, 0b11011, 0b01111, 0b00011, 0b00011, 0b01110},  // 9
    {0b00000, 0b00110, 0b00110, 0b00000, 0b00110, 0b00110, 0b00000},  // :
}};

const std::array<std::uint8_t, kGlyphRows>* glyph(char c) {
  if (c >= '0' && c <= '9') return &kGlyphs[static_cast<std::size_t>(c - '0')];
  return c == ':' ? &kGlyphs[10] : nullptr;
}

std::uint8_t code(double value) {
  return static_cast<std::uint8_t>(std::clamp(std::lround(value), 1L, 254L));
}

Yuv gray(double level) {
  return bt709(level, level, level);
}

}  // namespace

Yuv bt709(double r, double g, double b) {
  constexpr double kRed = 0.2126;
  constexpr double kBlue = 0.0722;
  const double y = kRed * r + (1 - kRed - kBlue) * g + kBlue * b;
  return {code(16 + 219 * y), code(128 + 224 * (b - y) / (2 * (1 - kBlue))),
          code(128 + 224 * (r - y) / (2 * (1 - kRed)))};
}

Result<Yuv> parse_color(std::string_view text) {
  const bool shaped = text.size() == 7 && text[0] == '#' &&
                      text.find_first_not_of("0123456789abcdefABCDEF", 1) == std::string_view::npos;
  if (!shaped) return make_error(Errc::invalid, "\"{}\" is not a colour: write it as #rrggbb", text);
  std::array<double, 3> part{};
  for (std::size_t i = 0; i < 3; ++i) part[i] = std::stoi(std::string(text.substr(1 + 2 * i, 2)), nullptr, 16) / 255.0;
  return bt709(part[0], part[1], part[2]);
}

void fill_rect(WritableFrame& picture, int x, int y, int width, int height, Yuv color) {
  const int left = std::clamp(x, 0, picture.width) & ~1;
  const int top = std::clamp(y, 0, picture.height) & ~1;
  const int right = std::clamp(x + width, 0, picture.width) & ~1;
  const int bottom = std::clamp(y + height, 0, picture.height) & ~1;
  if (right <= left) return;
  const std::array<std::uint8_t, 3> values{color.y, color.u, color.v};
  for (std::size_t plane = 0; plane < 3; ++plane) {
    const int shift = plane == 0 ? 0 : 1;
    for (int row = top >> shift; row < bottom >> shift; ++row)
      std::memset(picture.planes[plane] + static_cast<std::ptrdiff_t>(row) * picture.strides[plane] + (left >> shift),
                  values[plane], static_cast<std::size_t>((right - left) >> shift));
  }
}

void draw_bars(WritableFrame& picture) {
  const int w = picture.width;
  const int h = picture.height;
  // Edges in 112ths of the width: 14 of grey, seven bars of 12, 14 of grey.
  const auto edge = [w](int part) { return static_cast<int>(std::int64_t{w} * part / 112) & ~1; };
  const auto across = [&](int from, int to, int top, int bottom, Yuv color) {
    fill_rect(picture, edge(from), top, (to == 112 ? w : edge(to)) - edge(from), bottom - top, color);
  };
  const int bars_end = h * 7 / 12 & ~1;
  const int second_end = h * 8 / 12 & ~1;
  const int third_end = h * 9 / 12 & ~1;
  constexpr double kBar = 0.75;
  const std::array<Yuv, 7> bars{bt709(kBar, kBar, kBar), bt709(kBar, kBar, 0), bt709(0, kBar, kBar), bt709(0, kBar, 0),
                                bt709(kBar, 0, kBar),    bt709(kBar, 0, 0),    bt709(0, 0, kBar)};
  across(0, 14, 0, bars_end, gray(0.40));
  for (int i = 0; i < 7; ++i) across(14 + 12 * i, 26 + 12 * i, 0, bars_end, bars[static_cast<std::size_t>(i)]);
  across(98, 112, 0, bars_end, gray(0.40));

  across(0, 14, bars_end, second_end, bt709(0, 1, 1));
  across(14, 26, bars_end, second_end, gray(1));
  across(26, 98, bars_end, second_end, gray(kBar));
  across(98, 112, bars_end, second_end, bt709(0, 0, 1));

  across(0, 14, second_end, third_end, bt709(1, 1, 0));
  const int ramp_left = edge(14);
  const int ramp_right = edge(98);
  for (int x = ramp_left; x < ramp_right; x += 2)
    fill_rect(picture, x, second_end, 2, third_end - second_end,
              gray(static_cast<double>(x - ramp_left) / (ramp_right - ramp_left - 2)));
  across(98, 112, second_end, third_end, bt709(1, 0, 0));

  // Black −2 %, 0, +2 %, +4 % stand side by side for setting a monitor's brightness.
  across(0, 14, third_end, h, gray(0.15));
  across(14, 32, third_end, h, gray(0));
  across(32, 56, third_end, h, gray(1));
  across(56, 66, third_end, h, gray(0));
  const std::array<double, 5> pluge{-0.02, 0, 0.02, 0, 0.04};
  for (int i = 0; i < 5; ++i) across(66 + 4 * i, 70 + 4 * i, third_end, h, gray(pluge[static_cast<std::size_t>(i)]));
  across(86, 98, third_end, h, gray(0));
  across(98, 112, third_end, h, gray(0.15));
}

int digits_width(int cell, std::size_t characters) {
  return cell * kCellColumns * static_cast<int>(characters) + cell;
}

int digits_height(int cell) {
  return cell * (kCellRows + 1);
}

void draw_digits(WritableFrame& picture, int x, int y, int cell, std::string_view text) {
  const int width = std::min(digits_width(cell, text.size()), picture.width - x);
  const int height = std::min(digits_height(cell), picture.height - y);
  if (x < 0 || y < 0 || width <= 0 || height <= 0) return;
  const auto row_at = [&](int row) {
    return picture.planes[0] + static_cast<std::ptrdiff_t>(row) * picture.strides[0] + x;
  };
  for (int row = 0; row < height; ++row) std::memset(row_at(y + row), 16, static_cast<std::size_t>(width));
  for (int line = 0; line < kGlyphRows; ++line) {
    const int top = (line + 1) * cell;
    if (top + cell > height) return;
    for (std::size_t i = 0; i < text.size(); ++i) {
      const auto* shape = glyph(text[i]);
      const int left = cell + static_cast<int>(i) * kCellColumns * cell;
      if (!shape || left + kGlyphColumns * cell > width) continue;
      for (int column = 0; column < kGlyphColumns; ++column)
        if ((*shape)[static_cast<std::size_t>(line)] >> (kGlyphColumns - 1 - column) & 1)
          std::memset(row_at(y + top) + left + column * cell, 235, static_cast<std::size_t>(cell));
    }
    for (int row = 1; row < cell; ++row)
      std::memcpy(row_at(y + top + row), row_at(y + top), static_cast<std::size_t>(width));
  }
}

}  // namespace mainstay
