// A publisher's RTMP or RTMPS connection: handshake, connect, publish, media messages out, the server's messages in.
// Owned by a transport; made anew for each attempt.
// Thread-safety: one thread at a time. Raising the AbortSignal, from any thread, ends every call at once.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/core/clock.h"
#include "engine/core/result.h"
#include "engine/ffi/net/abort_signal.h"
#include "engine/ffi/net/resolver.h"
#include "engine/ffi/net/tcp.h"
#include "engine/ffi/rtmp/rtmp_url.h"
#include "engine/ffi/tls/tls_client.h"

namespace mainstay::ffi {

struct RtmpOptions {
  RtmpTarget target;
  int kbps = 0;  ///< of all streams together; sizes the acknowledgements asked for
  bool tls_verify = true;
  std::shared_ptr<const TlsTrust> trust;  ///< for rtmps
};

enum class RtmpMessageType : std::uint8_t { audio = 8, video = 9, data = 18 };

struct RtmpStats {
  std::int64_t rtmp_bytes = 0;     ///< written since connect
  std::int64_t wire_bytes = 0;     ///< TLS included
  std::int64_t pending_bytes = 0;  ///< of the message that is being written
  Nanos queued{0};                 ///< media time written and not yet taken by the server's kernel
  std::int64_t unanswered_bytes = 0;
  std::optional<Instant> answered;  ///< when the server last said something; only of one that answers at all
  bool acknowledges = false;
  bool answers_pings = false;
  Nanos slowest_write{0};  ///< since the last call of stats()
  TcpInfo tcp;
};

class RtmpClient {
 public:
  /// Connects and publishes, all by `deadline`. Errc::io: worth another try; Errc::invalid: the server refuses the key,
  /// or its certificate cannot be trusted. The message holds neither key nor query.
  static Result<std::unique_ptr<RtmpClient>> connect(const RtmpOptions& options, Resolver& resolver, Clock& clock,
                                                     Instant deadline, AbortSignal& abort);
  virtual ~RtmpClient() = default;

  /// A message is not wholly written yet: no other can be begun. service() goes on with it.
  virtual bool busy() const = 0;
  /// Where to append the body of the next message. Only when !busy().
  virtual std::vector<std::uint8_t>& body() = 0;
  /// Sends what is in body(); what the socket does not take now stays for service(). `decode_time` is the media's, for
  /// the measure of what is queued.
  virtual Status send(RtmpMessageType type, std::uint32_t timestamp, Nanos decode_time) = 0;

  /// Goes on writing, reads what the server says, runs the watchdog. `wait`: most to wait for the socket while busy.
  virtual Status service(Nanos wait) = 0;

  /// Bytes written since connect.
  virtual std::int64_t rtmp_bytes() const = 0;
  virtual RtmpStats stats() = 0;

  /// Writes out what is left, unpublishes and closes, all by `deadline`. At once when the connection is stuck.
  virtual void close(Instant deadline) noexcept = 0;
};

}  // namespace mainstay::ffi
