// When a standby backup is on: it comes up when main is lost, and rests again when main is back.
// Owned by a Destination. Pure: the time comes with each event.
// Thread-safety: one thread at a time.
//
// Main is lost when it has to wait for its next attempt (state backoff): after a loss in mid-air or a first connect
// that failed. A degraded main still delivers and is not lost, but it is not steady either. Back to main, `automatic`:
// after main has been live without a break for the hold. `manual`: only by take_main(), as an operator wants to choose
// the moment. Backup keeps delivering until then: both are on air for a while, never neither.
#pragma once

#include "engine/core/result.h"
#include "engine/core/time.h"
#include "engine/deliver/leg_machine.h"
#include "engine/show/show.h"

namespace mainstay {

class StandbyPolicy {
 public:
  StandbyPolicy(show::ReturnMode mode, Nanos hold) : mode_(mode), hold_(hold) {}

  /// The state main is in now.
  void main_is(Instant now, LegState state);
  void tick(Instant now);
  /// Back to main at once. Errc::invalid when main is not on air or the backup rests anyway.
  Status take_main();

  bool backup_wanted() const { return backup_wanted_; }
  /// When tick() may change something; kNever: only an event can.
  Instant next() const;

 private:
  show::ReturnMode mode_;
  Nanos hold_;
  LegState main_ = LegState::idle;
  Instant live_since_ = kNever;
  bool backup_wanted_ = false;
};

}  // namespace mainstay
