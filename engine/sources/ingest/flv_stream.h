// RTMP media messages as an FLV byte stream (Adobe FLV 10.1, annex E), the form a demuxer reads.
// Owned by the listener, one a publication.
// Thread-safety: one thread at a time.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/core/result.h"
#include "engine/sources/ingest/rtmp_chunks.h"

namespace mainstay {

class FlvStream {
 public:
  /// The bytes of one message's tag, with the file header before the first; empty for what no decoder needs.
  /// Enhanced RTMP's avc1 and mp4a become the plain tags that mean the same. Errc::unsupported: a codec whose tags
  /// the FLV demuxer of this build cannot read (HEVC, AV1, VP9, Opus, …); the message names it.
  Result<std::vector<std::uint8_t>> tag(RtmpMessage message);

 private:
  bool started_ = false;
};

}  // namespace mainstay
