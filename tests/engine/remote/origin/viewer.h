// A player of one rendition, as careful as none is: it reads every update of its playlist by blocking reload, holds it
// against the checklist, takes the delta update beside it, and fetches each part and segment.
// Owned by the test.
// Thread-safety: watch() on a thread of its own; the rest when it has ended.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "tests/engine/package/checklist.h"
#include "tests/engine/remote/origin/packaged_stream.h"
#include "tests/engine/remote/test_client.h"

namespace mainstay::remote::testing {

/// What the viewers know of each other's playlists.
class Board {
 public:
  void put(const std::string& rendition, package::testing::ReadPlaylist playlist);
  std::map<std::string, package::testing::ReadPlaylist> but(const std::string& rendition) const;

 private:
  mutable std::mutex mutex_;
  std::map<std::string, package::testing::ReadPlaylist> playlists_;
};

class Viewer {
 public:
  struct Seen {
    package::testing::ReadSegment segment;
    std::string bytes;
    std::vector<std::string> parts;
    std::string key_picture;
  };

  Viewer(PackagedStream& stream, Board& board, std::string rendition, bool pictures);

  /// Until the playlist ends. `at_update` is called with each playlist while the programme stands still.
  void watch(const std::function<void(const package::testing::ReadPlaylist&)>& at_update = {});

  const std::string& rendition() const { return rendition_; }
  const std::set<std::string>& breaches() const { return breaches_; }
  int updates() const { return updates_; }
  int deltas() const { return deltas_; }
  const std::map<std::int64_t, Seen>& segments() const { return segments_; }
  const std::map<std::string, std::string>& maps() const { return maps_; }
  /// A response, with its header; `target` below the stream.
  std::string get(const std::string& target, const std::string& header = {});

 private:
  std::string body(const std::string& target);
  void take(const std::string& text);
  void take_media(const package::testing::ReadPlaylist& now);
  void take_delta(const package::testing::ReadPlaylist& now);
  void take_iframes(const package::testing::ReadPlaylist& now);
  void look_after_what_left(const package::testing::ReadPlaylist& now);
  void breach(std::string what) { breaches_.insert(std::move(what)); }

  PackagedStream& stream_;
  Board& board_;
  const std::string rendition_;
  const bool pictures_;
  RawClient client_;
  package::testing::ReadPlaylist last_;
  std::set<std::string> breaches_;
  std::map<std::int64_t, Seen> segments_;
  std::map<std::string, std::string> maps_;
  std::deque<std::pair<Instant, std::string>> to_stay_;  ///< what left the playlist, and until when it must be there
  int updates_ = 0;
  int deltas_ = 0;
};

}  // namespace mainstay::remote::testing
