// One connection of a leg to its ingest. A leg makes a new transport for each attempt and never reuses one.
// Owned by the leg, used on the leg's thread.
// Thread-safety: abort() from any thread; everything else from the leg's thread.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "engine/core/clock.h"
#include "engine/core/result.h"
#include "engine/media/packet.h"

namespace mainstay {

struct TransportStats {
  std::int64_t bytes = 0;    ///< payload handed to the network since open
  std::int64_t packets = 0;  ///< media packets sent
  std::int64_t dropped = 0;  ///< packets the transport itself gave up (SRT too-late drop)
  double send_kbps = 0;      ///< over the last second or so
  Nanos queued{0};           ///< media time waiting below us (send buffer)
  Nanos rtt{0};
  /// Of what was sent over the last second, the share that was sent before and got lost: a line that drops what it
  /// cannot carry shows nothing else.
  double resent_pct = 0;
  /// When the peer last showed that it takes what we send (an acknowledgement); the start of an outage is taken from
  /// it.
  std::optional<Instant> acknowledged = std::nullopt;
  /// Everything the library knows, for the operator: "retransmitted_pct", "flight_packets", "latency_ms", …
  std::vector<std::pair<std::string, double>> details;
};

class Transport {
 public:
  virtual ~Transport() = default;

  /// Connects and sends the headers of `streams` (all streams this leg will send). Bounded by the configured connect
  /// timeout; ends at once on abort() or stop (Errc::cancelled). Errc::io: worth another try; Errc::invalid: the
  /// configuration is wrong (still tried again: the far side may be put right). The message says why in words.
  virtual Status open(const std::vector<StreamInfoPtr>& streams, std::stop_token stop) = 0;

  /// Hands one packet to the network, in decode order. Errc::again: the network takes no more now, offer the same
  /// packet again after poll(). Anything else: the connection is lost.
  virtual Status send(const PacketPtr& packet) = 0;

  /// The video that follows, from the packet that is sent next on, an IDR, is this stream: of the same codec and rate
  /// as that before, with other parameter sets. Errc::unsupported: only a new connection can change it.
  virtual Status change_video(const StreamInfoPtr& stream) {
    return make_error(Errc::unsupported, "a connection cannot change to '{}'", stream->name);
  }

  /// Called at least every 50 ms while open, also when there is nothing to send: reads what the peer says and runs the
  /// watchdogs. May wait up to 20 ms for the network to take more. An error means the connection is lost, and why.
  virtual Status poll() = 0;

  virtual TransportStats stats() = 0;

  /// Ends any call in progress at once.
  virtual void abort() noexcept = 0;

  /// Ends in good order (unpublish, drain) by `deadline`, then closes. Without it the destructor just closes.
  virtual void close(Instant deadline) noexcept = 0;
};

using TransportFactory = std::function<Result<std::unique_ptr<Transport>>()>;

}  // namespace mainstay
