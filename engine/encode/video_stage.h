// One video rendition: program pictures in, packets out. Scales to the rendition's size, puts IDRs on the grid, and
// builds the encoder anew when it fails.
// Owned by an encode thread (or a test).
// Thread-safety: one thread at a time; synchronous, owns no thread.
//
// Frame n is an IDR when (n - first_frame) is a multiple of the GOP. When that frame is missing, the next one is the
// IDR instead, and the grid stays. After an encoder error the frame at hand becomes the first of a new encoder, and so
// an IDR; legs stay connected, because the stream's description is the same object as long as it says the same.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "engine/encode/encode_notice.h"
#include "engine/encode/encoder_keeper.h"
#include "engine/encode/scale_ladder.h"
#include "engine/ffi/av/video_encoder.h"
#include "engine/media/frame.h"

namespace mainstay {

class VideoStage {
 public:
  using Keeper = EncoderKeeper<ffi::VideoEncoder, ffi::VideoEncoderConfig>;
  using OpenEncoder = Keeper::Open;

  struct Options {
    ffi::VideoEncoderConfig encoder;
    FrameIndex first_frame = 0;                   ///< origin of the IDR grid
    OpenEncoder open = &ffi::VideoEncoder::open;  ///< for tests
    std::shared_ptr<ScaleLadder> scaling = {};    ///< shared with the other renditions; null: scales by itself
  };

  /// One picture on its way to the stage.
  struct Item {
    FramePtr payload;
    FrameIndex position = 0;
    Nanos time{0};  ///< since the epoch; for the queue's limit
  };

  static Result<std::unique_ptr<VideoStage>> open(Options options, EmitPacket emit, EmitNotice notice);

  /// Frames come in ascending order, with gaps where some were dropped. Never fails: errors become notices.
  void take(const Item& item);
  /// Gives out what the encoder holds back. Nothing can follow.
  void drain();

  StreamInfoPtr stream() const { return encoder_.stream(); }
  const std::string& name() const { return encoder_.config().name; }
  Nanos time_of(FrameIndex n) const { return encoder_.config().rate.begin(n); }
  /// Frames that went in and did not come out: while there was no encoder, or inside one that failed.
  std::int64_t lost() const { return lost_; }
  /// The last error, empty while the encoder works.
  const std::string& error() const { return encoder_.error(); }

 private:
  VideoStage(Options options, EmitPacket emit, EmitNotice notice);

  Result<FramePtr> fitted(const FramePtr& frame, FrameIndex n);
  Status encode(const Frame& frame, FrameIndex n);
  Status fill_gap(const Frame& frame, FrameIndex n);
  Status collect();
  bool rebuild(FrameIndex n);
  void fail(const Error& error);
  bool idr_due(FrameIndex n) const { return n >= next_idr_; }

  const FrameIndex first_frame_;
  const EmitPacket emit_;
  const std::shared_ptr<ScaleLadder> scaling_;
  Keeper encoder_;
  FrameIndex next_idr_ = 0;
  FrameIndex last_ = 0;  // frame sent last
  bool any_ = false;
  std::int64_t inside_ = 0;  // sent to this encoder and not come out
  std::int64_t lost_ = 0;
  std::int64_t last_dts_ = 0;
  bool emitted_ = false;
};

}  // namespace mainstay
