// A DASH manifest (ISO/IEC 23009-1) over the segments that HLS lists: live profile, SegmentTemplate with a timeline.
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

struct DashManifest {
  std::vector<DashRendition> renditions;
  std::int64_t target_duration_s = 0;
  std::int64_t window_s = 0;
  UtcInstant now{};
  bool ended = false;
};

/// Empty when there is nothing to list. A period for each discontinuity.
PlaylistText dash_manifest(const DashManifest& manifest);

}  // namespace mainstay::package
