// What an encode gave out: mean rate, the highest sliding second, and a digest by which two runs are compared.
// Owned by an encode thread.
// Thread-safety: one thread at a time.
#pragma once

#include <cstdint>
#include <deque>

#include "engine/media/packet.h"

namespace mainstay {

/// Exact on the stream's own timeline (DTS), in integers. Holds the packets of one second, at most kMostPackets.
class BitrateMeter {
 public:
  void add(const Packet& packet);

  /// Bits over the time from the first decode time to the end of the last packet.
  double kbps_mean() const;
  /// The most that any window [t, t + 1 s) held.
  double kbps_peak_1s() const { return static_cast<double>(peak_bits_) / 1000; }

 private:
  struct Entry {
    std::int64_t dts;
    std::int64_t bits;
  };

  std::deque<Entry> window_;
  std::int64_t window_bits_ = 0;
  std::int64_t peak_bits_ = 0;
  std::int64_t total_bits_ = 0;
  std::int64_t first_dts_ = 0;
  std::int64_t end_dts_ = 0;
  bool any_ = false;
  TimeBase base_;
};

/// 64 bits over all packets so far: pts, dts, key and bytes. Equal digests mean identical packets (this is no
/// cryptography: nobody forges here). Reads eight bytes a step, so that it costs nothing beside an encoder.
class PacketDigest {
 public:
  void add(const Packet& packet);
  std::uint64_t value() const { return state_; }

 private:
  void mix(std::uint64_t word);

  std::uint64_t state_ = 0x9e3779b97f4a7c15;
};

}  // namespace mainstay
