// What an ingest gives for each tick, from the buffers of its main and backup input: who is on air, at which picture,
// and the change from one to the other.
// Owned by the ingest source.
// Thread-safety: the program thread only.
//
// When both inputs carry the same encode (same timestamps), the one off air is kept where the one on air is, so that it
// goes on with the very next picture; otherwise it goes on with its own newest pictures. The one on air is slowly
// delayed until the slower path can stand in for it, too.
#pragma once

#include <memory>
#include <optional>

#include "engine/core/clock.h"
#include "engine/sources/ingest/ingest_buffer.h"
#include "engine/sources/ingest/ingest_player.h"
#include "engine/sources/ingest/ingest_switch.h"
#include "engine/sources/source.h"

namespace mainstay {

class IngestPlayout {
 public:
  struct Options {
    Rate rate;
    Nanos delay = Millis(200);  ///< of the playhead behind what has come
    SwitchRules rules;
    Nanos keep = Seconds(2);  ///< how long the last picture stands in for a missing one
  };

  /// `backup` may be null. The buffers outlive the playout.
  IngestPlayout(Options options, Instant now, IngestBuffer& main, IngestBuffer* backup);

  /// For consecutive frames.
  SourceOutput pull(FrameIndex frame, Instant now);

  IngestRole on_air() const { return switch_.on_air(); }
  std::int64_t switches() const { return switch_.switches(); }
  /// Both inputs carry the same encode.
  bool aligned() const { return aligned_; }
  /// The last pull() had its picture.
  bool playing() const { return playing_; }
  /// Of both inputs.
  PlayerCounts counts() const;
  const IngestPlayer& player(IngestRole role) const { return role == IngestRole::main ? main_ : *backup_; }

 private:
  IngestPlayer& on_air_player() { return switch_.on_air() == IngestRole::main ? main_ : *backup_; }
  bool same_encode() const;
  void align();
  void take_sound(IngestPlayer& before, IngestPlayer& current, AudioBlock& block);

  const Options options_;
  IngestPlayer main_;
  std::optional<IngestPlayer> backup_;
  IngestSwitch switch_;
  bool aligned_ = false;
  bool playing_ = false;
  FramePtr shown_;
  Instant last_fresh_{};
};

}  // namespace mainstay
