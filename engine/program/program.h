// The program: on every tick of its clock exactly one picture and exactly that picture's samples, from the scene on
// air. Owned by the studio's on-air wiring; runs one thread, "program". Thread-safety: start, stop and destroy from the
// owner; status(), picture() from any thread.
//
// Frame n is due at anchor + begin(n): never a sum of frame durations, so the program cannot drift. A tick never waits
// for a source. When the machine stood still for longer than `kLongestCatchUp`, the program is put off instead of
// racing through what was missed; the timeline itself has no gap.
//
// What is shown is a plan, a value: a new one is taken as a whole between two ticks. Sources that both plans have go on
// untouched; a new one joins at the first tick at which it is ready.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "engine/audio/mixer.h"
#include "engine/compose/compositor.h"
#include "engine/core/clock.h"
#include "engine/core/log.h"
#include "engine/core/named_thread.h"
#include "engine/program/reblock.h"
#include "engine/show/show.h"
#include "engine/sources/source.h"

namespace mainstay {

/// What the program gives its pictures and sound to (encoders, taps, watchers). Called on the program thread: must not
/// block, except offline.
class ProgramSink {
 public:
  virtual ~ProgramSink() = default;
  virtual void on_video(const FramePtr& frame, FrameIndex n) = 0;
  /// Sound lags by what the master limiter looks ahead (mixer.h); the stream of blocks has neither gap nor overlap.
  virtual void on_audio(const AudioBlockPtr& block, std::int64_t first_sample) = 0;
  /// Other buses than the program, when the plan wants them; without lag.
  virtual void on_bus(show::AudioBus bus, const AudioBlockPtr& block, std::int64_t first_sample) {
    (void)bus, (void)block, (void)first_sample;
  }
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
  struct Plan {
    show::Scene scene;          ///< layers name inputs
    std::vector<Input> inputs;  ///< all are pulled on every tick; those in the scene are shown and heard
    show::Mixer mixer;          ///< strips name inputs
    Mixer::Wanted buses{};      ///< whose sound sinks want besides the program's
    std::string slate;          ///< input shown when nothing of the scene is there; empty: dark grey
    std::int64_t number = 0;    ///< for `taken`
  };
  using PlanPtr = std::shared_ptr<const Plan>;
  struct Options {
    show::Program format;
    PlanPtr plan;
    std::vector<ProgramSink*> sinks;
    FrameIndex first_frame = 0;  ///< the timeline's start: a result of aligned_start()
    std::int64_t frames = 0;     ///< > 0: ends after exactly that many
    /// Called on the program thread with each plan after the first: frame n is the first that shows it. Must not block.
    std::function<void(std::int64_t number, FrameIndex n)> taken = {};
  };
  /// Called once on the program thread when the program ends by itself.
  using Ended = std::function<void()>;

  Program(Clock& clock, Log& log, Options options, Ended ended);
  ~Program();

  /// Waits for the sources of the scene (at most `kPrerollLimit`), then ticks.
  void start();
  void stop();
  /// The next tick shows it. Of several between two ticks the last counts. Any thread; does not wait.
  void set_plan(PlanPtr plan);

  ProgramStatus status() const;
  /// The latest picture; null before the first.
  FramePtr picture() const;
  MixerReadings mixer_readings() const { return mixer_.readings(); }
  /// Integrated loudness and range of a bus start anew.
  void reset_loudness(show::AudioBus bus) { mixer_.reset_loudness(bus); }

 private:
  struct ShownLayer {
    show::Layer layer;
    int slot = 0;
  };
  /// A source in the plan.
  struct Slot {
    Input input;
    FrameIndex asked = 0;              // local frame of the first tick that wanted it
    std::optional<FrameIndex> joined;  // local frame of its frame 0
    SourceOutput output;               // of this tick
    std::optional<Reblock> reblock;    // when it joined where frames and samples do not fall together
  };

  void run(std::stop_token stop);
  /// True when it ended by itself.
  bool play(const std::stop_token& stop);
  void preroll(const std::stop_token& stop);
  void catch_up(FrameIndex local);
  void tick(FrameIndex local, const std::stop_token& stop);
  void take_plan(FrameIndex local);
  void use(const Plan& plan, FrameIndex local);
  void pull(Slot& slot, FrameIndex local, const std::stop_token& stop);
  FramePtr compose();
  void mix(FrameIndex n);
  void give_sound(const AudioBlockPtr& block);
  bool all_ended() const;

  Clock& clock_;
  Log& log_;
  const Options options_;
  const Ended ended_;
  // program thread only
  Compositor compositor_;
  FramePtr slate_;  // made when first needed
  std::vector<Slot> slots_;
  std::vector<ShownLayer> layers_;
  std::vector<int> heard_;  // slots of the scene, each once
  std::vector<LayerPicture> pictures_;
  int slate_slot_ = -1;
  Mixer mixer_;
  std::vector<Mixer::Input> sounds_;              // of the slots
  std::optional<std::int64_t> next_sample_ = {};  // of the program's sound
  Instant anchor_{};
  // shared
  std::atomic<std::int64_t> rendered_{0};
  std::atomic<std::int64_t> late_{0};
  std::atomic<std::int64_t> repeated_{0};
  mutable std::mutex picture_mutex_;
  FramePtr picture_;
  std::mutex plan_mutex_;
  PlanPtr next_plan_;  // not taken yet
  NamedThread thread_;
};

}  // namespace mainstay
