// Units of time: durations, instants of the monotonic clock and of UTC.
// Plain values.
// Thread-safety: as any value.
#pragma once

#include <chrono>
#include <cstdint>

namespace mainstay {

using Nanos = std::chrono::nanoseconds;
using Micros = std::chrono::microseconds;
using Millis = std::chrono::milliseconds;
using Seconds = std::chrono::seconds;

/// Tag of the injected monotonic clock; has no now(): ask a Clock.
struct MonotonicTime {
  using rep = std::int64_t;
  using period = std::nano;
  using duration = Nanos;
  static constexpr bool is_steady = true;
};

/// A moment on the monotonic clock.
using Instant = std::chrono::time_point<MonotonicTime, Nanos>;
/// A moment in UTC.
using UtcInstant = std::chrono::sys_time<Nanos>;

/// No deadline.
inline constexpr Instant kNever = Instant::max();

/// A duration as seconds, for reports.
inline double seconds(Nanos d) {
  return std::chrono::duration<double>(d).count();
}

}  // namespace mainstay
