// The state of a leg: idle → connecting → live ⇄ degraded → backoff → connecting …, stopped from anywhere.
// Owned by its Leg. Pure: no thread and no clock inside; the time comes with each event, what to do comes back.
// Thread-safety: one thread at a time (the leg calls it under its lock).
//
//   state        start       opened   open_failed   lost      congestion   retry_now/tick due   stop
//   idle         connecting  -        -             -         -            -                    stopped
//   connecting   -           live     backoff       -         -            -                    stopped
//   live         -           -        -             backoff   degraded     -                    stopped
//   degraded     -           -        -             backoff   live         -                    stopped
//   backoff      -           -        -             -         -            connecting           stopped
//   stopped      connecting  -        -             -         -            -                    -
//
// An event that does not fit the state ("-") changes nothing: commands and results of calls may cross on their way.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>

#include "engine/core/backoff.h"
#include "engine/core/result.h"

namespace mainstay {

enum class LegState { idle, connecting, live, degraded, backoff, stopped };

const char* to_string(LegState state);
/// Media flows: live or degraded.
inline bool on_air(LegState state) {
  return state == LegState::live || state == LegState::degraded;
}

/// A time without delivery after the leg had been on air.
struct Outage {
  Instant start;                   ///< last good delivery
  Instant detect;                  ///< when the leg knew
  std::optional<Instant> recover;  ///< first packet of the new connection; none yet, or the leg was stopped before
  std::string reason;              ///< in words
};

struct LegPolicy {
  BackoffPolicy backoff;
  Nanos stable = Seconds(10);      ///< delivery that long makes the next back-off start from the bottom
  std::size_t kept_outages = 256;  ///< older ones go; outage_count() still counts them
};

/// What the leg has to do now.
enum class LegAction {
  none,
  connect,     ///< make a new transport and open it; then tell opened() or open_failed()
  disconnect,  ///< end the connection, or the attempt, there is
};

class LegMachine {
 public:
  LegMachine(LegPolicy policy, std::uint64_t seed) : policy_(policy), backoff_(policy.backoff, seed) {}

  // Commands.
  LegAction start(Instant now);
  LegAction stop(Instant now);
  /// Cuts a wait short. The back-off itself goes on where it was.
  LegAction retry_now(Instant now);
  LegAction network_returned(Instant now) { return retry_now(now); }

  // What happened.
  LegAction opened(Instant now);
  LegAction open_failed(Instant now, const Error& error);
  /// `last_good`: when the peer last took something; never later than `now`.
  LegAction lost(Instant now, Instant last_good, const Error& error);
  /// The encoder's parameters changed: a new connection with new headers is needed, at once.
  LegAction streams_changed(Instant now, Instant last_good);
  /// A packet was delivered; the first on a connection ends an outage.
  void delivered(Instant now);
  LegAction congestion(Instant now, bool on, const std::string& why);
  /// Time has passed.
  LegAction tick(Instant now);

  LegState state() const { return state_; }
  Instant since() const { return since_; }
  /// Why the leg is not live: the last error, or what congests it. Empty when all is well.
  const std::string& detail() const { return detail_; }
  /// When a wait ends; kNever outside backoff.
  Instant retry_at() const { return state_ == LegState::backoff ? retry_at_ : kNever; }
  std::int64_t attempts() const { return attempts_; }
  std::int64_t connects() const { return connects_; }
  /// From start() to the first connection made after it.
  std::optional<Nanos> first_connect() const { return first_connect_; }
  const std::deque<Outage>& outages() const { return outages_; }
  std::int64_t outage_count() const { return outage_count_; }
  bool outage_open() const { return outage_open_; }
  int failures() const { return backoff_.failures(); }

 private:
  void enter(LegState state, Instant now);
  LegAction connect(Instant now);
  void wait(Instant now);
  void begin_outage(Instant now, Instant last_good, const std::string& reason);
  void settle(Instant now);

  const LegPolicy policy_;
  Backoff backoff_;
  LegState state_ = LegState::idle;
  Instant since_{};
  Instant started_{};
  Instant connected_{};
  Instant retry_at_ = kNever;
  std::string detail_;
  std::int64_t attempts_ = 0;
  std::int64_t connects_ = 0;
  std::optional<Nanos> first_connect_;
  std::deque<Outage> outages_;
  std::int64_t outage_count_ = 0;
  bool outage_open_ = false;
};

}  // namespace mainstay
