// The texts of playlists, by RFC 8216bis and Apple's authoring specification: values in, text out, so that every rule
// can be tested without a stream.
// Functions without state.
// Thread-safety: from any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/media/rate.h"
#include "engine/package/segment.h"

namespace mainstay::package {

struct PlaylistText {
  std::string text;
  std::vector<std::uint32_t> uri_ends;  ///< the offsets just behind each URI

  friend bool operator==(const PlaylistText&, const PlaylistText&) = default;
};

/// How far another rendition is.
struct RenditionReport {
  std::string uri;
  std::int64_t last_msn = 0;
  std::optional<std::int64_t> last_part;
};

struct MediaPlaylist {
  const Segments* segments = nullptr;  ///< the oldest first; the last one may not be whole
  std::size_t from = 0;                ///< the first one listed
  std::int64_t discontinuity_sequence = 0;
  std::int64_t target_duration_s = 0;
  std::int64_t part_target_us = 0;     ///< 0: no parts
  std::int64_t part_hold_back_us = 0;  ///< at least three part targets
  bool ended = false;
  bool is_file = false;  ///< for servers that only have files: no parts, nothing that takes an answer of ours
  std::vector<RenditionReport> reports;
};

/// RFC 3339 in UTC, to the millisecond.
std::string utc_text(UtcInstant at);

/// Names of what playlists list.
std::string part_uri(std::int64_t msn, std::int64_t part);
std::string segment_uri(std::int64_t msn, bool transport_stream);

/// Keeps what playlists say of a segment that has begun, or is whole; it stays so from then on.
void note_lines(Segment& segment);

/// A media playlist; with `skip` a delta update (4.4.5.2), if there is enough to skip.
PlaylistText media_playlist(const MediaPlaylist& playlist, bool skip = false);
/// The segments' IDR pictures alone (4.4.3.6).
PlaylistText iframe_playlist(const MediaPlaylist& playlist);

/// How far from the end a delta update still lists (CAN-SKIP-UNTIL): six target durations.
std::int64_t skip_until_us(std::int64_t target_duration_s);

struct VideoVariant {
  std::string uri;
  std::string iframes_uri;  ///< empty: none
  std::string codecs;
  int width = 0;
  int height = 0;
  Rate rate;
  std::int64_t peak_bps = 0;
  std::int64_t average_bps = 0;
  std::int64_t iframe_bps = 0;
};

struct AudioRendition {
  std::string uri;
  std::string name;
  std::string codecs;
  int channels = 2;
  std::int64_t peak_bps = 0;
  std::int64_t average_bps = 0;
};

/// Without sound of their own (`audio` empty) the variants carry theirs. `audio_only`: a variant of the sound alone.
PlaylistText multivariant_playlist(const std::vector<VideoVariant>& video, const std::vector<AudioRendition>& audio,
                                   bool audio_only);

}  // namespace mainstay::package
