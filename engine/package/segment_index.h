// The index of the segments that are on disk: a line of JSON for each, which a later run reads.
// Functions without state.
// Thread-safety: from any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "engine/package/segment.h"

namespace mainstay::package {

/// A segment as the index tells of it; `segment` has no items.
struct KeptSegment {
  std::string rendition;
  std::int64_t discontinuity_sequence = 0;  ///< of the stream in front of it
  bool in_index = true;                     ///< false: of no use to a later run
  Segment segment;
};

/// With the end of the line.
std::string index_line(const KeptSegment& kept);
/// Nothing: a line that is not whole (a kill), or none of ours. What it gives can be listed and computed with.
std::optional<KeptSegment> parse_index_line(const std::string& line);

}  // namespace mainstay::package
