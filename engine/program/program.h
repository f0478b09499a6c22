// The program: on every tick of its clock exactly one picture and exactly that picture's samples, from the scene on
// air. Owned by the studio's on-air wiring; runs one thread, "program". Thread-safety: start, stop and destroy from the
// owner; status(), picture() from any thread.
//
// Frame n is due at anchor + begin(n): never a sum of frame durations, so the program cannot drift. A tick never waits
// for a source. When the machine stood still for longer than `kLongestCatchUp`, the program is put off instead of
// racing through what was missed; the timeline itself has no gap.
//
// What is shown is a plan, a value: a new one is taken as a whole between two ticks. Sources that both plans have go on
// untouched; a new one joins at the first tick at which it is ready. What comes on air does so by the plan's take: by a
// cut, or by a transition that runs over as many frames as it says (plan.h, transition_run.h).
//
// A scene that lies in others is an input that the program makes itself, once a tick when somebody shows it and not at
// all otherwise (program_nested.cpp). An input that rests is not pulled while nobody sees or hears it; its own frames
// then go on where they were.
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "engine/audio/mixer_readings.h"
#include "engine/compose/filters/filter_files.h"
#include "engine/compose/transition_mixer.h"
#include "engine/core/clock.h"
#include "engine/core/log.h"
#include "engine/core/named_thread.h"
#include "engine/program/black.h"
#include "engine/program/canvas.h"
#include "engine/program/multiview.h"
#include "engine/program/plan.h"
#include "engine/program/reblock.h"
#include "engine/program/transition_run.h"
#include "engine/show/show.h"
#include "engine/sources/source.h"

namespace mainstay {

/// What the program gives its pictures and sound to (encoders, taps, watchers). Called on the program thread: must not
/// block, except offline.
struct ProgramTick {
  FrameIndex n = 0;
  FramePtr video;       ///< of the program
  AudioBlockPtr audio;  ///< of the program bus; lags by what the limiter looks ahead; null: none in this tick
  std::shared_ptr<const ProgramPlan> plan;
  /// Of the plan's inputs, in their order.
  struct Given {
    SourceOutput output;
    bool joined = false;  ///< it gives, though it may have nothing
    bool on_air = false;  ///< of the scene on air, or of the one that is leaving
  };
  std::vector<Given> inputs;
};

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
  /// Whether on_tick() is to be called.
  virtual bool wants_ticks() const { return false; }
  /// All of a tick at its end, for who looks at it: what the sources gave, too. The tick may be moved from.
  virtual void on_tick(ProgramTick&& tick) { (void)tick; }
};

/// The first frame at or after `wanted` from which on a source's samples (counted from its frame 0) and the program's
/// fall together: where n·48000·den/num is whole.
FrameIndex aligned_start(Rate rate, FrameIndex wanted);

struct ProgramStatus {
  std::int64_t rendered = 0;
  std::int64_t late = 0;      ///< made more than a frame's duration after they were due
  std::int64_t repeated = 0;  ///< a source's last picture stood in for the due one
  Nanos elapsed{0};           ///< since the first tick
  std::int64_t take = 0;      ///< the number of the take that was seen last
  bool in_transition = false;
  double position = 1;  ///< of that take's transition, 1: it is over
  double black = 0;     ///< how far the program is faded to black
};

class Program {
 public:
  using Plan = ProgramPlan;
  using Input = ProgramInput;
  using PlanPtr = std::shared_ptr<const Plan>;
  struct Options {
    show::Program format;
    PlanPtr plan;
    std::vector<ProgramSink*> sinks;
    FrameIndex first_frame = 0;  ///< the timeline's start: a result of aligned_start()
    std::int64_t frames = 0;     ///< > 0: ends after exactly that many
    /// Called on the program thread; must not block.
    std::function<void(const ProgramNews&)> news = {};
    const FilterFiles* filter_files = nullptr;  ///< null: filters that read files do nothing
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
  /// The latest picture of the scene in preview. It is made only while somebody asks for it: the first call gives null,
  /// and a second after the last one no more are made. Null also when nothing is in preview.
  FramePtr preview_picture() const;
  /// The latest picture of a multiview, of the plan's own without a name; made while it is asked for, as above.
  FramePtr multiview_picture(const std::string& name) const;
  MixerReadings mixer_readings() const;
  /// Integrated loudness and range of a bus start anew.
  void reset_loudness(show::AudioBus bus);

 private:
  /// A source in the plan.
  struct Slot {
    Input input;
    FrameIndex asked = 0;              // local frame of the first tick that wanted it
    std::optional<FrameIndex> joined;  // local frame of its frame 0
    SourceOutput output;               // of this tick
    std::optional<Reblock> reblock;    // when it joined where frames and samples do not fall together
    double level = 0;                  // of its sound, at the end of the last tick
    double base = 0;                   // and where a transition's way begins
    std::unique_ptr<Canvas> canvas;    // of one that is a scene
    bool made = false;                 // its picture, in this tick
    bool resting = false;
    bool waking = false;    // it rested, and is not ready again yet
    FrameIndex rested = 0;  // ticks since it joined in which it was not pulled
  };

  void run(std::stop_token stop);
  /// True when it ended by itself.
  bool play(const std::stop_token& stop);
  void preroll(const std::stop_token& stop);
  void catch_up(FrameIndex local);
  void tick(FrameIndex local, const std::stop_token& stop);
  void take_plan(FrameIndex local);
  void use(const PlanPtr& plan, FrameIndex local);
  void use_inputs(FrameIndex local);
  void use_scenes();
  void use_take(FrameIndex n);
  void end_transition(FrameIndex n, const char* how);
  std::unique_ptr<Canvas> take_canvas(const std::string& scene, std::vector<std::unique_ptr<Canvas>>& spare) const;
  Canvas::Filters layer_filters() const;
  int index_of(const std::string& input) const;
  void pull(Slot& slot, FrameIndex local, const std::stop_token& stop);
  void rest(Slot& slot);
  void join(Slot& slot, FrameIndex local);
  /// Nobody sees it, and it is set to stand still then.
  bool may_rest(const Slot& slot) const;
  // What lies in others (program_nested.cpp).
  Canvas::Found find_input(const std::string& name) const;
  void within(int slot, bool visible_only, std::vector<bool>& met, std::vector<int>& out) const;
  void use_nested();
  void make_nested(const Canvas& canvas);
  FramePtr compose(Canvas& canvas);
  // Multiviews (program_multiview.cpp).
  struct Looked {
    Looked(int width, int height) : painter(width, height) {}
    std::shared_ptr<const ProgramComposed> what;
    Multiview painter;
    std::map<std::string, std::unique_ptr<Canvas>> scenes;  // of its cells
    FramePtr picture;
    int waited = 0;  // ticks since it was made
    bool painting = false;
    bool made = false;  // as a layer, in this tick
  };
  struct LookedPicture {
    std::int64_t asked = -1;  // frames rendered when somebody asked last
    FramePtr picture;
  };
  void use_multiviews();
  void render_multiviews();
  bool shows_scene(const Canvas& canvas, const std::string& scene, int depth) const;
  CellTally tally_of(const show::MultiviewCell& cell) const;
  FramePtr cell_picture(Looked& looked, const show::MultiviewCell& cell);
  FramePtr paint(Looked& looked);
  FramePtr compose(const TransitionRun::Point& point);
  FramePtr mixed(FramePtr picture, const TransitionRun::Point& point);
  bool stings(const TransitionRun::Point& point) const { return point.mixed && take_.stinger != nullptr; }
  void pull_stinger(const TransitionRun::Point& point, const std::stop_token& stop);
  bool hears_film() const;
  double heard_share(const TransitionRun::Point& point) const;
  LayerPicture slate();
  void render_preview();
  void mix(FrameIndex n, const TransitionRun::Point& point, bool glides, double black_before);
  void give_sound(const AudioBlockPtr& block);
  void give_tick(FrameIndex n, const FramePtr& picture);
  void tell(ProgramNews::Kind kind, std::int64_t number, FrameIndex n, const char* how = "");
  void publish(FramePtr picture, const TransitionRun::Point& point);
  bool all_ended() const;

  Clock& clock_;
  Log& log_;
  const Options options_;
  const Ended ended_;
  // program thread only
  PlanPtr plan_;
  std::unique_ptr<Canvas> on_air_;
  std::unique_ptr<Canvas> leaving_;  // while a transition runs, unless it goes on from a picture
  std::unique_ptr<Canvas> preview_;
  std::vector<std::unique_ptr<Canvas>> unused_;  // kept for their memory
  FramePtr left_picture_;                        // what a transition comes from that broke into another one
  FramePtr last_picture_;
  FramePtr shown_picture_;  // the last one that went out, black as it may be
  std::map<std::string, std::unique_ptr<Looked>> looked_;
  TransitionRun run_;
  TransitionMixer pictures_;
  Compositor film_;              // a stinger's over the pictures
  FrameIndex tick_ = 0;          // the frame that is made
  FrameIndex film_frame_ = 0;    // of the stinger, the next one
  SourceOutput film_output_;     // of this tick
  bool has_film_strip_ = false;  // the mixer has one for it
  Black black_;
  std::int64_t black_order_ = 0;
  ProgramTake take_;
  std::int64_t started_take_ = 0;  // whose transition runs, also when another take turned it back
  bool on_time_ = true;
  FramePtr slate_;  // made when first needed
  std::vector<Slot> slots_;
  std::vector<FramePtr> frames_;  // of this tick, by slot
  struct Desk;
  std::unique_ptr<Desk> desk_;                    // the mixer (mix_desk.h)
  std::optional<std::int64_t> next_sample_ = {};  // of the program's sound
  AudioBlockPtr given_sound_;                     // in this tick
  Instant anchor_{};
  // shared
  std::atomic<std::int64_t> rendered_{0};
  std::atomic<std::int64_t> late_{0};
  std::atomic<std::int64_t> repeated_{0};
  mutable std::mutex picture_mutex_;
  FramePtr picture_;
  FramePtr preview_picture_;
  mutable std::map<std::string, LookedPicture> multiview_pictures_;
  ProgramStatus mix_status_;
  mutable std::atomic<std::int64_t> preview_asked_{-1};  // frames rendered when somebody asked last; -1: nobody did
  std::mutex plan_mutex_;
  PlanPtr next_plan_;  // not taken yet
  NamedThread thread_;
};

}  // namespace mainstay
