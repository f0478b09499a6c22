// Tells a server that hangs from one that is slow: what was written, what its kernel took, what it answered.
// Owned by the connection. Pure: no socket, no clock, so that every case can be tested.
// Thread-safety: one thread at a time.
//
// A frozen server is hard to see: its kernel goes on to acknowledge until its buffers are full, megabytes later. So the
// server is asked for an RTMP acknowledgement every fifth of a second's worth of bytes, and for a ping answer when it
// says nothing. Only what its kernel has taken counts as asked: on a narrow link an answer that is late because the
// question is still on its way is no fault. Three rules:
//  1. it used to acknowledge, its kernel has taken twice what one acknowledgement covers, and nothing was heard;
//  2. it used to answer pings, its kernel has taken one, and nothing was heard;
//  3. its kernel takes nothing although there is something to take.
// A server that used to answer is lost after kSilence, one that never did after kStall of rule 3. Rules 1 and 2 also
// give it twice the time that its last answers took: a proxy before it may hold seconds of a slow line.
// docs/decisions/0003-rtmp-dead-peer.md has the measurements.
#pragma once

#include <cstdint>
#include <deque>

#include "engine/core/result.h"
#include "engine/core/time.h"

namespace mainstay::ffi {

class PeerWatch {
 public:
  static constexpr Millis kSilence{1500};
  static constexpr Millis kUnanswered{900};     // of the silence, how long a delivered question must have waited
  static constexpr Millis kMostPatience{5000};  // with one that has been slow to answer before
  static constexpr Millis kStall{1800};
  static constexpr Millis kPingAfter{500};

  PeerWatch(Instant now, std::int64_t ack_window)
      : ack_window_(ack_window), ack_period_(ack_window), heard_(now), progress_(now), pinged_(now) {}

  /// Bytes an acknowledgement should cover at this rate: a fifth of a second, and less than half of what the smallest
  /// receive buffers hold, so that a frozen server's kernel still takes twice as much.
  static std::uint32_t window_for(int kbps);

  /// A media message ends at these positions of the RTMP stream and of the socket.
  void sent(std::int64_t rtmp_bytes, std::int64_t wire_bytes, Nanos decode_time);
  void heard(Instant now);
  /// `sequence`: the bytes the server says it has read (RTMP 1.0 5.4.3), modulo 2^32.
  void acknowledged(Instant now, std::uint32_t sequence);
  void ping_answered(Instant now);

  /// True when the server should be pinged now; then pinged() says where the ping ends.
  bool ping_due(Instant now) const;
  void pinged(Instant now, std::int64_t wire_bytes);

  /// Call every 50 ms or so: bytes written to the socket so far, and those its peer's kernel has not taken yet.
  /// Errc::io when the server hangs, saying how that shows.
  Status check(Instant now, std::int64_t wire_bytes, std::int64_t queued_bytes);

  /// Media time written and not yet taken by the peer's kernel.
  Nanos queued() const { return marks_.empty() ? Nanos{0} : newest_ - taken_; }
  /// Bytes that the peer's kernel took since the server last said something.
  std::int64_t unanswered_bytes() const { return taken_bytes_ - answered_bytes_; }
  Instant last_heard() const { return heard_; }
  bool acknowledges() const { return acks_ >= 2; }
  bool answers_pings() const { return pongs_ > 0; }

 private:
  struct Mark {
    std::int64_t rtmp_bytes;
    std::int64_t wire_bytes;
    Nanos decode_time;
  };

  void take(Instant now, std::int64_t wire_bytes, std::int64_t queued_bytes);

  std::int64_t ack_window_;  // asked for
  std::int64_t ack_period_;  // kept to
  std::deque<Mark> marks_;   // what is not taken yet; bounded
  Nanos newest_{0};          // decode time
  Nanos taken_{0};
  std::int64_t taken_wire_ = 0;
  std::int64_t taken_bytes_ = 0;     // of the RTMP stream
  std::int64_t answered_bytes_ = 0;  // taken when the server last spoke
  std::uint32_t last_sequence_ = 0;
  int acks_ = 0;
  int pongs_ = 0;
  int lost_pings_ = 0;
  Instant heard_;
  Instant progress_;
  Instant pinged_;
  std::int64_t ping_at_ = -1;  // where the open ping ends; -1: none
  Instant asked_ = kNever;     // since when a delivered question waits
  Nanos slowest_answer_{0};    // to such a question, of late
};

}  // namespace mainstay::ffi
