// The common timeline of one video and one audio stream: both streams' ticks in one base, without rounding.
// Owned by MediaReader. Only .cpp files of engine/ffi/av include this header.
// Thread-safety: as any value.
#pragma once

#include <cstdint>
#include <numeric>
#include <optional>

#include "engine/media/rate.h"

namespace mainstay::ffi {

struct MediaTimeline {
  TimeBase base{1, 1'000'000'000};
  std::int64_t zero = 0;  ///< ticks of base at which the reader's time starts

  /// A base in which the ticks of both streams are whole numbers; nanoseconds where that would be too fine.
  static MediaTimeline common(std::optional<TimeBase> a, std::optional<TimeBase> b) {
    constexpr std::int64_t kFinest = 10'000'000'000;
    MediaTimeline timeline;
    const std::int64_t first = a ? a->den : 1;
    const std::int64_t second = b ? b->den : 1;
    if (first <= 0 || second <= 0) return timeline;
    const std::int64_t ratio = first / std::gcd(first, second);
    if (ratio <= kFinest / second) timeline.base = {1, ratio * second};
    return timeline;
  }

  /// `value` ticks of a stream in ticks of base; nothing for what no clock shows (damage).
  std::optional<std::int64_t> ticks(std::int64_t value, TimeBase from) const {
    constexpr std::int64_t kMaxSeconds = 4'000'000'000;
    if (from.num <= 0 || from.den <= 0) return std::nullopt;
    const std::int64_t whole = rescale(value / 2, from, {1, 1}) / 2;  // a quarter, so that it cannot overflow
    if (whole > kMaxSeconds / 4 || whole < -kMaxSeconds / 4) return std::nullopt;
    const std::int64_t result = rescale(value, from, base);
    return result;
  }
};

}  // namespace mainstay::ffi
