// RTMP messages onto the wire through librtmp, chunk by chunk, and never more than the socket takes now.
// Owned by RtmpClient.
// Thread-safety: one thread at a time.
//
// librtmp takes EAGAIN for the end of a connection, so it gets a blocking socket; it is called for one chunk at a time,
// and only when the socket has room for many. (RTMP_SendPacket returns only when a whole picture is written.) Every
// message starts with a full header, and an extended timestamp is repeated in each chunk (RTMP 1.0, 5.3.1.3).
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "engine/core/result.h"
#include "engine/ffi/net/tcp.h"
#include "engine/ffi/tls/tls_client.h"

namespace mainstay::ffi {

class RtmpWriter {
 public:
  /// Room before a message's body that the chunk headers are written into.
  static constexpr std::size_t kHeadroom = 18;
  static constexpr std::uint32_t kChunkSize = 4096;

  /// `tls` may be null. Both outlive the writer.
  static Result<std::unique_ptr<RtmpWriter>> make(TcpSocket& socket, TlsClient* tls);
  ~RtmpWriter();
  RtmpWriter(const RtmpWriter&) = delete;
  RtmpWriter& operator=(const RtmpWriter&) = delete;

  /// The buffer for the next message, holding kHeadroom bytes; append the body and call begin(). Only when !busy().
  std::vector<std::uint8_t>& buffer();
  /// Queues what is in buffer(). `channel` is the chunk stream, 3 to 63.
  void begin(int channel, std::uint8_t type, std::uint32_t timestamp, std::uint32_t stream_id);
  /// A message is not wholly written.
  bool busy() const { return pending_bytes() > 0; }
  /// Still to be written, chunk headers not counted.
  std::size_t pending_bytes() const { return message_.size() - position_ + urgent_.size(); }

  /// Queues a short protocol message that goes ahead of the chunks still waiting. Bounded: false when too many wait.
  bool urgent(std::uint8_t type, std::span<const std::uint8_t> body);
  /// Queues raw bytes (the handshake).
  void raw(std::span<const std::uint8_t> bytes);
  /// The peer knows of kChunkSize from here on; until then chunks hold 128 bytes.
  void use_large_chunks() { chunk_size_ = kChunkSize; }

  /// Writes what the socket takes now. Errc::again when something is left, Errc::io when the connection is gone.
  Status flush();

  /// Bytes of the RTMP stream, and of the socket (TLS included), so far.
  std::int64_t rtmp_bytes() const { return rtmp_bytes_; }
  std::int64_t wire_bytes() const { return tls_ != nullptr ? tls_->wire_bytes() : rtmp_bytes_; }

 private:
  struct Library;
  RtmpWriter(std::unique_ptr<Library> library, TcpSocket& socket, TlsClient* tls);

  Status write(std::uint8_t* bytes, std::size_t size, std::span<const std::uint8_t> header);
  Status next_chunk();

  std::unique_ptr<Library> library_;
  TcpSocket& socket_;
  TlsClient* tls_;
  std::vector<std::uint8_t> message_;  // kHeadroom bytes and the body; reused
  std::size_t position_ = 0;           // in message_; its size when all is written
  std::vector<std::uint8_t> urgent_;
  std::vector<std::uint8_t> first_header_;
  std::vector<std::uint8_t> next_header_;
  std::uint32_t chunk_size_ = 128;
  std::int64_t rtmp_bytes_ = 0;
};

}  // namespace mainstay::ffi
