// One rendition cut into CMAF segments and parts: packets in, bytes out. Video is cut at the IDR pictures of the
// timeline, its parts by their place on the timeline, so that lost pictures shift nothing; sound at the first packet
// that begins at or behind the boundary, its parts as long as whole packets allow. Every segment from the first one on
// comes out, in order: one of which nothing arrived as a gap.
// Owned by the packager.
// Thread-safety: one thread at a time; the sink is called on it.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/core/result.h"
#include "engine/ffi/av/muxer.h"
#include "engine/media/packet.h"
#include "engine/package/timeline.h"

namespace mainstay::package {

using Bytes = std::vector<std::uint8_t>;

/// Segments are numbered as on the timeline; times are microseconds since the program's epoch.
class TrackSink {
 public:
  virtual ~TrackSink() = default;
  /// Segments from this one on need another initialisation segment.
  virtual void on_init(std::int64_t segment, const StreamInfoPtr& stream, Bytes init) = 0;
  virtual void on_begin(std::int64_t segment, std::int64_t begin_us) = 0;
  /// Of the segment that has begun. Without bytes: nothing arrived.
  virtual void on_part(std::int64_t duration_us, bool independent, Bytes bytes) = 0;
  /// The segment's IDR picture, alone in a fragment.
  virtual void on_key_picture(Bytes bytes) = 0;
  /// The segment is whole.
  virtual void on_end(std::int64_t duration_us) = 0;
};

class Track {
 public:
  struct Options {
    Timeline timeline;
    bool parts = true;                      ///< false: a segment is one part
    bool key_pictures = true;               ///< for an I-frame playlist
    std::optional<std::int64_t> next = {};  ///< the first segment, where others have gone before
  };

  static std::unique_ptr<Track> make(MediaKind kind, const Options& options, TrackSink& sink);
  /// Segments of transport streams, of pictures and the sound of that name (none: empty), which take() gets too.
  static std::unique_ptr<Track> make_transport_stream(const std::string& sound, const Options& options,
                                                      TrackSink& sink);
  virtual ~Track() = default;
  Track(const Track&) = delete;
  Track& operator=(const Track&) = delete;

  /// A packet, in decode order. An error is the container's: the track goes on at the next segment.
  virtual Status take(const Packet& packet) = 0;
  /// Segments up to this one are no longer waited for. Of no effect before the first packet.
  void give_up(std::int64_t segment);
  /// The stream is over: what there is of the open segment comes out.
  void finish();

  /// The first segment that is not whole yet; none before the first packet.
  std::optional<std::int64_t> next() const { return next_; }
  /// Packets that no segment could take.
  std::int64_t lost() const { return lost_; }

 protected:
  Track(const Options& options, TrackSink& sink) : options_(options), sink_(sink), next_(options.next) {}

  void begin(std::int64_t segment, std::int64_t begin);
  /// Into the container, which is made anew when the stream's parameters are new or its decode time jumps.
  Status write(const Packet& packet);
  /// The part ends at this tick. Nothing was written: a gap.
  Status end_part(std::int64_t end);
  /// Nothing comes up to this tick.
  void gap_until(std::int64_t end);
  void end(std::int64_t end);
  Status add_key_picture(const Packet& packet, std::int64_t duration);
  /// Whether the open container can hold packets of this stream.
  bool holds(const StreamInfo& stream) const;
  Status failed(Status status);
  /// Ends the open segment with what there is.
  virtual void close_early() = 0;

  const Options options_;
  TrackSink& sink_;
  TimeBase base_{0, 1};          // of the stream; none before the first packet
  bool open_ = false;            // a segment is
  std::int64_t segment_ = 0;     // the open one
  std::int64_t part_begin_ = 0;  // tick
  bool part_empty_ = true;
  std::optional<std::int64_t> next_;
  std::optional<std::int64_t> end_;  // tick at which the latest segment ended
  std::int64_t lost_ = 0;

 private:
  Result<std::unique_ptr<ffi::Muxer>> open_container(const StreamInfoPtr& stream, Bytes& out);

  StreamInfoPtr stream_;  // of the container
  std::unique_ptr<ffi::Muxer> muxer_;
  std::unique_ptr<ffi::Muxer> key_muxer_;
  Bytes written_;
  Bytes key_written_;
  Bytes init_;
  std::int64_t begin_ = 0;  // tick of the open segment
  std::int64_t expected_dts_ = 0;
  bool independent_ = false;
};

}  // namespace mainstay::package
