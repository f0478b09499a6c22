// One stream of a media reader: its decoder, the frames decoded before anybody asked for them, and where frames lie in
// time.
// Owned by MediaReader, one of each kind; without a decoder when the media has no such stream. Only .cpp files of
// engine/ffi/av include this header.
// Thread-safety: the reader's thread.
#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>

#include "engine/core/log.h"
#include "engine/ffi/av/av_common.h"
#include "engine/ffi/av/decoder.h"
#include "engine/ffi/av/demuxer.h"
#include "engine/ffi/av/media_reader.h"
#include "engine/ffi/av/media_timeline.h"

namespace mainstay::ffi {

class MediaTrack {
 public:
  /// All references outlive the track.
  MediaTrack(MediaKind kind, const MediaReaderOptions& options, const std::atomic<bool>& aborted, Log& log)
      : kind_(kind), options_(options), aborted_(aborted), log_(log) {}

  /// `stream` is used until the next start() or close().
  void start(std::unique_ptr<Decoder> decoder, const AVStream& stream);
  void close();
  bool there() const { return decoder_ != nullptr; }
  /// Nothing more can come.
  bool over() const { return !decoder_ || (drained_ && stash_.empty()); }
  MediaKind kind() const { return kind_; }
  const char* word() const { return kind_ == MediaKind::video ? "video" : "audio"; }
  TimeBase tick() const { return from_av(stream_->time_base); }

  /// The next frame, reading on as far as `span` allows (Demuxer::next). Errc::end; Errc::again, cancelled, corrupt.
  Result<AvFramePtr> next(Demuxer& demuxer, Nanos span = kReadAheadSpan);
  /// The next frame out of what was read: Errc::again when there is none, Errc::corrupt for one that is broken.
  Result<AvFramePtr> ready();
  /// Gives the decoder a packet; a broken one is counted.
  Status send(const AVPacket& packet);
  /// No packet follows.
  void finish();
  /// Puts frames back: the next ones to come, before or after what is held already.
  void hold_first(AvFramePtr frame) { stash_.push_front(std::move(frame)); }
  void hold_last(AvFramePtr frame) { stash_.push_back(std::move(frame)); }
  /// After a jump to another place of the media.
  void forget();
  /// What comes is not given to the decoder for a while: pictures begin again with a key picture.
  void pass_over();

  /// Takes the first frame of the media and holds it; says where it lies.
  std::int64_t begin(AvFramePtr first, const MediaTimeline& timeline);
  /// Whether this is the frame that begin() took.
  bool is_first(const AVFrame& frame, const MediaTimeline& timeline) const;

  // Ticks of the common base.
  std::optional<std::int64_t> stamp(const AVFrame& frame, const MediaTimeline& timeline) const;
  std::int64_t duration(const AVFrame& frame, const MediaTimeline& timeline) const;
  /// Where a frame lies; frames without a stamp follow the last one.
  std::int64_t place(const AVFrame& frame, const MediaTimeline& timeline);

  /// Passes over what is corrupt, as long as it is not too much in a row; any other error comes back.
  Status count_error(const Error& error);
  std::int64_t errors() const { return errors_; }
  /// Frames that came out damaged.
  std::int64_t damaged() const { return damaged_before_ + (decoder_ ? decoder_->damaged() : 0); }

 private:
  Status feed(Demuxer& demuxer, Nanos span);

  const MediaKind kind_;
  const MediaReaderOptions& options_;
  const std::atomic<bool>& aborted_;
  Log& log_;
  std::unique_ptr<Decoder> decoder_;
  const AVStream* stream_ = nullptr;
  std::deque<AvFramePtr> stash_;  // decoded while opening or winding, not given out yet
  std::optional<std::int64_t> last_ticks_;
  std::int64_t last_duration_ = 0;  // ticks
  std::int64_t first_ticks_ = 0;    // of the first frame of the media
  int first_samples_ = 0;
  int consecutive_errors_ = 0;
  std::int64_t errors_ = 0;
  std::int64_t damaged_before_ = 0;  // of decoders that are gone
  int unkeyed_ = 0;                  // > 0: packets of pictures passed over, and one, while a key picture is awaited
  bool draining_ = false;
  bool drained_ = false;
};

}  // namespace mainstay::ffi
