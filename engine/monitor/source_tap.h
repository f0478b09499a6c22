// The latest pictures of single sources, for who asks for them: kept while somebody does.
// Owned by the studio's on-air wiring; outlives the program that it listens to.
// Thread-safety: the sink's calls from the program thread; picture() from any. Neither waits for the other but for a
// look into a map.
#pragma once

#include <atomic>
#include <map>
#include <mutex>
#include <string>

#include "engine/core/clock.h"
#include "engine/program/program.h"

namespace mainstay {

class SourceTap final : public ProgramSink {
 public:
  /// Who has not asked for that long is gone.
  static constexpr Nanos kPatience = Seconds(1);

  explicit SourceTap(const Clock& clock) : clock_(clock) {}

  /// As StudioPort::source_picture().
  FramePtr picture(const std::string& source);

  void on_video(const FramePtr&, FrameIndex) override {}
  void on_audio(const AudioBlockPtr&, std::int64_t) override {}
  bool wants_ticks() const override { return wanted_.load(); }
  void on_tick(ProgramTick&& tick) override;

 private:
  struct Tapped {
    Instant asked{};
    FramePtr picture;
  };

  const Clock& clock_;
  std::atomic<bool> wanted_{false};
  std::mutex mutex_;
  std::map<std::string, Tapped> tapped_;
};

}  // namespace mainstay
