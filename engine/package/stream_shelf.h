// The shelf itself: the packager puts segments and parts on it, whoever serves them takes them off, and requests that
// came too early wait here.
// Owned by the packager and by whoever serves it (shared).
// Thread-safety: those of Shelf from any thread; the others from the packager's thread alone. Texts are made on that
// thread and swapped in, so that a thousand viewers wait for no lock longer than a look-up.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/clock.h"
#include "engine/ffi/crypto/crypto.h"
#include "engine/media/packet.h"
#include "engine/package/dash.h"
#include "engine/package/playlist.h"
#include "engine/package/publisher.h"
#include "engine/package/segment.h"
#include "engine/package/segment_store.h"
#include "engine/package/shelf.h"

namespace mainstay::package {

struct ShelfOptions {
  std::int64_t target_duration_s = 2;
  std::int64_t part_target_us = 0;   ///< the longest of all renditions; 0: no parts
  std::size_t window_segments = 15;  ///< listed
  std::size_t memory_segments = 15;  ///< of those, kept in memory; the older ones are on disk
  bool transport_stream = false;
  bool audio_only = true;
  bool dash = false;
  bool encrypted = false;
  std::int64_t key_segments = 0;  ///< numbers in a row that share a key; 0: all do
  std::int64_t segment_frames = 0;  ///< of the grid; 0: there is none
  Rate rate = {};

  friend bool operator==(const ShelfOptions&, const ShelfOptions&) = default;
};

/// What a rendition is to be called and listed as.
struct RenditionPlan {
  std::string name;
  MediaKind kind = MediaKind::video;
  friend bool operator==(const RenditionPlan&, const RenditionPlan&) = default;
};

/// For snapshots.
struct RenditionFigures {
  std::string name;
  std::string codecs;
  std::int64_t segments = 0;  ///< since the start, as the next two
  std::int64_t parts = 0;
  std::int64_t bytes = 0;
  std::int64_t mean_bps = 0;  ///< of what is listed
  std::int64_t peak_bps = 0;
};
struct ShelfFigures {
  bool ready = false;          ///< playlists are given out
  std::int64_t last_msn = -1;  ///< of the last segment that is whole in every rendition
  std::int64_t memory_bytes = 0;
  std::vector<RenditionFigures> renditions;
};

class StreamShelf final : public Shelf, public std::enable_shared_from_this<StreamShelf> {
 public:
  explicit StreamShelf(Clock& clock) : clock_(clock) {}
  ~StreamShelf() override;

  ItemPtr find(std::string_view path) const override;
  /// For everything that find() does not know, too: a part that a playlist hints at, a playlist before it has enough to
  /// list, a segment that is on disk. The answer waits for it.
  void reload(std::string_view path, const Reload& directives, std::function<void(Answer)> answer) override;
  void follow(std::string_view path, std::size_t index, std::function<void(Answer)> answer) override;
  Nanos target_duration() const override;
  Nanos part_target() const override;

  // The packager's side.

  /// What follows is made so. Renditions that stay keep what they have listed.
  void set_up(const ShelfOptions& options, const std::vector<RenditionPlan>& renditions);
  /// Numbers of segments and discontinuities go on from here.
  void go_on_from(std::int64_t discontinuity_sequence) { discontinuity_base_ = discontinuity_sequence; }

  /// Where segments go that memory does not hold, and what an earlier run left there (of which those that fit are
  /// listed again). After set_up(), before the first segment.
  void use_store(std::shared_ptr<SegmentStore> store, const std::vector<KeptSegment>& left);

  /// Returns the init's name for Segment::map; without bytes there is none, and the stream is only told of (that of the
  /// sound in a transport stream, too).
  std::string add_init(const std::string& rendition, std::int64_t msn, const StreamInfoPtr& stream,
                       std::vector<std::uint8_t> bytes);
  /// The rendition's longest part.
  void set_part_target(const std::string& rendition, std::int64_t us);
  void begin(const std::string& rendition, Segment segment);
  void set_map(const std::string& rendition, std::string map);
  void add_part(const std::string& rendition, std::int64_t duration_us, bool independent,
                std::vector<std::uint8_t> bytes);
  void add_key_picture(const std::string& rendition, std::vector<std::uint8_t> bytes);
  void end(const std::string& rendition, std::int64_t duration_us);
  /// Brings playlists to what was put there, and answers those who waited for it.
  void publish();
  /// The stream is over: ENDLIST. Everything stays.
  void finish();
  /// Whether view() is kept up.
  void keep_view(bool keep) { keeps_view_ = keep; }
  /// Requests that waited too long are answered (503).
  void expire();
  /// When the next of them has; kNever without any.
  Instant next_expiry() const;

  ShelfFigures figures() const;
  /// What another place should hold, as of the last whole segment; null before there is enough to list. Any thread.
  PublishViewPtr view() const;
  /// Playlists are given out. The packager's thread.
  bool is_out() const { return published_; }
  /// Made since the start, in all renditions. The packager's thread.
  std::int64_t segments() const { return made_segments_; }
  /// The discontinuities that have left or will leave the playlists, for a later run to go on from.
  std::int64_t discontinuities() const { return discontinuity_base_ + static_cast<std::int64_t>(breaks_.size()); }

 private:
  struct Progress {
    std::int64_t last_whole = -1;                // msn
    std::map<std::int64_t, std::int64_t> parts;  // by msn: how many there are
    ItemPtr full;
    ItemPtr delta;
    std::string hint;  // path of the part that comes next
  };
  /// The packager's thread alone uses it, but for `progress`, which is under mutex_.
  struct Rendition {
    RenditionPlan plan;
    StreamInfoPtr stream;
    std::string codecs;
    std::string sound_codecs;  // of what is muxed with the picture
    Segments segments;
    std::deque<Segment> retired;  // no longer listed, still there for whoever read an older playlist
    std::int64_t part_target_us = 0;
    std::int64_t made_segments = 0;
    std::int64_t made_parts = 0;
    std::int64_t made_bytes = 0;
    std::int64_t peak_bps = 0;
    std::int64_t key_peak_bps = 0;
    bool changed = false;
    bool ended_one = true;     // what only whole segments change is made anew
    RenditionFigures figures;  // as of the last whole segment
    std::int64_t held_bytes = 0;
    std::int64_t last_whole = -1;
    bool restored = false;            // the last segment is an earlier run's
    std::string kept_map;             // the initialisation segment that is on disk
    std::vector<std::uint8_t> plain;  // the open segment as it is before it is encrypted
    Progress progress;
    bool gone = false;  // under mutex_: the show has it no more
  };
  using RenditionPtr = std::shared_ptr<Rendition>;
  struct Waiter {
    std::string path;
    RenditionPtr rendition;  // of a media playlist; as long as somebody waits for it
    Reload directives;
    Instant deadline;
    std::function<void(Answer)> answer;
    // Of follow(): whose segment, its number, and which part.
    RenditionPtr follows;
    std::int64_t msn = 0;
    std::int64_t part = 0;
  };
  enum class Place { there, waits };
  struct StreamKey {
    std::string uri;  // from a rendition's playlist
    ffi::Aes128Key bytes{};
  };
  /// Playlists made anew, before they are swapped in.
  struct Texts {
    Rendition* of = nullptr;
    ItemPtr key_pictures;
    Progress progress;
  };

  Rendition* rendition(const std::string& name);
  bool is_ready(const Rendition& rendition) const;
  bool decide_ready() const;
  bool is_awaited(std::string_view path) const;
  bool is_hinted(std::string_view path) const;
  static void count(Rendition& rendition);
  Texts make_texts(Rendition& rendition) const;
  PublishViewPtr make_view(const ItemPtr& variants) const;
  /// The key that segments of that number are encrypted with; null: none could be made.
  const StreamKey* key_for(std::int64_t msn);
  /// Those that nothing is encrypted with that may still be fetched.
  void drop_keys();
  /// For servers that only have files, or for this one.
  ItemPtr make_manifest(bool is_file) const;
  void note_period(const Segment& segment);
  void forget_periods();
  void note_lag(const Segment& segment);
  /// What of a segment goes out; as it is without a key.
  std::vector<std::uint8_t> sealed(const Segment& segment, std::vector<std::uint8_t> bytes) const;
  void put_parts_together(Rendition& rendition, Segment& segment);
  void retire(Rendition& rendition);
  void let_go_of_memory(Rendition& rendition);
  void keep_on_disk(Rendition& rendition, const Segment& segment);
  void note_kept();
  /// Numbers must not jump: gaps up to the one that begins, and times of an earlier run brought in front of this one's.
  void join(Rendition& rendition, const Segment& next);
  void put_stored(const Rendition& rendition, Segment& segment);
  void read_stored(const std::string& path);
  void take_stored(const std::string& path, std::shared_ptr<const std::string> bytes);
  void forget(const Rendition& rendition, const Segment& segment);
  void drop_parts(Rendition& rendition);
  ItemPtr media_item(const Rendition& rendition, ItemKind kind, std::string_view bytes,
                     std::shared_ptr<const void> owner, const std::string& uri) const;
  ItemPtr text_item(ItemKind kind, PlaylistText text, ItemPtr before) const;
  /// From that segment on.
  MediaPlaylist describe(const Rendition& rendition, std::size_t from = 0) const;
  PlaylistText multivariant() const;
  std::string path_of(const Rendition& rendition, const std::string& uri) const {
    return rendition.plan.name + "/" + uri;
  }
  void put(const std::string& path, ItemPtr item);
  Place place_of(const Rendition& rendition, const Reload& directives) const;
  /// 400 in words; empty: acceptable.
  std::string refusal(const Rendition& rendition, const Reload& directives) const;
  Answer answer_now(const Waiter& waiter) const;
  bool is_there(const Waiter& waiter) const;
  std::optional<Waiter> follower(std::string_view path, std::size_t index) const;
  std::vector<Waiter> take_waiters(const std::function<bool(const Waiter&)>& which);

  Clock& clock_;
  std::map<std::string, RenditionPtr> renditions_;
  std::vector<std::string> order_;
  std::int64_t discontinuity_base_ = 0;
  std::set<std::int64_t> breaks_;  // numbers of segments with a discontinuity before them
  bool published_ = false;
  bool keeps_view_ = false;
  std::int64_t made_segments_ = 0;
  std::map<std::int64_t, StreamKey> keys_;  // by the number of the first segment that has it
  std::shared_ptr<SegmentStore> store_;
  bool view_changed_ = false;
  // What DASH is told by, fixed once it was told.
  std::map<std::int64_t, DashPeriod> periods_;  // by the number of the first segment
  std::optional<UtcInstant> epoch_;
  std::int64_t origin_us_ = 0;
  std::int64_t lag_us_ = 0;

  mutable std::mutex mutex_;
  ShelfOptions options_;
  std::map<std::string, ItemPtr, std::less<>> items_;
  std::map<std::string, RenditionPtr, std::less<>> playlists_;  // by path of the media playlist
  std::vector<Waiter> waiters_;
  std::map<std::string, std::string, std::less<>> stored_;  // content types of what is on disk alone, by path
  std::deque<std::string> read_lately_;                     // of those, in items_ for a while
  ShelfFigures figures_;
  PublishViewPtr view_;
  bool ended_ = false;
};

}  // namespace mainstay::package
