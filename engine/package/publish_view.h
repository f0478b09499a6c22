// What a place elsewhere should hold, as the shelf says it, and as that place wants it.
// Plain values; the items are shared.
// Thread-safety: as any value; the functions from any thread.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "engine/core/time.h"
#include "engine/package/publish_target.h"

namespace mainstay::package {

struct PublishView {
  struct File {
    std::string path;
    ItemPtr item;
    std::int64_t msn = -1;  ///< of the segment that it belongs to, or that it came with
  };
  std::vector<File> media;      ///< the oldest first
  std::vector<File> keys;       ///< that `media` is encrypted with
  std::vector<File> playlists;  ///< the multivariant one last
  Nanos window{0};              ///< how much is listed
  bool ended = false;
};
using PublishViewPtr = std::shared_ptr<const PublishView>;

/// As `options` ask for it: a receiver of one rendition gets the first one's files, without their folder; keys are
/// files like others, or playlists name them at the key server, or (with neither) they stay here.
PublishViewPtr view_for(const PublishOptions& options, PublishViewPtr view);

/// Numbers of segments, those that follow each other as one: "1760-1764, 1790". Bounded: of many the latest.
class NumberRanges {
 public:
  static constexpr std::size_t kMost = 16;
  /// Those from `first` to `last`. Rising, or they count as one more range.
  void add(std::int64_t first, std::int64_t last);
  bool empty() const { return ranges_.empty(); }
  std::string text() const;

 private:
  struct Range {
    std::int64_t first = 0;
    std::int64_t last = 0;
  };
  std::vector<Range> ranges_;
};

}  // namespace mainstay::package
