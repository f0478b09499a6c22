// A video encoder over libavcodec: pictures in, packets out.
// Owned by an encode stage.
// Thread-safety: one thread at a time.
//
// Data flow. send() one picture, then receive() until it says Errc::again; after drain(), receive() until Errc::end.
// Pixels are not copied on the way in (hardware encoders upload them) and packet bytes are not copied on the way out.
// GOPs are closed, a key packet is always an IDR, and there is none but the first, the forced ones and, `gop` frames
// after the last, the encoder's own. H.264 and HEVC packets are Annex B without parameter sets: those are in
// stream()->extradata.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>

#include "engine/core/result.h"
#include "engine/media/frame.h"
#include "engine/media/packet.h"

namespace mainstay::ffi {

struct VideoEncoderConfig {
  std::string name = "v0";       ///< of the rendition; goes into StreamInfo
  std::string encoder = "auto";  ///< FFmpeg's name, or auto: the codec's software encoder
  Codec codec = Codec::h264;
  int width = 0;  ///< even
  int height = 0;
  Rate rate;
  int kbps = 6000;
  int maxrate_kbps = 0;  ///< 0: kbps
  int vbv_kbits = 0;     ///< size of the decoder's buffer; 0: the encoder's choice
  int gop = 60;          ///< frames from IDR to IDR
  int bframes = -1;      ///< in a row; -1: the preset's
  std::string preset;    ///< in the encoder's own words; empty: its default
  std::string tune;
  std::string profile;                         ///< "high", "main", "baseline", "main10"; empty: the encoder's choice
  std::string level;                           ///< "4.1"; empty: the encoder's choice
  int threads = 0;                             ///< 0: the encoder's choice; 1: identical packets on every run
  bool low_delay = false;                      ///< no B-frames, no look-ahead: each picture comes out at once
  std::map<std::string, std::string> options;  ///< to the encoder as they are
  StreamInfoPtr predecessor;                   ///< used as stream() when the new stream says just the same
};

class VideoEncoder {
 public:
  /// Errc::unsupported when this build or machine cannot run the encoder, Errc::invalid when it refuses the settings.
  static Result<std::unique_ptr<VideoEncoder>> open(const VideoEncoderConfig& config);
  virtual ~VideoEncoder() = default;

  /// One i420 picture of the configured size; `pts` in ticks of 1/rate, each larger than the last.
  virtual Status send(const Frame& i420, std::int64_t pts, bool force_idr) = 0;
  /// The next packet in decode order; Errc::again when it needs more pictures, Errc::end after the last.
  virtual Result<PacketPtr> receive() = 0;
  /// No more pictures come.
  virtual Status drain() = 0;
  /// Complete from the start: extradata, profile, level.
  virtual StreamInfoPtr stream() const = 0;
  /// False when send() cannot force an IDR (SVT-AV1 1.4): key pictures then come each `gop` pictures sent.
  virtual bool forces_idr() const { return true; }
};

}  // namespace mainstay::ffi
