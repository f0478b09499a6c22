// What playlists list: segments and their parts.
// Plain values; the items are shared.
// Thread-safety: as any value.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "engine/package/shelf.h"

namespace mainstay::package {

/// What Segment::key begins with: where keys are, from a rendition's playlist.
inline constexpr std::string_view kKeysUri = "../keys/";

struct Part {
  std::string uri;  ///< relative to the playlist, as all of these
  std::int64_t duration_us = 0;
  bool independent = false;
  ItemPtr item;  ///< null: a gap
};

struct Segment {
  std::int64_t msn = 0;  ///< media sequence number
  std::string uri;
  std::int64_t begin_us = 0;     ///< since the program's epoch
  std::int64_t moved_us = 0;     ///< begin_us less what its media says: of an earlier run, listed in front of this one
  std::int64_t duration_us = 0;  ///< 0: it is not whole yet
  UtcInstant date{};             ///< of its first picture or sample
  bool discontinuity = false;    ///< before it
  std::string map;               ///< its initialisation segment; empty: none (MPEG-TS)
  std::string key;               ///< EXT-X-KEY's URI; empty: not encrypted
  bool gap = false;
  std::vector<Part> parts;
  bool lists_parts = true;
  ItemPtr item;            ///< null while it is not whole, of a gap, and when it is on disk alone
  std::int64_t bytes = 0;  ///< of the whole
  bool stored = false;     ///< it is on disk
  std::string key_picture_uri;
  ItemPtr key_picture;
  // Its lines in playlists, kept by note_lines() because a day's window is written with every part. Empty: not yet.
  std::string date_line;
  std::string length_line;

  bool whole() const { return duration_us > 0; }
};

using Segments = std::deque<Segment>;

}  // namespace mainstay::package
