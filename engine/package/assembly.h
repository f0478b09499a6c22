// Packets of all renditions become what is on the shelf: segments get their numbers, dates and discontinuities here.
// Owned by the packager.
// Thread-safety: one thread at a time.
//
// A segment's number is its place on the timeline plus a constant, so all renditions have the same one for the same
// time, and the same discontinuities: what a segment begins with is settled when its first part in any rendition is
// there. A rendition that stays behind gets gaps; the others do not wait for it.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "engine/core/clock.h"
#include "engine/core/log.h"
#include "engine/package/numbering.h"
#include "engine/package/stream_shelf.h"
#include "engine/package/track.h"

namespace mainstay::package {

struct AssemblyOptions {
  Timeline timeline;
  bool low_latency = true;
  bool audio_only = true;
  bool dash = false;
  bool encrypted = false;
  std::int64_t key_segments = 0;  ///< that share a key; 0: all do
  bool transport_stream = false;  ///< renditions are pictures with `sound` in them, without parts
  std::string sound;
  double window_s = 30;
  double dvr_s = 0;                       ///< how far back playlists reach, with older segments on disk
  std::vector<RenditionPlan> renditions;  ///< in the order in which they are listed

  bool parts() const { return low_latency && !transport_stream; }

  friend bool operator==(const AssemblyOptions&, const AssemblyOptions&) = default;
};

class Assembly {
 public:
  struct Services {
    Clock& clock;
    Log& log;
    /// When a time of the program is on air; empty: when its first packet comes.
    std::function<Instant(Nanos)> due = {};
  };

  /// `before`: what an earlier run has used up; none: numbers start from the time of day, so that they rise whatever is
  /// forgotten.
  Assembly(AssemblyOptions options, Services services, std::shared_ptr<StreamShelf> shelf,
           std::optional<Numbering> before);
  ~Assembly();

  /// From here on made so: what is open is ended, nothing is lost behind the next boundary.
  void use(AssemblyOptions options);
  void take(const Packet& packet);
  /// The stream is over.
  void finish();

  /// What a later run goes on from; none before the first segment.
  std::optional<Numbering> numbering() const;
  /// Packets that no segment could take.
  std::int64_t lost() const;

 private:
  class Sink;
  friend class Sink;

  void make_tracks();
  void cut_otherwise(const Timeline& timeline);
  void switch_parts();
  std::int64_t msn_of(std::int64_t segment);
  UtcInstant date_of(std::int64_t segment);
  void slew();
  /// Whether a discontinuity stands before the segment; settled from then on.
  bool settle(std::int64_t segment);
  void want_break(std::int64_t segment);
  void leave_behind();
  void give(const std::string& rendition, Sink& sink, const Packet& packet);

  AssemblyOptions options_;
  const Services services_;
  const std::shared_ptr<StreamShelf> shelf_;
  const std::optional<Numbering> before_;
  std::map<std::string, std::unique_ptr<Sink>> sinks_;  // by rendition
  std::optional<std::int64_t> base_;                    // msn of the timeline's segment 0
  std::optional<std::int64_t> settled_;                 // the last segment whose discontinuity is
  std::optional<std::int64_t> resume_;                  // where tracks begin that were made anew
  std::set<std::int64_t> breaks_;
  std::map<std::int64_t, UtcInstant> dates_;  // of the latest segments' beginnings
  std::optional<Nanos> utc_offset_;           // from the monotonic clock
  Instant slewed_{};
  bool dirty_ = false;      // there is something to publish
  bool ended_one_ = false;  // a segment, in some rendition
  std::int64_t last_begun_ = 0;
  std::int64_t former_lost_ = 0;
};

}  // namespace mainstay::package
