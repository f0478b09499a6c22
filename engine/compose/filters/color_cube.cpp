#include "engine/compose/filters/color_cube.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <string>
#include <system_error>

namespace mainstay {

namespace {

constexpr std::size_t kMostWords = 4;
constexpr std::size_t kShown = 40;  // bytes of a line that a message repeats
constexpr float kFarthest = 1e6F;   // of a number that makes sense

bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\r';
}

/// A line's words, up to one more than any line has.
std::vector<std::string_view> words_of(std::string_view line) {
  std::vector<std::string_view> words;
  std::size_t at = 0;
  while (words.size() <= kMostWords) {
    while (at < line.size() && is_space(line[at])) ++at;
    if (at == line.size()) break;
    const std::size_t begin = at;
    while (at < line.size() && !is_space(line[at])) ++at;
    words.push_back(line.substr(begin, at - begin));
  }
  return words;
}

bool read_number(std::string_view word, float& out) {
  if (!word.empty() && word.front() == '+') word.remove_prefix(1);
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), out);
  return error == std::errc{} && end == word.data() + word.size() && std::isfinite(out) && std::abs(out) <= kFarthest;
}

bool read_numbers(const std::vector<std::string_view>& words, std::size_t first, float* out, std::size_t count) {
  if (words.size() != first + count) return false;
  for (std::size_t i = 0; i < count; ++i) {
    if (!read_number(words[first + i], out[i])) return false;
  }
  return true;
}

/// As it can stand in a message: one line, printable.
std::string shown(std::string_view line) {
  std::string out;
  for (const char c : line.substr(0, kShown)) out += c >= 0x20 && c < 0x7f ? c : '?';
  return line.size() > kShown ? out + "…" : out;
}

}  // namespace

std::array<float, 3> ColorCube::at(int r, int g, int b) const {
  return nodes_[(static_cast<std::size_t>(b) * size_ + g) * size_ + r];
}

Result<ColorCube> ColorCube::parse(std::string_view text) {
  ColorCube cube;
  std::size_t wanted = 0;
  int number = 0;
  if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    ++number;
    const auto wrong = [&](const char* why) {
      return make_error(Errc::invalid, "line {} of the table, \"{}\": {}", number, shown(line), why);
    };
    const std::vector<std::string_view> words = words_of(line);
    if (words.empty() || words[0].front() == '#' || words[0] == "TITLE") continue;
    if (words[0] == "LUT_1D_SIZE") return wrong("a 1D table; only 3D ones are known");
    if (words[0] == "LUT_3D_SIZE") {
      float size = 0;
      if (wanted != 0) return wrong("the size is given twice");
      if (!read_numbers(words, 1, &size, 1) || size < kSmallest || size > kLargest || size != std::floor(size))
        return wrong("the size must be a whole number from 2 to 65");
      cube.size_ = static_cast<int>(size);
      wanted = static_cast<std::size_t>(cube.size_) * cube.size_ * cube.size_;
      cube.nodes_.reserve(wanted);
      continue;
    }
    if (words[0] == "DOMAIN_MIN" || words[0] == "DOMAIN_MAX") {
      auto& into = words[0] == "DOMAIN_MIN" ? cube.from_ : cube.to_;
      if (!read_numbers(words, 1, into.data(), 3)) return wrong("three numbers are wanted");
      continue;
    }
    if (words[0] == "LUT_3D_INPUT_RANGE") {
      float range[2];
      if (!read_numbers(words, 1, range, 2)) return wrong("two numbers are wanted");
      cube.from_.fill(range[0]);
      cube.to_.fill(range[1]);
      continue;
    }
    std::array<float, 3> node{};
    if (!read_numbers(words, 0, node.data(), 3)) return wrong("neither a known word nor three numbers");
    if (wanted == 0) return wrong("LUT_3D_SIZE must come before the numbers");
    if (cube.nodes_.size() == wanted) return wrong("more lines of numbers than the size says");
    for (float& part : node) part = std::clamp(part, -1.0F, 2.0F);
    cube.nodes_.push_back(node);
  }
  if (wanted == 0) return make_error(Errc::invalid, "no table: LUT_3D_SIZE is missing");
  if (cube.nodes_.size() != wanted)
    return make_error(Errc::invalid, "the table is cut short: {} of {} lines of numbers", cube.nodes_.size(), wanted);
  for (std::size_t part = 0; part < 3; ++part) {
    if (cube.to_[part] - cube.from_[part] < 1e-6F)
      return make_error(Errc::invalid, "the table's inputs run from {} to {}", cube.from_[part], cube.to_[part]);
  }
  return cube;
}

}  // namespace mainstay
