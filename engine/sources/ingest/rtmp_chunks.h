// RTMP's chunk layer: bytes of a connection to messages and back (Adobe RTMP 1.0, 5.3 and 5.4). No sockets, no clock.
// Owned by the session of one connection.
// Thread-safety: one thread at a time.
//
// What comes in is hostile until proved otherwise: every length is checked against a limit before memory is taken, and
// memory grows with the bytes received, never with the length announced.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <vector>

#include "engine/core/result.h"

namespace mainstay {

/// Message types (5.4, 7.1).
enum class RtmpType : std::uint8_t {
  set_chunk_size = 1,
  abort = 2,
  acknowledgement = 3,
  user_control = 4,
  window_ack_size = 5,
  set_peer_bandwidth = 6,
  audio = 8,
  video = 9,
  data_amf3 = 15,
  command_amf3 = 17,
  data_amf0 = 18,
  command_amf0 = 20,
  aggregate = 22,
};

struct RtmpMessage {
  RtmpType type = RtmpType::command_amf0;
  std::uint32_t stream = 0;     ///< message stream: 0 is the connection itself
  std::uint32_t timestamp = 0;  ///< milliseconds, wraps after 49.7 days
  std::vector<std::uint8_t> payload;
};

struct RtmpChunkLimits {
  std::size_t message_bytes = 8u << 20;   ///< largest message
  std::size_t pending_bytes = 16u << 20;  ///< of all unfinished messages together
  std::size_t chunk_streams = 64;         ///< chunk streams one peer may use
};

class RtmpChunkReader {
 public:
  /// Gets each message when it is complete. Its error ends feed() and comes back from it.
  using OnMessage = std::function<Status(RtmpMessage message)>;

  RtmpChunkReader(RtmpChunkLimits limits, OnMessage on_message) : limits_(limits), on_message_(std::move(on_message)) {}

  /// Takes the next bytes, cut anywhere. Set Chunk Size and Abort are carried out here and not handed on.
  /// Errc::corrupt: the peer breaks the protocol or a limit; nothing more can be read from it.
  Status feed(std::span<const std::uint8_t> bytes);

  /// From the next message on; a peer that has not proved its key gets less.
  void set_message_limit(std::size_t bytes) { limits_.message_bytes = bytes; }

 private:
  struct ChunkStream {
    std::uint32_t timestamp = 0;
    std::uint32_t field = 0;  ///< the last timestamp or delta as sent, which type 3 repeats
    std::uint32_t length = 0;
    std::uint8_t type = 0;
    std::uint32_t stream = 0;
    bool known = false;     ///< a type 0 header has been seen
    bool extended = false;  ///< the last header had an extended timestamp
    bool open = false;      ///< a message is under way
    std::vector<std::uint8_t> payload;
  };

  /// Bytes the chunk header under way needs, as far as can be told from those there.
  std::size_t header_size() const;
  std::size_t basic_size() const;
  std::uint32_t chunk_stream_id() const;
  Status take_header();
  Status begin_message(ChunkStream& chunk, int format, std::span<const std::uint8_t> fields, std::uint32_t field);
  Status take_payload(std::span<const std::uint8_t>& bytes);
  Status finish_message(ChunkStream& chunk);
  Status control(const RtmpMessage& message);
  void drop(ChunkStream& chunk);

  RtmpChunkLimits limits_;
  OnMessage on_message_;
  std::map<std::uint32_t, ChunkStream> streams_;
  std::array<std::uint8_t, 18> header_{};  // 3 basic, 11 message header, 4 extended timestamp
  std::size_t header_filled_ = 0;
  ChunkStream* current_ = nullptr;  ///< whose payload is being read
  std::size_t chunk_left_ = 0;      ///< payload bytes to the end of this chunk
  std::size_t chunk_size_ = 128;    // 5.4.1: the default
  std::size_t pending_ = 0;
};

/// Messages to bytes, each with a full header; what a server says is too little to be worth compressing.
class RtmpChunkWriter {
 public:
  void write(const RtmpMessage& message, std::uint8_t chunk_stream, std::vector<std::uint8_t>& out) const;
  /// For the messages after the Set Chunk Size that says so.
  void set_chunk_size(std::size_t bytes) { chunk_size_ = bytes; }

 private:
  std::size_t chunk_size_ = 128;
};

// Big-endian integers, which is how RTMP and FLV write all but one of theirs.
std::uint32_t read_be(std::span<const std::uint8_t> bytes, std::size_t count);
void write_be(std::vector<std::uint8_t>& out, std::uint32_t value, int count);

}  // namespace mainstay
