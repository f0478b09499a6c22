#include "engine/media/rate.h"

#include <algorithm>
#include <charconv>
#include <numeric>

namespace mainstay {

namespace {

__extension__ using Int128 = __int128;  // -Wpedantic knows no 128-bit type

constexpr int kMaxFps = 1000;

Error bad_rate(std::string_view text) {
  return make_error(Errc::invalid,
                    "'{}' is not a frame rate: write frames a second as \"30\", \"29.97\" or \"30000/1001\"", text);
}

bool parse_int(std::string_view text, std::int32_t& out) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  return error == std::errc{} && end == text.data() + text.size();
}

}  // namespace

std::int64_t mul_div(std::int64_t value, std::int64_t num, std::int64_t den, Rounding rounding) {
  const Int128 product = static_cast<Int128>(value) * num;
  Int128 quotient = product / den;
  Int128 remainder = product % den;
  if (remainder < 0) {  // floor, also below zero
    remainder += den;
    --quotient;
  }
  if (rounding == Rounding::nearest && remainder * 2 >= den) ++quotient;
  if (rounding == Rounding::up && remainder > 0) ++quotient;
  return static_cast<std::int64_t>(quotient);
}

std::int64_t rescale(std::int64_t value, TimeBase from, TimeBase to, Rounding rounding) {
  if (from == to) return value;
  return mul_div(value, from.num * to.den, from.den * to.num, rounding);
}

Result<Rate> Rate::parse(std::string_view text) {
  Rate rate;
  if (const auto slash = text.find('/'); slash != std::string_view::npos) {
    if (!parse_int(text.substr(0, slash), rate.num) || !parse_int(text.substr(slash + 1), rate.den))
      return bad_rate(text);
  } else if (const auto dot = text.find('.'); dot != std::string_view::npos) {
    // The NTSC family is written with two or three decimals: 23.976, 29.97, 59.94, 119.88.
    std::int32_t whole = 0;
    std::int32_t fraction = 0;
    const std::string_view decimals = text.substr(dot + 1);
    if (decimals.empty() || decimals.size() > 3 || !parse_int(text.substr(0, dot), whole) ||
        !parse_int(decimals, fraction) || whole < 0 || whole > kMaxFps || fraction < 0) {
      return bad_rate(text);
    }
    for (std::size_t i = decimals.size(); i < 3; ++i) fraction *= 10;
    const std::int32_t thousandths = whole * 1000 + fraction;
    const std::int32_t ntsc = whole + 1;
    const bool is_ntsc = std::abs(thousandths - ntsc * 1000'000 / 1001) <= 5;
    rate = is_ntsc ? Rate{ntsc * 1000, 1001} : Rate{thousandths, 1000};
  } else if (!parse_int(text, rate.num)) {
    return bad_rate(text);
  }
  if (rate.num <= 0 || rate.den <= 0 || rate.num < rate.den || rate.num / rate.den > kMaxFps) return bad_rate(text);
  const std::int32_t common = std::gcd(rate.num, rate.den);
  return Rate{rate.num / common, rate.den / common};
}

std::string Rate::str() const {
  return fmt::format("{}/{}", num, den);
}

FrameIndex Rate::frames_in(Nanos t) const {
  return std::max<FrameIndex>(1, mul_div(t.count(), num, std::int64_t{den} * 1'000'000'000, Rounding::nearest));
}

bool slower(Rate a, Rate b) {
  return std::int64_t{a.num} * b.den < std::int64_t{b.num} * a.den;
}

}  // namespace mainstay
