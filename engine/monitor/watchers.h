// Watches the program and its sources: freeze, black, silence, clipping, lost A/V sync. They only look.
// Owned by the studio's on-air wiring; outlives the program that it listens to. Runs one thread, "watchers".
// Thread-safety: the sink's calls from the program thread; the rest from any.
//
// The program's thread hands over references to what a tick was made of and goes on; a queue of a few ticks drops the
// oldest when the watchers do not keep up, which costs them nothing but that look. Pictures are looked at ten times a
// second, sound in every tick. Times are the program's own, so what is raised does not depend on the machine's pace;
// offline there is no thread and no tick is passed over, so that every run tells the same.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "engine/core/bounded_queue.h"
#include "engine/core/clock.h"
#include "engine/core/named_thread.h"
#include "engine/monitor/subject_watch.h"
#include "engine/monitor/watch_settings.h"
#include "engine/program/program.h"

namespace mainstay {

class Watchers final : public ProgramSink {
 public:
  /// Called on the watchers' thread (offline: the program's); must not block.
  using Tell = std::function<void(const WatchNews&)>;

  Watchers(Clock& clock, Rate rate, FrameIndex first_frame, WatchSettings settings, Tell tell);
  ~Watchers() override;

  /// In force from the next tick that is looked at.
  void use(WatchSettings settings);
  /// What is raised now, the oldest first.
  std::vector<RaisedWatch> raised() const;
  /// Ticks that were passed over because the watchers did not keep up.
  std::int64_t dropped() const { return queue_.level().dropped; }

  void on_video(const FramePtr&, FrameIndex) override {}
  void on_audio(const AudioBlockPtr&, std::int64_t) override {}
  bool wants_ticks() const override { return true; }
  void on_tick(ProgramTick&& tick) override;

 private:
  using SettingsPtr = std::shared_ptr<const WatchSettings>;
  struct Delays {
    Nanos picture{0};  // by filters of its layer
    Nanos sound{0};    // by its strip
  };

  void run(const std::stop_token& stop);
  void look(const ProgramTick& tick);
  void look_at_program(const ProgramTick& tick, Nanos at, bool pictures, const WatchSettings& settings);
  void look_at_sources(const ProgramTick& tick, Nanos at, bool pictures, const WatchSettings& settings);
  void use_delays(const std::shared_ptr<const ProgramPlan>& plan);
  void forget_others(const ProgramTick& tick, Nanos at, const WatchSettings& settings);

  const Clock& clock_;
  const Rate rate_;
  const FrameIndex first_frame_;
  const FrameIndex picture_pace_;
  const Tell tell_;
  // the looking thread only
  SubjectWatch program_;
  std::map<std::string, SubjectWatch> sources_;
  FrameIndex next_picture_;  // first frame whose pictures are looked at again
  std::vector<WatchNews> news_;
  std::weak_ptr<const ProgramPlan> plan_;  // of which delays_ are; who holds a plan holds its sources
  std::map<std::string, Delays> delays_;   // of the sources seen on air and heard
  // shared
  mutable std::mutex mutex_;
  SettingsPtr settings_;
  std::vector<RaisedWatch> raised_;
  BoundedQueue<ProgramTick> queue_;
  NamedThread thread_;
};

}  // namespace mainstay
