// RTMP's chunk stream from a server, bytes to messages, without ever waiting for the rest of a message (librtmp's
// RTMP_ReadPacket does, and allocates what an untrusted header asks for).
// Owned by the connection that reads.
// Thread-safety: one thread at a time.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <vector>

#include "engine/core/result.h"

namespace mainstay::ffi {

struct RtmpMessage {
  std::uint8_t type = 0;
  std::uint32_t timestamp = 0;
  std::uint32_t stream_id = 0;
  std::vector<std::uint8_t> body;
};

class ChunkReader {
 public:
  /// What a server has to say to a publisher is short; anything past this is no such server.
  static constexpr std::uint32_t kLargestMessage = 256 << 10;
  static constexpr std::size_t kMostChunkStreams = 32;

  /// Takes any run of bytes and hands over each message that it completes. An error of `handle`, or Errc::corrupt for
  /// bytes that are no RTMP, ends the reader. "Set Chunk Size" and "Abort" take effect here and are handed over too.
  using Handle = std::function<Status(const RtmpMessage& message)>;
  Status feed(std::span<const std::uint8_t> bytes, const Handle& handle);

 private:
  struct Stream {
    RtmpMessage message;
    std::uint32_t length = 0;
    std::uint32_t delta = 0;
    bool extended = false;
  };

  /// Parses one chunk from `bytes`; how many bytes it took, 0 when it is not all there.
  Result<std::size_t> chunk(std::span<const std::uint8_t> bytes, const Handle& handle);
  Status finish(Stream& stream, const Handle& handle);

  std::vector<std::uint8_t> held_;  // the beginning of a chunk whose rest has not come
  std::map<std::uint32_t, Stream> streams_;
  std::uint32_t chunk_size_ = 128;
};

}  // namespace mainstay::ffi
