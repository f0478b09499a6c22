// A source that others push to: a main and a backup input (SRT or RTMP listeners) behind one picture and one sound,
// switching to the one that delivers by itself.
// Owned by the program, like any source.
// Thread-safety: pull() from the program thread; everything else from any thread.
//
// Both inputs are received and decoded all the time.
#pragma once

#include <memory>
#include <mutex>
#include <vector>

#include "engine/show/show.h"
#include "engine/sources/ingest/ingest_input.h"
#include "engine/sources/ingest/ingest_playout.h"
#include "engine/sources/ingest/ingest_switch.h"
#include "engine/sources/source.h"

namespace mainstay {

class IngestSource final : public Source {
 public:
  /// `config` has its secrets resolved. A wrong address is a failed input, said in status().
  IngestSource(const show::IngestSource& config, SourceContext context);
  ~IngestSource() override;

  void start() override;
  /// A sender that is there can be shown. True also while nobody is connected: the program does not wait for a sender
  /// that may come tomorrow.
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
  void log_switch();

  const SourceContext context_;
  const Nanos delay_;
  IngestInput main_;
  std::unique_ptr<IngestInput> backup_;
  IngestPlayout playout_;  ///< of the program thread

  mutable std::mutex mutex_;
  SourceStatus status_;  // guarded by mutex_, as are those below
  IngestRole on_air_ = IngestRole::main;
  std::int64_t switches_ = 0;
  bool playing_ = false;
};

std::unique_ptr<Source> make_ingest_source(const show::IngestSource& resolved, SourceContext context);

}  // namespace mainstay
