// How much an SRT line may be given: when enough is on its way, and at what pace it goes on once it has been full.
// Owned by an SRT transport.
// Thread-safety: one thread at a time.
//
// libsrt has no congestion control for live streams: a line that gets narrow is given as much as before, and a quarter
// more for what got lost. What then comes after the receiver's latency is a hole in a picture, and the sender never
// hears of it. What waits on our side instead is late but whole, since the receiver's latency begins when libsrt is
// given a packet. So no more is handed over than can still be sent again a few times within the latency, and a line
// that was full gets what it was seen to deliver.
//
// The goals pull apart. Too little on its way and a good line with much jitter or loss is held up by our own caution;
// too much and the far end of it is late. And a stall (the receiver's machine is busy, a radio link fades for a moment)
// must not pass for a narrow line: a limit is only set when it lasts, goes up with what is delivered, and goes away.
#pragma once

#include <cstdint>
#include <optional>

#include "engine/core/time.h"
#include "engine/deliver/rate_window.h"

namespace mainstay {

/// What libsrt says of a connection, every 50 ms or so.
struct LineReading {
  Nanos unacked{0};        ///< media time that is on its way
  Nanos rtt{0};            ///< with what waits in the line's own queues
  Nanos latency{0};        ///< the receiver's
  std::int64_t acked = 0;  ///< bytes acknowledged since the connection was made: all up to the first that is missing
  std::int64_t kept = 0;   ///< bytes sent since then, again or not, that were not reported missing
  double resent_pct = 0;   ///< of what was sent over the last second
};

class LineGauge {
 public:
  explicit LineGauge(Instant now) : last_(now) {}

  void update(Instant now, const LineReading& reading);

  /// So much is on its way that nothing new is handed over for now.
  bool full() const { return full_; }
  /// Media time on its way from which on it is full.
  Nanos most_unacked() const { return most_; }
  /// Bytes a second for a line that was full lately; nullopt: whatever there is.
  std::optional<std::int64_t> limit() const;
  /// What is sent from now on is another stream: whether the line carries it is to be seen.
  void forget();

 private:
  void measure(Instant now, const LineReading& reading, Nanos passed);
  void judge(Instant now, Nanos passed);

  Instant last_;
  std::optional<Nanos> base_;  // the round trip of the line when nothing waits in it
  Nanos most_ = Nanos::max();
  bool full_ = false;
  Nanos full_for_{0};
  RateWindow acked_;
  RateWindow kept_;
  std::int64_t acked_total_ = 0;
  std::int64_t kept_total_ = 0;
  double rate_ = 0;  // bytes a second that are delivered, over the last second
  // Of a line that was full:
  double carried_ = 0;  // bytes a second, 0: none was
  Instant cut_at_{};
};

}  // namespace mainstay
