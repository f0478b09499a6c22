// The container side of MediaReader: opens a file or a stream of bytes, picks one video and one audio stream, and hands
// out their packets, by kind or in the order of the media.
// Owned by MediaReader. Only .cpp files of engine/ffi/av include this header.
// Thread-safety: `aborted` may be set by any thread; everything else from one thread at a time.
#pragma once

#include <array>
#include <atomic>
#include <deque>
#include <memory>
#include <optional>

#include "engine/core/log.h"
#include "engine/ffi/av/av_common.h"
#include "engine/ffi/av/media_reader.h"

namespace mainstay::ffi {

class Demuxer {
 public:
  /// Opens the media that `options` names. `aborted` ends this and every later call.
  static Result<std::unique_ptr<Demuxer>> open(const MediaReaderOptions& options, const std::atomic<bool>& aborted,
                                               Log& log);
  ~Demuxer();

  /// The chosen stream of a kind; null when there is none.
  AVStream* stream(MediaKind kind) const { return streams_[index(kind)]; }
  const char* container() const;
  bool still() const;
  std::optional<Nanos> duration() const;
  /// AVDISPLAY matrix of the video as a whole (nine numbers), or null.
  const std::int32_t* display_matrix() const;

  /// The next packet of `kind`. Errc::end; Errc::again when what is held of the other kind reached the read-ahead limit
  /// (`span` of its decode times, or kReadAheadBytes).
  Result<AvPacketPtr> next(MediaKind kind, Nanos span = kReadAheadSpan);
  /// The next packet of either kind, in the order of the media.
  Result<AvPacketPtr> next_any();
  MediaKind kind_of(const AVPacket& packet) const;

  /// Goes to the keyframe at or before `target` µs of the container's time (INT64_MIN: the very start). Sound that
  /// ends before `sound_from` µs is not handed out.
  Status seek(std::int64_t target, std::int64_t sound_from);

 private:
  struct Input;
  struct Held {
    AvPacketPtr packet;
    std::int64_t order;
  };

  Demuxer(const MediaReaderOptions& options, const std::atomic<bool>& aborted, Log& log);
  Status open_input();
  Status choose_streams();
  Error open_error(int code) const;
  /// Reads one packet into its queue; others' packets are passed over.
  Status fetch();
  bool fix_jump(AVPacket& packet);
  bool full(MediaKind kind, Nanos span) const;
  Result<AvPacketPtr> take(MediaKind kind);
  static int index(MediaKind kind) { return kind == MediaKind::video ? 0 : 1; }

  const MediaReaderOptions& options_;
  const std::atomic<bool>& aborted_;
  Log& log_;
  std::unique_ptr<Input> input_;
  std::array<AVStream*, 2> streams_{};
  std::array<std::deque<Held>, 2> held_;
  std::int64_t held_bytes_ = 0;
  std::int64_t order_ = 0;
  int consecutive_errors_ = 0;
  bool ended_ = false;
  // Jumps of the container's clock (joined transport streams): added to every timestamp, in µs.
  std::int64_t jump_offset_ = 0;
  std::array<std::optional<std::int64_t>, 2> expected_;
  std::int64_t sound_from_ = INT64_MIN;
};

}  // namespace mainstay::ffi
