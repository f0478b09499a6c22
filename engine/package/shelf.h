// What viewers may fetch at this moment: playlists, initialisation segments, segments, parts. All in memory, immutable
// and shared, so that a thousand viewers cost one copy.
// Owned by the packager and by whoever serves it (shared); outlives neither's threads.
// Thread-safety: all members from any thread. Answers that had to wait are called on the packager's thread, or on that
// of whoever calls expire(); they must be quick and must not call back into the shelf.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/time.h"

namespace mainstay::package {

enum class ItemKind { multivariant, media_playlist, iframe_playlist, init, segment, part, manifest, key };

/// Pictures or sound, under a name that is never used again.
constexpr bool is_media(ItemKind kind) {
  return kind == ItemKind::segment || kind == ItemKind::part;
}

/// One resource, as it is sent.
struct Item {
  ItemKind kind = ItemKind::segment;
  std::string content_type;
  std::string_view bytes;
  std::shared_ptr<const void> owner;             ///< keeps `bytes`
  std::shared_ptr<const std::string> gzip = {};  ///< playlists: the same bytes, compressed (RFC 1952)
  /// The same of a long one, made when it is first called.
  std::function<std::shared_ptr<const std::string>()> gzip_later = {};
  /// Playlists: the offsets in `bytes` just behind each URI, where a query can be put in. Rising.
  std::vector<std::uint32_t> uri_ends = {};
  std::string etag = {};  ///< strong, with its quotes
  Instant made{};         ///< when it came onto the shelf
};
using ItemPtr = std::shared_ptr<const Item>;

/// The delivery directives of RFC 8216bis 6.2.5.
struct Reload {
  enum class Skip { no, yes, v2 };
  std::optional<std::int64_t> msn = {};   ///< _HLS_msn
  std::optional<std::int64_t> part = {};  ///< _HLS_part
  Skip skip = Skip::no;                   ///< _HLS_skip

  bool any() const { return msn || part || skip != Skip::no; }
};

struct Answer {
  int status = 200;   ///< 200, 204 (follow()), 400 (directives that ask for what cannot be), 404, 503 (waited too long)
  ItemPtr item = {};  ///< with 200
  std::string why = {};  ///< otherwise: one line
};

class Shelf {
 public:
  virtual ~Shelf() = default;

  /// The resource at this path ("v0/init.mp4", "v0/s12.p3.m4s"; relative to the stream, no query); null: there is none.
  /// Of a media playlist: as it is now.
  virtual ItemPtr find(std::string_view path) const = 0;

  /// A media playlist with delivery directives. `answer` is called exactly once: at once on this thread, or when what
  /// was asked for is there, when it has waited for three target durations, or when the stream ends. Without
  /// directives, anything: what find() gives; what a stream that has just begun will list, or the part of a preload
  /// hint (RFC 8216bis 4.4.5.3), once it is there.
  virtual void reload(std::string_view path, const Reload& directives, std::function<void(Answer)> answer) = 0;

  /// A segment while it is made: `answer` is called once, as in reload(), with part `index` of it, at once or when that
  /// is there. 204: it is whole, and had no further one. 200 without an item: that part is a gap.
  virtual void follow(std::string_view path, std::size_t index, std::function<void(Answer)> answer) {
    (void)path;
    (void)index;
    answer({404, nullptr, "there is no such resource"});
  }

  /// The target duration now, for cache headers; zero before the first segment.
  virtual Nanos target_duration() const = 0;
  /// The part target; zero when there are no parts.
  virtual Nanos part_target() const = 0;
};

}  // namespace mainstay::package
