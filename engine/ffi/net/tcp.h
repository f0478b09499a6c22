// A TCP connection for media going out: timed connect, small delays, stalls that show early.
// Owned by the connection that uses it.
// Thread-safety: one thread at a time.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "engine/core/clock.h"
#include "engine/core/result.h"
#include "engine/ffi/net/abort_signal.h"
#include "engine/ffi/net/resolver.h"

namespace mainstay::ffi {

/// What the kernel knows of a connection.
struct TcpInfo {
  std::int64_t queued_bytes = 0;  ///< written by us and not yet acknowledged by the peer's kernel (SIOCOUTQ)
  std::int64_t unsent_bytes = 0;  ///< of these, not even sent (SIOCOUTQNSD)
  Nanos rtt{0};
  std::int64_t retransmits = 0;  ///< segments, since connect
};

class TcpSocket {
 public:
  /// Tries `addresses` in turn, sharing the time until `deadline` among those left. Errc::io says who refused and why.
  static Result<TcpSocket> connect(const std::vector<Address>& addresses, std::uint16_t port, Clock& clock,
                                   Instant deadline, AbortSignal& abort);
  ~TcpSocket();
  TcpSocket(TcpSocket&& other) noexcept;
  TcpSocket& operator=(TcpSocket&& other) noexcept;

  /// Blocking, with a send time-out of a second: what librtmp needs (it takes EAGAIN for the end).
  int fd() const { return fd_; }
  /// The address that answered, "127.0.0.1:1935".
  const std::string& peer() const { return peer_; }
  TcpInfo info() const;
  /// Reads without waiting: the bytes read, Errc::again when there is nothing, Errc::end when the peer closed.
  Result<std::size_t> read(std::span<std::uint8_t> into);
  /// The error that ended the connection, if there is one, in words.
  Status pending_error() const;
  /// Nothing follows; the peer still may send.
  void end_writing() noexcept;
  /// Ends both directions; whoever is blocked on the socket returns.
  void shut_down() noexcept;
  void close() noexcept;

 private:
  TcpSocket(int fd, AbortSignal& abort, std::string peer) : fd_(fd), abort_(&abort), peer_(std::move(peer)) {}

  int fd_ = -1;
  AbortSignal* abort_ = nullptr;
  std::string peer_;
};

/// A connection error in words, with what to do: "connection refused by 127.0.0.1:1935: is the server running?".
Error tcp_error(int error_number, const std::string& peer);

}  // namespace mainstay::ffi
