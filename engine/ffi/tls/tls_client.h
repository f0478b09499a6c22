// The client's side of TLS over a connected socket: server name, certificate and host verification, TLS 1.2 or newer.
// Owned by the connection that uses it; TlsTrust is shared by all attempts of a leg.
// Thread-safety: one thread at a time.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "engine/core/clock.h"
#include "engine/core/result.h"
#include "engine/ffi/net/abort_signal.h"

namespace mainstay::ffi {

/// The authorities to trust. Loading the system's takes tens of milliseconds: load once, use for every attempt.
class TlsTrust {
 public:
  /// `ca_file` holds PEM certificates; empty: the system's. Errc::invalid when it cannot be read or holds none. Without
  /// `verify` nothing is loaded: good for handshakes that do not verify.
  static Result<std::shared_ptr<const TlsTrust>> load(const std::string& ca_file, bool verify);
  ~TlsTrust();
  TlsTrust(const TlsTrust&) = delete;
  TlsTrust& operator=(const TlsTrust&) = delete;

  void* credentials() const { return credentials_; }

 private:
  TlsTrust() = default;
  void* credentials_ = nullptr;  // gnutls_certificate_credentials_t
};

class TlsClient {
 public:
  /// The handshake. Errc::io by the deadline or when the peer is no TLS server; Errc::invalid when its certificate is
  /// not to be trusted, with the reason ("expired", "issued by an unknown authority", "not for this host").
  static Result<std::unique_ptr<TlsClient>> handshake(int fd, const std::string& host,
                                                      std::shared_ptr<const TlsTrust> trust, bool verify, Clock& clock,
                                                      Instant deadline, const AbortSignal& abort);
  ~TlsClient();
  TlsClient(const TlsClient&) = delete;
  TlsClient& operator=(const TlsClient&) = delete;

  /// Reads without waiting: the bytes read, Errc::again when there is nothing, Errc::end when the peer closed.
  Result<std::size_t> read(std::span<std::uint8_t> into);
  /// Tells the peer that nothing follows. Does not wait for its answer.
  void say_goodbye() noexcept;

  /// Bytes written to the socket, TLS's own included.
  std::int64_t wire_bytes() const;

  /// gnutls_session_t, for a library that writes by itself (librtmp calls gnutls_record_send on it). Such a write waits
  /// up to a second for the socket.
  void* session() const;
  /// The library has freed the session (RTMP_Close does so after a failed write).
  void forget_session() noexcept;

 private:
  struct Impl;
  explicit TlsClient(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace mainstay::ffi
