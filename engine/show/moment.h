// Moments as a show writes them: a time of day, or a date and time, in UTC.
// Plain functions.
// Thread-safety: from any thread.
#pragma once

#include <optional>
#include <string_view>

#include "engine/core/time.h"

namespace mainstay::show {

struct Moment {
  bool daily = false;  ///< a time of day; else a date and time
  UtcInstant at{};     ///< daily: on 1970-01-01

  /// The next one at or after `now`; of one that is not daily, itself.
  UtcInstant from(UtcInstant now) const;
};

/// "18:00", "18:00:30", "2026-12-31T23:59:59Z" (RFC 3339 in UTC, whole seconds).
std::optional<Moment> parse_moment(std::string_view text);

}  // namespace mainstay::show
