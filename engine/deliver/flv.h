// Packets as the bodies of FLV tags, which are RTMP's media messages: H.264 and AAC (Adobe FLV 10.1, E.4.3 and E.4.2),
// HEVC and AV1 (Enhanced RTMP v1).
// Owned by the transport; one track a stream.
// Thread-safety: one thread at a time.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/core/result.h"
#include "engine/media/packet.h"

namespace mainstay {

class FlvTrack {
 public:
  /// Errc::unsupported for a codec that RTMP does not carry, Errc::corrupt for broken parameter sets.
  static Result<FlvTrack> make(StreamInfoPtr stream);

  const StreamInfoPtr& stream() const { return stream_; }

  /// Appends the sequence header: what a decoder must have before the first packet.
  void append_header(std::vector<std::uint8_t>& out) const;
  /// Appends a packet's body. Annex B becomes length-prefixed on the way: the bytes are copied once.
  Status append(const Packet& packet, std::vector<std::uint8_t>& out) const;

 private:
  FlvTrack(StreamInfoPtr stream, std::vector<std::uint8_t> config)
      : stream_(std::move(stream)), config_(std::move(config)) {}

  bool enhanced() const { return stream_->codec == Codec::hevc || stream_->codec == Codec::av1; }
  void append_tag_header(const Packet& packet, std::vector<std::uint8_t>& out) const;

  StreamInfoPtr stream_;
  std::vector<std::uint8_t> config_;
};

/// Milliseconds from the program's epoch to the packet's decode time, rounded from its exact time, so that every
/// connection gives a packet the same; modulo 2^32 as RTMP counts.
std::uint32_t flv_timestamp(const Packet& packet);

/// Milliseconds from decode to presentation; both ends are rounded from exact times, so that their sum is too.
std::int32_t flv_composition_offset(const Packet& packet);

/// Appends @setDataFrame onMetaData for these streams.
void append_flv_metadata(const std::vector<StreamInfoPtr>& streams, std::vector<std::uint8_t>& out);

}  // namespace mainstay
