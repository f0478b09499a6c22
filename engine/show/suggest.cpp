#include "engine/show/suggest.h"

#include <fmt/core.h>

#include <algorithm>

namespace mainstay::show {

namespace {

constexpr std::size_t kLongestWord = 64;  // longer ones are no typing mistakes
constexpr std::size_t kMostListed = 40;
constexpr std::size_t kLongestQuote = 60;

// Insertions, deletions, replacements and swapped neighbours (optimal string alignment).
std::size_t edits(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before(b.size() + 1);
  std::vector<std::size_t> last(b.size() + 1);
  std::vector<std::size_t> now(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) last[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    now[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      now[j] = std::min({last[j] + 1, now[j - 1] + 1, replaced});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) now[j] = std::min(now[j], before[j - 2] + 1);
    }
    std::swap(before, last);
    std::swap(last, now);
  }
  return last[b.size()];
}

bool same_but_unit(std::string_view a, std::string_view b) {
  if (a.size() > b.size()) std::swap(a, b);
  return a.size() >= 3 && b.starts_with(a) && b[a.size()] == '_';
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
  return out;
}

}  // namespace

std::string nearest(std::string_view word, const std::vector<std::string>& known) {
  if (word.empty() || word.size() > kLongestWord) return {};
  const std::string wanted = lower(word);
  std::string best;
  std::size_t best_cost = std::max<std::size_t>(1, wanted.size() / 3) + 1;
  for (const std::string& candidate : known) {
    if (candidate.size() > kLongestWord) continue;
    const std::string other = lower(candidate);
    const std::size_t cost = other.size() != wanted.size() && same_but_unit(wanted, other) ? 1 : edits(wanted, other);
    if (cost < best_cost) {
      best_cost = cost;
      best = candidate;
    }
  }
  return best;
}

std::string listed(const std::vector<std::string>& words) {
  std::string text;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i == kMostListed) return text + fmt::format(" and {} more", words.size() - i);
    text += (i == 0 ? "" : ", ") + words[i];
  }
  return text;
}

std::string hint(std::string_view word, const std::vector<std::string>& known) {
  if (const std::string near = nearest(word, known); !near.empty()) return fmt::format(": did you mean \"{}\"?", near);
  return known.empty() ? "" : ": known are " + listed(known);
}

std::string in_quotes(std::string_view text) {
  std::string out = "\"";
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    // Cut between characters, never inside one: a continuation byte is 10xxxxxx.
    if (i >= kLongestQuote && (byte & 0xC0) != 0x80) return out + "…\"";
    if (byte < 0x20 || byte == 0x7F) {
      out += fmt::format("\\u{:04x}", byte);
    } else {
      out += text[i];
    }
  }
  return out + "\"";
}

}  // namespace mainstay::show
