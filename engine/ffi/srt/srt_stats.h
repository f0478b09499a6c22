// What libsrt knows of a connection: the few figures that steer, typed, and all of them for the operator.
// Plain values.
// Thread-safety: as any value.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "engine/core/time.h"

namespace mainstay::ffi {

/// Totals since the connection was made, and where it stands now.
struct SrtStats {
  // what we send
  std::int64_t sent_packets = 0;  ///< resent ones included
  std::int64_t sent_unique_packets = 0;
  std::int64_t sent_unique_bytes = 0;  ///< with headers
  std::int64_t resent_packets = 0;
  std::int64_t lost_packets = 0;     ///< reported missing by the receiver
  std::int64_t dropped_packets = 0;  ///< given up: too late to be sent
  std::int64_t acks = 0;             ///< acknowledgements that came
  std::int64_t naks = 0;
  int unacked_packets = 0;  ///< in the send buffer
  int unacked_bytes = 0;
  Millis unacked{0};  ///< media time in the send buffer
  int flight_packets = 0;
  Millis peer_latency{0};  ///< the receiver's delay, as negotiated
  // what we receive
  std::int64_t received_packets = 0;
  std::int64_t received_bytes = 0;
  std::int64_t missing_packets = 0;  ///< found missing on arrival; most come again
  std::int64_t late_packets = 0;     ///< given up: not there in time
  std::int64_t undecrypted_packets = 0;
  Millis latency{0};  ///< our delay, as negotiated

  Micros rtt{0};

  /// Resent in percent of what was sent; 0 before anything was.
  double resent_pct() const;
};

/// Every figure of libsrt's statistics by a name with its unit: ("rtt_ms", 21.4), ("send_buffer_packets", 12), …
/// "total" is since the connection was made; without it, the present.
using SrtDetails = std::vector<std::pair<std::string, double>>;

}  // namespace mainstay::ffi
