// The validator: what RFC 8216bis and Apple's authoring specification ask of playlists, one rule a row. It reads the
// texts as a player gets them and knows nothing of how they are made.
// Owned by the test.
// Thread-safety: as any value; the rules have no state.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "tests/engine/package/stream_support.h"

namespace mainstay::package::testing {

/// A line of a playlist.
struct Tag {
  std::string name;  ///< "#EXTINF"; empty: a URI
  std::string value;
  std::vector<std::pair<std::string, std::string>> attributes;  ///< as they stand, quotes kept

  bool has(const std::string& attribute) const { return !of(attribute).empty(); }
  /// Without its quotes; empty: it is not there.
  std::string of(const std::string& attribute) const;
};
std::vector<Tag> tags_of(const std::string& text);

/// An update of a media playlist, and what was seen until then.
struct Update {
  std::string rendition;
  bool pictures = true;
  ReadPlaylist now;
  std::vector<Tag> tags;                       ///< of `now`
  const ReadPlaylist* before = nullptr;        ///< the update in front of it
  std::map<std::string, ReadPlaylist> others;  ///< the latest of the other renditions
  bool iframes = false;                        ///< an I-frame playlist
  bool low_latency = true;                     ///< with parts
};
Update update_of(std::string rendition, bool pictures, const std::string& text);

struct MediaRule {
  const char* name;
  const char* source;
  std::string (*breach)(const Update&);  ///< in words; empty: it is kept
};
const std::vector<MediaRule>& media_rules();
/// Of the rules that say something about I-frame playlists.
const std::vector<MediaRule>& iframe_rules();

/// What was measured of the segments that a URI of the multivariant playlist leads to.
struct Measured {
  double peak_bps = 0;
  double average_bps = 0;
};
struct Multivariant {
  std::string text;
  std::vector<Tag> tags;
  std::map<std::string, Measured> measured;  ///< by URI; empty: not looked at
};
struct MultivariantRule {
  const char* name;
  const char* source;
  std::string (*breach)(const Multivariant&);
};
const std::vector<MultivariantRule>& multivariant_rules();

/// "RULE (SOURCE): what" of all rules that are broken.
std::vector<std::string> breaches_of(const Update& update);
std::vector<std::string> breaches_of(const Multivariant& playlist);

/// A delta update put together with the playlist before it (RFC 8216bis 6.3.7), as a player holds it then.
ReadPlaylist rebuilt(const ReadPlaylist& before, const ReadPlaylist& delta);
/// What players go by: all but the text itself.
std::string difference(const ReadPlaylist& a, const ReadPlaylist& b);

}  // namespace mainstay::package::testing
