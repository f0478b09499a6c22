#include "engine/show/moment.h"

#include <chrono>

namespace mainstay::show {

namespace {

// Digits where `form` has a 0, and the very character elsewhere.
bool has_form(std::string_view text, std::string_view form) {
  if (text.size() != form.size()) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool digit = text[i] >= '0' && text[i] <= '9';
    if (form[i] == '0' ? !digit : text[i] != form[i]) return false;
  }
  return true;
}

int number(std::string_view digits) {
  int value = 0;
  for (const char c : digits) value = value * 10 + (c - '0');
  return value;
}

std::optional<Seconds> time_of_day(std::string_view text) {
  const int hours = number(text.substr(0, 2));
  const int minutes = number(text.substr(3, 2));
  const int rest = text.size() > 5 ? number(text.substr(6, 2)) : 0;
  if (hours > 23 || minutes > 59 || rest > 59) return std::nullopt;
  return std::chrono::hours(hours) + std::chrono::minutes(minutes) + Seconds(rest);
}

}  // namespace

UtcInstant Moment::from(UtcInstant now) const {
  if (!daily) return at;
  const auto today = std::chrono::floor<std::chrono::days>(now);
  const UtcInstant then = today + at.time_since_epoch();
  return then >= now ? then : then + std::chrono::days(1);
}

std::optional<Moment> parse_moment(std::string_view text) {
  if (has_form(text, "00:00") || has_form(text, "00:00:00")) {
    const auto time = time_of_day(text);
    return time ? std::optional(Moment{true, UtcInstant(*time)}) : std::nullopt;
  }
  if (!has_form(text, "0000-00-00T00:00:00Z")) return std::nullopt;
  using namespace std::chrono;
  const year_month_day date{year(number(text.substr(0, 4))), month(static_cast<unsigned>(number(text.substr(5, 2)))),
                            day(static_cast<unsigned>(number(text.substr(8, 2))))};
  const auto time = time_of_day(text.substr(11, 8));
  // Nanoseconds since 1970 in 64 bits end in 2262.
  if (!date.ok() || !time || date.year() < year(1970) || date.year() > year(2261)) return std::nullopt;
  return Moment{false, UtcInstant(sys_days(date).time_since_epoch() + *time)};
}

}  // namespace mainstay::show
