// What the packager has made, for clients. Part of snapshot.h.
// Plain values.
// Thread-safety: as any value.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace mainstay {

struct HlsRenditionSnapshot {
  std::string name;
  std::string codecs;         ///< RFC 6381: "avc1.640028"; empty before the first packet
  std::int64_t segments = 0;  ///< made since the start
  std::int64_t parts = 0;
  std::int64_t bytes = 0;  ///< of segments
  double kbps_mean = 0;    ///< of the segments in the window
  double kbps_peak = 0;    ///< of the largest of them
};

struct HlsPublishSnapshot {
  std::string where;   ///< folder or address, without secrets
  std::string state;   ///< "waiting", "live", "failed"
  std::string detail;  ///< why it failed
  std::int64_t files = 0;
  std::int64_t bytes = 0;
  std::int64_t queued = 0;    ///< files that wait
  std::int64_t lost = 0;      ///< files given up
  std::string lost_segments;  ///< whose, the latest: "1760-1764, 1790"
};

struct HlsSnapshot {
  std::string state;   ///< "waiting", "live", "failed", "ended"
  std::string detail;  ///< why it failed
  std::string url;     ///< of the multivariant playlist, as viewers see it
  double segment_s = 0;
  double part_s = 0;           ///< 0: no parts
  std::int64_t sequence = -1;  ///< media sequence number of the last whole segment; -1: none
  std::int64_t segments = 0;   ///< of all renditions, since the start
  std::int64_t parts = 0;
  std::int64_t bytes = 0;
  std::int64_t dropped = 0;       ///< packets lost to a packager that was too slow
  std::int64_t memory_bytes = 0;  ///< what the shelf holds
  std::vector<HlsRenditionSnapshot> renditions;
  std::vector<HlsPublishSnapshot> publish;
};

}  // namespace mainstay
