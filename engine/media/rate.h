// Frame rates, time bases and the exact arithmetic between frames, samples and seconds. No floating point, no per-item
// rounding: a program's audio and video cannot drift apart, on any day.
// Plain values.
// Thread-safety: as any value.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "engine/core/result.h"
#include "engine/core/time.h"

namespace mainstay {

/// A video frame's place: frames since the program's epoch.
using FrameIndex = std::int64_t;

inline constexpr int kProgramSampleRate = 48000;

/// Seconds a tick of a stream's timestamps lasts: num/den.
struct TimeBase {
  std::int64_t num = 1;
  std::int64_t den = 1;
  friend bool operator==(const TimeBase&, const TimeBase&) = default;
};

inline constexpr TimeBase kMillisBase{1, 1000};
inline constexpr TimeBase kTsBase{1, 90000};  // ISO/IEC 13818-1
inline constexpr TimeBase kNanosBase{1, 1'000'000'000};
inline constexpr TimeBase kAudioBase{1, kProgramSampleRate};

enum class Rounding { down, nearest, up };

/// value·num/den in 128 bits. `den` > 0.
std::int64_t mul_div(std::int64_t value, std::int64_t num, std::int64_t den, Rounding rounding = Rounding::down);

/// A timestamp in another time base.
std::int64_t rescale(std::int64_t value, TimeBase from, TimeBase to, Rounding rounding = Rounding::nearest);

/// Frames a second, as num/den ("30000/1001").
struct Rate {
  std::int32_t num = 30;
  std::int32_t den = 1;

  /// "30", "30/1", "29.97" (read as 30000/1001), "30000/1001". Errc::invalid otherwise; 1 to 1000 frames a second.
  static Result<Rate> parse(std::string_view text);
  std::string str() const;  // "30/1"

  double fps() const { return static_cast<double>(num) / den; }
  TimeBase time_base() const { return {den, num}; }

  /// Time from the epoch to the start of frame n, rounded down to a nanosecond (never summed).
  Nanos begin(FrameIndex n) const { return Nanos(mul_div(n, std::int64_t{den} * 1'000'000'000, num)); }
  /// The frame being shown at `t` after the epoch.
  FrameIndex at(Nanos t) const { return mul_div(t.count(), num, std::int64_t{den} * 1'000'000'000); }
  /// The first sample (48 kHz) of frame n: floor(n·48000·den/num).
  std::int64_t first_sample(FrameIndex n) const { return mul_div(n, std::int64_t{kProgramSampleRate} * den, num); }
  /// Samples that belong to frame n.
  int samples(FrameIndex n) const { return static_cast<int>(first_sample(n + 1) - first_sample(n)); }
  /// Whole frames in `t`, rounded to the nearest, at least one.
  FrameIndex frames_in(Nanos t) const;

  friend bool operator==(const Rate&, const Rate&) = default;
};

/// a < b as frames a second.
bool slower(Rate a, Rate b);

}  // namespace mainstay
