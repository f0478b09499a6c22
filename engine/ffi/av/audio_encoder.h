// An audio encoder over libavcodec: sound at exact sample positions in, packets out.
// Owned by an encode stage.
// Thread-safety: one thread at a time.
//
// Positions are samples (48 kHz) since the program's epoch. A packet's pts is the position of its first sample as the
// decoder gives it out: the encoder's priming comes before the first block's position, so a decoder that plays each
// packet at its pts has every sample at its place, to the sample. Blocks may have any size; what a gap leaves out is
// silence (a gap longer than a second is jumped), what overlaps is passed over.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "engine/core/result.h"
#include "engine/media/audio_block.h"
#include "engine/media/packet.h"

namespace mainstay::ffi {

struct AudioEncoderConfig {
  std::string name = "a0";       ///< of the rendition; goes into StreamInfo
  std::string encoder = "auto";  ///< FFmpeg's name, or auto: aac, libopus
  Codec codec = Codec::aac;
  int kbps = 160;
  int channels = 2;
  bool low_delay = false;     ///< Opus without its speech mode's look-ahead
  StreamInfoPtr predecessor;  ///< used as stream() when the new stream says just the same
};

class AudioEncoder {
 public:
  static Result<std::unique_ptr<AudioEncoder>> open(const AudioEncoderConfig& config);
  virtual ~AudioEncoder() = default;

  /// Mono is spread to all channels, stereo mixed to mono; other layouts keep the channels they share.
  virtual Status send(const AudioBlock& block, std::int64_t first_sample) = 0;
  /// The next packet; Errc::again when it needs more sound, Errc::end after the last.
  virtual Result<PacketPtr> receive() = 0;
  /// No more sound comes. The last packet may hold some silence after it.
  virtual Status drain() = 0;
  virtual StreamInfoPtr stream() const = 0;
  /// Samples that were passed over because their place had been encoded already.
  virtual std::int64_t overlapped() const = 0;
};

}  // namespace mainstay::ffi
