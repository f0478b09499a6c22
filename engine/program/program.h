// The program: on every tick of its clock exactly one picture and exactly that picture's samples, from the scene on
// air. Owned by the studio's on-air wiring; runs one thread, "program". Thread-safety: start, stop and destroy from the
// owner; status(), picture() from any thread.
//
// Frame n is due at anchor + begin(n): never a sum of frame durations, so the program cannot drift. A tick never waits
// for a source. When the machine stood still for longer than `kLongestCatchUp`, the program is put off instead of
// racing through what was missed; the timeline itself has no gap.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "engine/compose/compositor.h"
#include "engine/core/clock.h"
#include "engine/core/log.h"
#include "engine/core/named_thread.h"
#include "engine/show/show.h"
#include "engine/sources/source.h"

namespace mainstay {

/// What the program gives its pictures and sound to (encoders, taps, watchers). Called on the program thread: must not
/// block, except offline.
class ProgramSink {
 public:
  virtual ~ProgramSink() = default;
  virtual void on_video(const FramePtr& frame, FrameIndex n) = 0;
  virtual void on_audio(const AudioBlockPtr& block, std::int64_t first_sample) = 0;
};

/// The first frame at or after `wanted` from which on a source's samples (counted from its frame 0) and the program's
/// fall together: where n·48000·den/num is whole.
FrameIndex aligned_start(Rate rate, FrameIndex wanted);

struct ProgramStatus {
  std::int64_t rendered = 0;
  std::int64_t late = 0;      ///< made more than a frame's duration after they were due
  std::int64_t repeated = 0;  ///< a source's last picture stood in for the due one
  Nanos elapsed{0};           ///< since the first tick
};

class Program {
 public:
  struct Input {
    std::string name;
    std::shared_ptr<Source> source;
  };
  struct Options {
    show::Program format;
    show::Scene scene;          ///< layers name inputs
    std::vector<Input> inputs;  ///< all are pulled on every tick; those in the scene are shown and heard
    std::vector<ProgramSink*> sinks;
    FrameIndex first_frame = 0;  ///< the timeline's start: a result of aligned_start()
    std::int64_t frames = 0;     ///< > 0: ends after exactly that many
  };
  /// Called once on the program thread when the program ends by itself.
  using Ended = std::function<void()>;

  Program(Clock& clock, Log& log, Options options, Ended ended);
  ~Program();

  /// Waits for the sources of the scene (at most `kPrerollLimit`), then ticks.
  void start();
  void stop();

  ProgramStatus status() const;
  /// The latest picture; null before the first.
  FramePtr picture() const;

 private:
  struct ShownLayer {
    show::Layer layer;
    int input = 0;
  };

  void run(std::stop_token stop);
  void preroll(const std::stop_token& stop);
  void catch_up(FrameIndex local);
  void tick(FrameIndex local, const std::stop_token& stop);
  FramePtr compose();
  AudioBlockPtr mix(FrameIndex n);
  bool all_ended() const;

  Clock& clock_;
  Log& log_;
  const Options options_;
  const Ended ended_;
  // program thread only
  Compositor compositor_;
  FramePtr slate_;                     // made when first needed
  std::vector<SourceOutput> outputs_;  // of this tick, one an input
  std::vector<ShownLayer> layers_;
  std::vector<int> heard_;  // inputs of the scene, each once
  std::vector<LayerPicture> pictures_;
  int slate_input_ = -1;
  Instant anchor_{};
  // shared
  std::atomic<std::int64_t> rendered_{0};
  std::atomic<std::int64_t> late_{0};
  std::atomic<std::int64_t> repeated_{0};
  mutable std::mutex picture_mutex_;
  FramePtr picture_;
  NamedThread thread_;
};

}  // namespace mainstay
