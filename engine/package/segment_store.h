// Segments on disk: those that are older than what memory holds, for viewers who go back, and what a later run goes on
// with.
// Owned by the packager; the shelf reads from it.
// Thread-safety: all members from any thread; none blocks but load() and settle().
//
// Two threads that may hang in the disk and are left behind then ("hls/keep", "hls/read"); their queues are bounded. A
// disk that is too slow costs old segments, which leave the playlists earlier.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "engine/core/result.h"
#include "engine/package/segment_index.h"

namespace mainstay::package {

class SegmentStore {
 public:
  struct File {
    std::string path;  ///< as on the shelf
    ItemPtr item;
  };
  /// Null: it could not be read.
  using Read = std::function<void(std::shared_ptr<const std::string> bytes)>;

  explicit SegmentStore(std::string folder);
  ~SegmentStore();
  SegmentStore(const SegmentStore&) = delete;
  SegmentStore& operator=(const SegmentStore&) = delete;

  /// Brings the files and then the segment's line in the index to the disk.
  void keep(KeptSegment segment, std::vector<File> files);
  /// Segments (rendition, number) that are there since the last call.
  std::vector<std::pair<std::string, std::int64_t>> take_kept();
  void remove(std::vector<std::string> paths);
  /// Index files that tell of segments before this one alone.
  void remove_index_before(std::int64_t msn);
  /// `done` is called once, on the reading thread, or at once when too much waits.
  void read(const std::string& path, Read done);
  /// Returns when all that was to be kept is: for offline runs, which nothing is to be lost from.
  void settle();
  /// What went wrong last; empty when nothing did.
  std::string trouble() const;

  /// What an earlier run left, the oldest first, without what the disk has lost. Reads the index and no segment, and
  /// removes what no index names.
  static std::vector<KeptSegment> load(const std::string& folder);

 private:
  struct State;
  const std::shared_ptr<State> state_;
};

}  // namespace mainstay::package
