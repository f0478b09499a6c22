// Evens out a transport stream on its way to the network: takes TS packets in the bursts a muxer makes, gives datagrams
// at a steady rate.
// Owned by an SRT transport.
// Thread-safety: one thread at a time.
//
// The goals pull apart. A picture sent in one burst (an IDR is some 200 TS packets) overruns the queue of a narrow
// router and is lost where it hurts most, so datagrams leave at little more than the stream's mean rate. But what waits
// here is late at the receiver, whose clock (PCR) runs 300 ms ahead of the pictures: so what waits is never more than
// about 200 ms' worth, at whatever rate that takes. Left to libsrt's own limiter the same bytes would wait as well, but
// with their send times stamped before the wait, which takes it from the time there is to resend what got lost. A
// connection starts with a whole GOP: then the rate goes up to three times the mean, and the packets behind it wait in
// the leg's queue, which knows how to drop up to an IDR.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "engine/core/time.h"

namespace mainstay {

struct PacerOptions {
  std::int64_t bytes_per_s = 0;  ///< the stream's mean, TS headers included
  std::size_t datagram = 1316;   ///< bytes; a multiple of 188
  bool unlimited = false;        ///< offline: everything leaves at once
};

class TsPacer {
 public:
  TsPacer(PacerOptions options, Instant now);

  /// Whether there is room for another packet. push() takes any amount all the same: a muxer cannot be stopped halfway.
  bool accepts() const;
  /// Whole TS packets.
  void push(std::span<const std::uint8_t> ts, Instant now);

  /// The next datagram, if it is due; empty otherwise. A short one only when what it waits for does not come.
  /// Valid until push() or pop().
  std::span<const std::uint8_t> due(Instant now);
  /// The datagram that due() gave has been sent.
  void pop();

  /// False: the network does not keep up; stay at the steady rate even when more waits.
  void allow_catch_up(bool allowed) { catch_up_ = allowed; }
  /// No more than so many bytes a second, however much waits; nullopt: no such limit.
  void limit(std::optional<std::int64_t> bytes_per_s) { limit_ = bytes_per_s; }
  /// What waits would leave faster but for the limit.
  bool limited() const { return limit_ && backlog() > 0 && wanted_rate() > *limit_; }
  /// The stream's mean rate is another one.
  void change_rate(std::int64_t bytes_per_s) { options_.bytes_per_s = bytes_per_s; }
  /// From now on what is left leaves within `left`; nothing is held back for company.
  void drain_within(Nanos left) { drain_ = left; }

  std::size_t backlog() const { return bytes_.size() - head_; }
  /// What waits, in time at the stream's mean rate.
  Nanos backlog_time() const;
  /// Of it, what would not wait but for the limit.
  Nanos limited_time() const;
  /// Bytes a second, now.
  std::int64_t rate() const;
  /// Bytes a second when nothing is to be caught up.
  std::int64_t steady_rate() const;

 private:
  void earn(Instant now);
  std::int64_t wanted_rate() const;

  PacerOptions options_;
  std::vector<std::uint8_t> bytes_;  // from head_ on
  std::size_t head_ = 0;
  std::size_t offered_ = 0;  // size of the datagram due() gave
  Instant last_earned_;
  Instant last_push_;
  std::int64_t credit_ = 0;     // bytes
  std::int64_t credit_ns_ = 0;  // remainder: bytes·ns
  bool catch_up_ = true;
  std::optional<std::int64_t> limit_;
  std::optional<Nanos> drain_;
};

}  // namespace mainstay
