// A compressed picture or run of sound, as the encoder made it: immutable, shared by all legs, packager and recorder.
// Owned by its holders; `owner` keeps the bytes alive.
// Thread-safety: immutable, so from any thread.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/bounded_queue.h"
#include "engine/media/rate.h"

namespace mainstay {

enum class MediaKind { video, audio };
enum class Codec { h264, hevc, av1, vp9, aac, opus, other };

const char* to_string(Codec codec);

/// One elementary stream of an encode; a rebuilt encoder makes a new one.
struct StreamInfo {
  std::string name;  ///< of the rendition: "v0", "a0"
  MediaKind kind = MediaKind::video;
  Codec codec = Codec::h264;
  TimeBase time_base;  ///< video: 1/rate, audio: 1/48000
  /// Parameter sets: H.264/HEVC as Annex B, AV1 as OBUs (libavcodec's global header), AAC as AudioSpecificConfig
  /// (ISO/IEC 14496-3), Opus as OpusHead (RFC 7845).
  std::vector<std::uint8_t> extradata;
  int kbps = 0;
  // video
  int width = 0;
  int height = 0;
  Rate rate;
  int profile = -1;  ///< the codec's own number, -1 when unknown
  int level = -1;
  // audio
  int sample_rate = 0;
  int channels = 0;
  int frame_samples = 0;  ///< samples a packet, 0 when they vary

  friend bool operator==(const StreamInfo&, const StreamInfo&) = default;
};

using StreamInfoPtr = std::shared_ptr<const StreamInfo>;

/// H.264 and HEVC bytes are Annex B without repeated parameter sets; muxers add what their container wants.
struct Packet {
  StreamInfoPtr stream;
  std::int64_t pts = 0;  ///< ticks of stream->time_base since the program's epoch
  std::int64_t dts = 0;
  std::int64_t duration = 0;
  bool key = false;        ///< an IDR picture; every audio packet
  bool droppable = false;  ///< no other picture refers to it
  std::span<const std::uint8_t> bytes;
  std::shared_ptr<const void> owner;

  bool video() const { return stream->kind == MediaKind::video; }
  /// Decode time since the program's epoch, for ordering and limits (nanoseconds, rounded down).
  Nanos decode_time() const { return Nanos(rescale(dts, stream->time_base, kNanosBase, Rounding::down)); }
};

using PacketPtr = std::shared_ptr<const Packet>;

/// A packet that owns a copy of `bytes`.
PacketPtr make_packet(StreamInfoPtr stream, std::int64_t pts, std::int64_t dts, std::int64_t duration, bool key,
                      std::vector<std::uint8_t> bytes);

template <>
struct QueueTraits<PacketPtr> {
  static std::int64_t bytes(const PacketPtr& p) { return static_cast<std::int64_t>(p->bytes.size()); }
  static Nanos time(const PacketPtr& p) { return p->decode_time(); }
  /// Where a decoder can start: an IDR. (Audio follows its video; an audio-only bus has no use for this policy.)
  static bool keyframe(const PacketPtr& p) { return p->video() && p->key; }
};

}  // namespace mainstay
