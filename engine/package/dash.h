// A DASH manifest (ISO/IEC 23009-1) over the segments that HLS lists: live profile. With parts, a low-latency one
// (DASH-IF "Low-latency Modes for DASH"): segments may be asked for while they are made, and come part by part.
// Functions without state.
// Thread-safety: from any thread.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/media/packet.h"
#include "engine/package/playlist.h"

namespace mainstay::package {

struct DashRendition {
  std::string name;
  StreamInfoPtr stream;
  std::string codecs;
  std::int64_t bps = 0;
  const Segments* segments = nullptr;
};

/// What begins with a discontinuity. It keeps its place while its segments leave the window: players know it by that.
struct DashPeriod {
  std::int64_t msn = 0;       ///< of its first segment, listed or not
  std::int64_t begin_us = 0;  ///< since the program's epoch
  std::int64_t moved_us = 0;  ///< Segment::moved_us of its segments
  // The grid of its segments: pictures of `frame_ticks` each.
  std::int64_t segment_frames = 0;  ///< 0: none is known
  std::int64_t frame_ticks = 1;
  std::int64_t ticks_a_second = 1;

  friend bool operator==(const DashPeriod&, const DashPeriod&) = default;
};

struct DashManifest {
  std::vector<DashRendition> renditions;
  std::vector<DashPeriod> periods;  ///< the oldest first; the first one holds the oldest segment
  std::int64_t target_duration_s = 0;
  std::int64_t part_target_us = 0;  ///< 0: no parts, or a server that only has files
  std::int64_t window_s = 0;
  UtcInstant epoch{};          ///< when the program's time was zero, by its dates
  std::int64_t origin_us = 0;  ///< the program's time where the presentation begins: earlier runs' come before zero
  std::int64_t lag_us = 0;     ///< how long after its date a segment's end is here
  UtcInstant now{};
  bool ended = false;
  std::string clock_uri;  ///< gives the time (xs:dateTime); empty: the head of the multivariant playlist does
};

/// Empty when there is nothing to list.
PlaylistText dash_manifest(const DashManifest& manifest);

}  // namespace mainstay::package
