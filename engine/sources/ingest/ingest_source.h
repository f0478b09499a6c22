// A source that others push to: a main and a backup input (SRT or RTMP listeners) behind one picture and one sound,
// switching to the one that delivers by itself.
// Owned by the program, like any source.
// Thread-safety: pull() from the program thread; everything else from any thread.
//
// Both inputs are received and decoded all the time. When both carry the same encode (same timestamps), they are
// played at the same place, and a change from one to the other repeats and loses nothing as far as their buffers
// reach; otherwise the other one goes on with its own newest pictures.
#pragma once

#include <memory>
#include <vector>

#include "engine/show/show.h"
#include "engine/sources/ingest/ingest_input.h"
#include "engine/sources/ingest/ingest_player.h"
#include "engine/sources/ingest/ingest_switch.h"
#include "engine/sources/source.h"

namespace mainstay {

class IngestSource final : public Source {
 public:
  /// `config` has its secrets resolved. A wrong address is a failed input, said in status().
  IngestSource(const show::IngestSource& config, SourceContext context);
  ~IngestSource() override;

  void start() override;
  /// True also while nobody is connected: the program does not wait for a sender that may come tomorrow.
  bool ready() const override;
  SourceOutput pull(FrameIndex frame, std::stop_token stop) override;
  SourceStatus status() const override;

  /// Main first, then backup when there is one.
  std::vector<IngestInputStatus> inputs() const;
  IngestRole on_air() const;
  std::int64_t switches() const;
  /// The ports bound, 0 while not listening.
  std::vector<std::uint16_t> ports() const;

 private:
  struct Side {
    IngestInput input;
    IngestPlayer player;
    Side(IngestInput::Options options, Clock& clock, Log& log, Rate rate, Nanos delay)
        : input(std::move(options), clock, log), player(input.buffer(), rate, delay) {}
  };

  Side* side(IngestRole role) const { return role == IngestRole::main ? main_.get() : backup_.get(); }
  static InputView view_of(const Side* side);
  bool same_encode() const;
  void align(IngestRole on_air, bool aligned);
  static void switch_sound(const AudioBlock& old, AudioBlock& block);
  void log_switch(IngestRole to, bool aligned);

  const SourceContext context_;
  std::unique_ptr<Side> main_;
  std::unique_ptr<Side> backup_;

  // Of the program thread.
  IngestSwitch switch_;
  bool aligned_ = false;
  FramePtr shown_;
  Instant last_fresh_{};

  mutable std::mutex mutex_;
  SourceStatus status_;  // guarded by mutex_, as are those below
  IngestRole on_air_ = IngestRole::main;
  std::int64_t switches_ = 0;
  bool playing_ = false;
};

std::unique_ptr<Source> make_ingest_source(const show::IngestSource& resolved, SourceContext context);

}  // namespace mainstay
