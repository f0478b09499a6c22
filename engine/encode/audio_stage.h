// One audio rendition: program sound in, packets out. Builds the encoder anew when it fails.
// Owned by an encode thread (or a test).
// Thread-safety: one thread at a time; synchronous, owns no thread.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "engine/encode/encode_notice.h"
#include "engine/encode/encoder_keeper.h"
#include "engine/ffi/av/audio_encoder.h"
#include "engine/media/audio_block.h"

namespace mainstay {

class AudioStage {
 public:
  using Keeper = EncoderKeeper<ffi::AudioEncoder, ffi::AudioEncoderConfig>;
  using OpenEncoder = Keeper::Open;

  struct Options {
    ffi::AudioEncoderConfig encoder;
    OpenEncoder open = &ffi::AudioEncoder::open;  ///< for tests
  };

  /// One block on its way to the stage.
  struct Item {
    AudioBlockPtr payload;
    std::int64_t position = 0;  ///< of its first sample
    Nanos time{0};              ///< since the epoch; for the queue's limit
  };

  static Result<std::unique_ptr<AudioStage>> open(Options options, EmitPacket emit, EmitNotice notice);

  /// Blocks come in ascending order, with gaps where some were dropped. Never fails: errors become notices.
  void take(const Item& item);
  /// Gives out what the encoder holds back. Nothing can follow.
  void drain();

  StreamInfoPtr stream() const { return encoder_.stream(); }
  const std::string& name() const { return encoder_.config().name; }
  Nanos time_of(std::int64_t sample) const { return Nanos(rescale(sample, kAudioBase, kNanosBase, Rounding::down)); }
  /// Blocks that were not encoded because there was no encoder.
  std::int64_t lost() const { return lost_; }
  const std::string& error() const { return encoder_.error(); }

 private:
  AudioStage(Options options, EmitPacket emit, EmitNotice notice);

  Status collect();
  bool rebuild(std::int64_t sample);

  const EmitPacket emit_;
  Keeper encoder_;
  std::int64_t lost_ = 0;
  std::int64_t end_ = 0;  // where the last packet given out ends
  bool emitted_ = false;
};

}  // namespace mainstay
