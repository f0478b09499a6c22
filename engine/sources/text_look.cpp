#include "engine/sources/text_look.h"

#include <string_view>

#include "engine/sources/image_file.h"

namespace mainstay {

namespace {

constexpr std::int64_t kLargestText = 64 << 10;

}  // namespace

Result<ffi::TextLook> look_of(const show::TextStyle& style) {
  ffi::TextLook look;
  look.font = style.font;
  look.size = style.size;
  MAINSTAY_TRY(look.color, ffi::parse_color_alpha(style.color));
  look.outline = style.outline;
  MAINSTAY_TRY(look.outline_color, ffi::parse_color_alpha(style.outline_color));
  MAINSTAY_TRY(look.shadow_color, ffi::parse_color_alpha(style.shadow_color));
  look.shadow_x = style.shadow_x;
  look.shadow_y = style.shadow_y;
  look.shadow_blur = style.shadow_blur;
  MAINSTAY_TRY(look.background, ffi::parse_color_alpha(style.background));
  look.padding = style.padding;
  return look;
}

Result<std::string> read_text(const std::string& path) {
  MAINSTAY_TRY(const auto bytes, read_file(path, kLargestText, "a text"));
  std::string text(bytes.begin(), bytes.end());
  constexpr std::string_view kMark = "\xEF\xBB\xBF";
  if (text.starts_with(kMark)) text.erase(0, kMark.size());
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
  return text;
}

std::string joined_lines(const std::string& text, const std::string& separator) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = text.find('\n', at);
    if (end == std::string::npos) end = text.size();
    std::string line = text.substr(at, end - at);
    while (!line.empty() && (line.back() == '\r' || line.back() == ' ')) line.pop_back();
    if (!line.empty()) out += line + separator;
    at = end + 1;
  }
  return out;
}

}  // namespace mainstay
