#include "engine/remote/origin/http_text.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace mainstay::remote {

namespace {

constexpr std::array<std::string_view, 7> kDays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
constexpr std::array<std::string_view, 12> kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                   "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

// The next of a list with commas.
std::string_view next_of(std::string_view& list) {
  const std::size_t end = std::min(list.find(','), list.size());
  const std::string_view item = trimmed(list.substr(0, end));
  list.remove_prefix(std::min(end + 1, list.size()));
  return item;
}

// Digits only: from_chars would take a sign.
template <class Number>
std::optional<Number> number(std::string_view text) {
  if (text.empty() || text.find_first_not_of("0123456789") != std::string_view::npos) return std::nullopt;
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

bool equal_without_case(std::string_view a, std::string_view b) {
  const auto low = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  return a.size() == b.size() &&
         std::equal(a.begin(), a.end(), b.begin(), [&](char x, char y) { return low(x) == low(y); });
}

// ";q=0" and its longer forms.
bool is_refused(std::string_view parameters) {
  const std::size_t q = parameters.find("q=");
  if (q == std::string_view::npos) return false;
  const std::string_view value = trimmed(parameters.substr(q + 2));
  return !value.empty() && value.find_first_not_of("0.") == std::string_view::npos;
}

}  // namespace

// Written by hand: each answer has two of them.
std::string http_date(UtcInstant at) {
  const auto second = std::chrono::floor<Seconds>(at);
  const auto day = std::chrono::floor<std::chrono::days>(second);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss time(second - day);
  std::string out = "Day, 00 Mon 0000 00:00:00 GMT";
  const auto put = [&out](std::size_t begin, std::size_t digits, std::int64_t value) {
    for (std::size_t i = begin + digits; i-- > begin; value /= 10) out[i] = static_cast<char>('0' + value % 10);
  };
  out.replace(0, 3, kDays[std::chrono::weekday(day).c_encoding()]);
  put(5, 2, static_cast<unsigned>(date.day()));
  out.replace(8, 3, kMonths[static_cast<unsigned>(date.month()) - 1]);
  put(12, 4, static_cast<int>(date.year()));
  put(17, 2, time.hours().count());
  put(20, 2, time.minutes().count());
  put(23, 2, time.seconds().count());
  return out;
}

std::optional<UtcInstant> parse_http_date(std::string_view text) {
  // "Sun, 29 Nov 2026 10:06:00 GMT"
  if (text.size() != 29 || text.substr(3, 2) != ", " || text.substr(25) != " GMT" || text[19] != ':' || text[22] != ':')
    return std::nullopt;
  const auto month = std::find(kMonths.begin(), kMonths.end(), text.substr(8, 3));
  const auto day = number<unsigned>(text.substr(5, 2));
  const auto year = number<int>(text.substr(12, 4));
  const auto hour = number<int>(text.substr(17, 2));
  const auto minute = number<int>(text.substr(20, 2));
  const auto second = number<int>(text.substr(23, 2));
  if (month == kMonths.end() || !day || !year || !hour || !minute || !second) return std::nullopt;
  if (*hour > 23 || *minute > 59 || *second > 59 || *year < 1970 || *year > 2200) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(*year),
                                         std::chrono::month(static_cast<unsigned>(month - kMonths.begin()) + 1),
                                         std::chrono::day(*day)};
  if (!date.ok()) return std::nullopt;
  return UtcInstant(std::chrono::sys_days(date)) + std::chrono::hours(*hour) + std::chrono::minutes(*minute) +
         Seconds(*second);
}

ByteRange parse_range(std::string_view field, std::uint64_t size) {
  constexpr std::string_view kUnit = "bytes=";
  if (!field.starts_with(kUnit)) return {};
  const std::string_view spec = trimmed(field.substr(kUnit.size()));
  const std::size_t dash = spec.find('-');
  if (dash == std::string_view::npos || spec.find(',') != std::string_view::npos) return {};
  const std::string_view from = trimmed(spec.substr(0, dash));
  const std::string_view to = trimmed(spec.substr(dash + 1));
  if (from.empty()) {  // the last so many
    const auto count = number<std::uint64_t>(to);
    if (!count) return {};
    if (*count == 0 || size == 0) return {ByteRange::Kind::unsatisfiable, 0, 0};
    const std::uint64_t given = std::min(*count, size);
    return {ByteRange::Kind::part, size - given, given};
  }
  const auto first = number<std::uint64_t>(from);
  const auto last = to.empty() ? std::optional(UINT64_MAX) : number<std::uint64_t>(to);
  if (!first || !last || *last < *first) return {};
  if (*first >= size) return {ByteRange::Kind::unsatisfiable, 0, 0};
  return {ByteRange::Kind::part, *first, std::min(*last, size - 1) - *first + 1};
}

bool names_etag(std::string_view list, std::string_view etag) {
  while (!list.empty()) {
    std::string_view item = next_of(list);
    if (item == "*") return true;
    if (item.starts_with("W/")) item.remove_prefix(2);
    if (!item.empty() && item == etag) return true;
  }
  return false;
}

bool accepts_gzip(std::string_view accept_encoding) {
  while (!accept_encoding.empty()) {
    const std::string_view item = next_of(accept_encoding);
    const std::size_t end = std::min(item.find(';'), item.size());
    const std::string_view coding = trimmed(item.substr(0, end));
    if (equal_without_case(coding, "gzip") || coding == "*") return !is_refused(item.substr(end));
  }
  return false;
}

}  // namespace mainstay::remote
