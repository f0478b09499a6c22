// What the packager's tests share: short encodes, laid end to end for streams of any length, and what is on a shelf
// read back as a player reads it.
// Owned by the test.
// Thread-safety: as any value.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/clock.h"
#include "engine/core/log.h"
#include "engine/media/packet.h"
#include "engine/package/assembly.h"
#include "engine/package/stream_shelf.h"

namespace mainstay::package::testing {

/// What encoders say of themselves is nobody's from here on.
void be_quiet();

struct EncodeOf {
  Rate rate{30, 1};
  int gop = 60;
  int bframes = 0;
  int kbps = 200;
  Codec video = Codec::h264;
  Codec audio = Codec::aac;
  FrameIndex first = 30;
  std::string video_name = "v0";
  std::string audio_name = "a0";
};

/// One GOP of pictures and a second of sound, encoded once and repeated with later times.
class LongStream {
 public:
  explicit LongStream(EncodeOf what);
  /// `frames` pictures from the first one on, and their sound, in decode order.
  std::vector<PacketPtr> packets(std::int64_t frames) const;
  const EncodeOf& what() const { return what_; }

 private:
  EncodeOf what_;
  std::vector<PacketPtr> pictures_;
  std::vector<PacketPtr> sound_;
};

std::vector<PacketPtr> in_decode_order(std::vector<PacketPtr> a, const std::vector<PacketPtr>& b);

AssemblyOptions options_for(const EncodeOf& what, std::int64_t segment_frames, std::int64_t part_frames);

/// A media playlist as it is read.
struct ReadPart {
  std::string uri;
  double duration = 0;
  bool independent = false;
  bool gap = false;
};
struct ReadSegment {
  std::int64_t msn = 0;
  std::string uri;  ///< empty: not whole
  double duration = 0;
  bool gap = false;
  bool discontinuity = false;
  std::string date;
  std::string map;
  std::string map_key;  ///< that applies to it: of the last EXT-X-KEY before the EXT-X-MAP (RFC 8216bis, 4.4.4.4)
  std::string key;
  std::vector<ReadPart> parts;
};
struct ReadPlaylist {
  std::string text;
  int version = 0;
  int target_duration = 0;
  double part_target = 0;
  double part_hold_back = 0;
  double hold_back = 0;
  double can_skip_until = 0;
  bool can_block = false;
  std::int64_t media_sequence = 0;
  std::int64_t discontinuity_sequence = 0;
  std::int64_t skipped = 0;
  bool ended = false;
  std::string hint;
  std::map<std::string, std::pair<std::int64_t, std::int64_t>> reports;  ///< by URI: LAST-MSN, LAST-PART (-1: none)
  std::vector<ReadSegment> segments;

  double listed() const;  ///< seconds of whole segments
};
ReadPlaylist read_playlist(std::string_view text);
/// Of the shelf, now; fails the test when it is not there.
ReadPlaylist playlist_of(const Shelf& shelf, const std::string& rendition);

/// What the pattern's first group matched, in order.
std::vector<std::string> captured(const std::string& text, const char* pattern);

/// Each breach of the rules that one media playlist can show by itself, in words.
std::vector<std::string> breaches_of(const ReadPlaylist& playlist);

}  // namespace mainstay::package::testing
