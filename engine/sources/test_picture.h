// What the generated sources draw with: colours of BT.709 in eight bits, the colour-bar pattern, large digits.
// Plain functions.
// Thread-safety: from any thread.
#pragma once

#include <cstdint>
#include <string_view>

#include "engine/core/result.h"
#include "engine/media/frame.h"

namespace mainstay {

struct Yuv {
  std::uint8_t y = 16;
  std::uint8_t u = 128;
  std::uint8_t v = 128;
  friend bool operator==(const Yuv&, const Yuv&) = default;
};

/// R'G'B' from 0 to 1 as limited-range BT.709 (ITU-R BT.709-6, 3 and 4), rounded to the nearest code.
Yuv bt709(double r, double g, double b);

/// "#rrggbb". Errc::invalid otherwise.
Result<Yuv> parse_color(std::string_view text);

/// Fills a rectangle; edges are rounded down to even.
void fill_rect(WritableFrame& picture, int x, int y, int width, int height, Yuv color);

/// 75 % colour bars in the manner of SMPTE RP 219-1: bars between 40 % grey, ramp, and near-black steps below.
void draw_bars(WritableFrame& picture);

/// Luma of `text` (digits and ':') in white on black, each character 6×8 cells of `cell` pixels. What does not fit is
/// left out.
void draw_digits(WritableFrame& picture, int x, int y, int cell, std::string_view text);
int digits_width(int cell, std::size_t characters);
int digits_height(int cell);

}  // namespace mainstay
