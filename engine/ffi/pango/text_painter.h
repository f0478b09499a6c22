// Text as a picture: shaped by Pango (right-to-left scripts, ligatures, fallback fonts, emoji), drawn by Cairo.
// Owned by the source that shows the text.
// Thread-safety: one thread at a time; painters of different threads share nothing. The first one of a process reads
// the machine's fonts, which may take a second.
//
// From back to front: the background, the shadow, the outline, the text. Pictures come out as bgra, premultiplied, as
// large as what they show.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "engine/core/result.h"
#include "engine/media/frame.h"

namespace mainstay::ffi {

/// sRGB, straight alpha.
struct Color {
  std::uint8_t red = 0;
  std::uint8_t green = 0;
  std::uint8_t blue = 0;
  std::uint8_t alpha = 0;
  friend bool operator==(const Color&, const Color&) = default;
};

/// "#rrggbb" or "#rrggbbaa"; nothing at all is no colour (alpha 0). Errc::invalid otherwise.
Result<Color> parse_color_alpha(const std::string& text);

struct TextLook {
  std::string font = "DejaVu Sans";  ///< Pango's description without a size: "DejaVu Sans Bold Italic"
  int size = 48;                     ///< px
  Color color{255, 255, 255, 255};
  double outline = 0;  ///< px around each glyph
  Color outline_color{0, 0, 0, 255};
  int shadow_x = 3;
  int shadow_y = 3;
  int shadow_blur = 2;  ///< px
  Color shadow_color;
  Color background;
  int padding = 0;  ///< px of background around the text
};

enum class TextAlign { left, center, right };

struct TextLayout {
  bool markup = false;  ///< Pango's markup: <b>, <span foreground="…">
  TextAlign align = TextAlign::left;
  int wrap = 0;  ///< px at which lines are broken; 0: nowhere
  double line_spacing = 1;
  bool even_digits = false;  ///< all digits as wide as each other, for clocks
  int min_width = 0;         ///< of the picture, px
  int min_height = 0;
};

struct PaintedText {
  FramePtr frame;
  std::string note;  ///< "DejaVu Sans 48 px, 320×60", and which font stands in for one that is not here
};

/// A text in one line, wider than a picture may be: what a ticker runs over.
struct TextStrip {
  int width = 0;  ///< of one round: after it the text begins anew
  int drawn = 0;  ///< pixels a row that are there: `width` + what was asked for
  int height = 0;
  int stride = 0;
  std::shared_ptr<const std::uint8_t[]> pixels;  ///< bgra, premultiplied
  std::string note;
};

inline constexpr int kLargestTextSide = 8192;
inline constexpr std::int64_t kLargestStripBytes = std::int64_t{128} << 20;

class TextPainter {
 public:
  TextPainter();
  ~TextPainter();
  TextPainter(const TextPainter&) = delete;
  TextPainter& operator=(const TextPainter&) = delete;

  /// An empty text is a small transparent picture. Errc::invalid: broken markup or UTF-8, or a picture larger than
  /// kLargestTextSide.
  Result<PaintedText> paint(const std::string& text, const TextLook& look, const TextLayout& layout);

  /// The text, then `gap` px, over and over until `view` px more than one round are drawn. Errc::invalid as above, and
  /// when the strip would be larger than kLargestStripBytes.
  Result<TextStrip> strip(const std::string& text, bool markup, const TextLook& look, int gap, int view);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace mainstay::ffi
