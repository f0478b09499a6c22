// What the rules of media playlists read in them.
// Functions without state.
// Thread-safety: from any thread.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <string>
#include <utility>
#include <vector>

#include "tests/engine/package/checklist.h"

namespace mainstay::package::testing {

inline constexpr double kTiny = 1e-6;
inline constexpr double kDateStep = 0.002;  // dates are told to the millisecond

inline std::size_t count(const Update& update, const std::string& name) {
  return static_cast<std::size_t>(
      std::count_if(update.tags.begin(), update.tags.end(), [&](const Tag& tag) { return tag.name == name; }));
}

inline std::size_t first(const std::vector<Tag>& tags, const std::string& name) {
  return static_cast<std::size_t>(
      std::find_if(tags.begin(), tags.end(), [&](const Tag& tag) { return tag.name == name; }) - tags.begin());
}

inline bool is_whole(const ReadSegment& segment) {
  return !segment.uri.empty();
}

inline double length_of(const ReadSegment& segment) {
  if (is_whole(segment)) return segment.duration;
  double sum = 0;
  for (const ReadPart& part : segment.parts) sum += part.duration;
  return sum;
}

/// Seconds since 1970 of "2026-01-02T03:04:05.678Z"; negative: it is none.
inline double seconds_of(const std::string& date) {
  int y = 0, mo = 0, d = 0, h = 0, mi = 0;
  double s = 0;
  char zone = 0;
  if (std::sscanf(date.c_str(), "%4d-%2d-%2dT%2d:%2d:%lf%c", &y, &mo, &d, &h, &mi, &s, &zone) != 7 || zone != 'Z')
    return -1;
  const auto days = std::chrono::sys_days{std::chrono::year(y) / mo / d}.time_since_epoch().count();
  return static_cast<double>(days) * 86'400 + h * 3600 + mi * 60 + s;
}

inline const ReadSegment* of_number(const ReadPlaylist& playlist, std::int64_t msn) {
  for (const ReadSegment& segment : playlist.segments) {
    if (segment.msn == msn) return &segment;
  }
  return nullptr;
}

/// Number of the last segment that is listed, and of its last part (-1: none).
inline std::pair<std::int64_t, std::int64_t> end_of(const ReadPlaylist& playlist) {
  if (playlist.segments.empty()) return {-1, -1};
  const ReadSegment& last = playlist.segments.back();
  return {last.msn, static_cast<std::int64_t>(last.parts.size()) - 1};
}

/// Rules of hints and reports, of one update and the next, and between renditions: what one update alone cannot break.
const std::vector<MediaRule>& sequence_rules();
/// One of them that counts for I-frame playlists too.
std::string discontinuities_agree(const Update& update);

}  // namespace mainstay::package::testing
