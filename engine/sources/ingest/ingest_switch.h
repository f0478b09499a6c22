// Which of an ingest's two inputs is on air: the rules alone, without media, threads or a clock of its own.
// Owned by the ingest source.
// Thread-safety: one thread at a time.
//
//   main delivers                                        → main
//   nothing from the one on air for `hold`, other delivers → the other, at once
//   same encode on both, and only the other has the picture that is due → the other, without waiting: nothing is lost
//   backup on air, main steady for `return_hold`         → main
//   neither delivers                                     → stays: the last picture is held
#pragma once

#include <cstdint>

#include "engine/core/time.h"

namespace mainstay {

enum class IngestRole { main, backup };

const char* to_string(IngestRole role);

/// What the rules look at, for one input at one tick.
struct InputView {
  bool present = false;    ///< the show has this input
  bool connected = false;  ///< a sender is there and its stream is being read
  /// When its newest picture came (newest sound, for a sender without pictures); kNever when none came on this
  /// connection.
  Instant last_media = kNever;
  bool has_due = false;  ///< it can show a picture for this tick now
};

struct SwitchRules {
  Nanos hold = Millis(500);
  Nanos return_hold = Seconds(3);
};

class IngestSwitch {
 public:
  IngestSwitch(SwitchRules rules, Instant start) : rules_(rules), since_(start), main_steady_since_(kNever) {}

  /// To be called once a tick. `aligned`: both inputs carry the same pictures with the same timestamps.
  IngestRole decide(Instant now, const InputView& main, const InputView& backup, bool aligned);

  IngestRole on_air() const { return on_air_; }
  std::int64_t switches() const { return switches_; }

 private:
  bool delivers(const InputView& input, Instant now) const;
  IngestRole change(IngestRole to, Instant now);

  const SwitchRules rules_;
  IngestRole on_air_ = IngestRole::main;
  Instant since_;  ///< when the one on air came on
  Instant main_steady_since_;
  std::int64_t switches_ = 0;
};

}  // namespace mainstay
