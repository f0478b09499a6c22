// A connected SRT socket: made by calling, by rendezvous, or by an SrtListener.
// Owned by a leg's transport (sending) or by an ingest input (receiving). Needs an SrtLibrary that outlives it.
// Thread-safety: abort() from any thread; everything else from one thread at a time.
//
// Nothing here blocks longer than it says: libsrt is used in its non-blocking mode, and each wait looks at its stop
// every 20 ms. (A blocking srt_connect cannot be interrupted, not even by srt_close from another thread.)
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <span>
#include <stop_token>
#include <string>

#include "engine/core/clock.h"
#include "engine/core/result.h"
#include "engine/ffi/net/resolver.h"
#include "engine/ffi/srt/srt_options.h"
#include "engine/ffi/srt/srt_stats.h"

namespace mainstay::ffi {

class SrtSocket {
 public:
  /// Calls options.host, or meets it (rendezvous); Errc::invalid for a listener. Ends within options.connect_timeout,
  /// the look-up of a name included, or at once on `stop` (Errc::cancelled). A name with several addresses has them
  /// tried in turn, each for its share of the time. Errc::invalid where the settings are wrong (passphrase, streamid);
  /// Errc::io where another try may help. The message says why in words, without secrets.
  static Result<std::unique_ptr<SrtSocket>> connect(const SrtOptions& options, Clock& clock, Resolver& resolver,
                                                    std::stop_token stop);

  ~SrtSocket();
  SrtSocket(const SrtSocket&) = delete;
  SrtSocket& operator=(const SrtSocket&) = delete;

  /// Hands one datagram (at most payload_size bytes) to libsrt. Errc::again: its buffer is full, offer the same bytes
  /// again. Errc::io: the connection is lost.
  Status send(std::span<const std::uint8_t> datagram);

  /// One datagram of the sender into `buffer` (1456 bytes hold any). Waits up to `wait` for it: Errc::again when none
  /// came, Errc::end when the connection is over (closed by the sender, or lost), Errc::cancelled after abort().
  Result<std::size_t> receive(std::span<std::uint8_t> buffer, Millis wait = Millis{0});

  /// Whether the connection stands, without waiting; an error says that it is lost.
  Status check() const;

  SrtStats stats() const;
  SrtDetails details() const;

  /// What was handed to send() and is not acknowledged yet (or given up).
  int unacked_bytes() const;
  /// The delay both sides agreed on: how long the receiver holds what it gets.
  Millis peer_latency() const;
  /// The rate that is to be sent, in bytes a second: what libsrt paces by, with oheadbw percent on top for resending.
  Status set_input_rate(std::int64_t bytes_per_s);

  std::string peer() const;      ///< "192.0.2.7:41822"
  std::string streamid() const;  ///< as the caller gave it; a secret where it carries a key
  int local_port() const;
  std::int32_t id() const;  ///< libsrt's number, for logs

  /// Ends a receive() in progress at once, and any later one.
  void abort() noexcept { aborted_ = true; }
  /// Tells the far side and closes; what is not acknowledged is lost. The destructor does the same.
  void close();

 private:
  friend class SrtListener;
  struct Impl;
  explicit SrtSocket(std::unique_ptr<Impl> impl);

  std::unique_ptr<Impl> impl_;
  std::atomic<bool> aborted_{false};
};

}  // namespace mainstay::ffi
