#include "engine/show/key_text.h"

#include <algorithm>
#include <array>

namespace mainstay::show {

namespace {

enum Modifier : std::size_t { kMeta, kCtrl, kAlt, kShift };
constexpr std::array<std::string_view, 4> kModifiers = {"Meta", "Ctrl", "Alt", "Shift"};
constexpr std::array<std::string_view, 12> kNamed = {"Space", "Return", "Ins", "Del",  "Home", "End",
                                                     "PgUp",  "PgDown", "Up",  "Down", "Left", "Right"};
constexpr int kMostFunctionKeys = 24;

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool same(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) { return lower(x) == lower(y); });
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

std::string function_key(std::string_view name) {
  if (name.size() < 2 || name.size() > 3 || lower(name[0]) != 'f' || name[1] == '0') return {};
  int number = 0;
  for (const char c : name.substr(1)) {
    if (!is_digit(c)) return {};
    number = 10 * number + (c - '0');
  }
  return number <= kMostFunctionKeys ? "F" + std::to_string(number) : std::string();
}

std::string other_key(std::string_view name) {
  if (name.size() == 1) {
    const char c = lower(name[0]);
    if (is_digit(c)) return {c};
    return c >= 'a' && c <= 'z' ? std::string(1, static_cast<char>(c - 'a' + 'A')) : std::string();
  }
  const auto found = std::find_if(kNamed.begin(), kNamed.end(), [&](auto known) { return same(known, name); });
  return found == kNamed.end() ? std::string() : std::string(*found);
}

}  // namespace

std::optional<std::string> canonical_key(std::string_view text) {
  std::array<bool, kModifiers.size()> held{};
  for (std::size_t plus = text.find('+'); plus != std::string_view::npos; plus = text.find('+')) {
    const std::string_view word = text.substr(0, plus);
    const auto found =
        std::find_if(kModifiers.begin(), kModifiers.end(), [&](auto known) { return same(known, word); });
    if (found == kModifiers.end()) return std::nullopt;
    bool& modifier = held[static_cast<std::size_t>(found - kModifiers.begin())];
    if (modifier) return std::nullopt;
    modifier = true;
    text.remove_prefix(plus + 1);
  }
  std::string key = function_key(text);
  if (key.empty() && (held[kCtrl] || held[kAlt] || held[kMeta])) key = other_key(text);
  if (key.empty()) return std::nullopt;
  std::string out;
  for (std::size_t i = 0; i < held.size(); ++i) {
    if (held[i]) out += std::string(kModifiers[i]) + "+";
  }
  return out + key;
}

bool is_key_or_empty(std::string_view text) {
  return text.empty() || canonical_key(text);
}

}  // namespace mainstay::show
