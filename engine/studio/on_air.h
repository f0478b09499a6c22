// A show that is on air: its sources, program, encoders, bus, legs and recorder, joined as the document says.
// Owned by the studio; one thread at a time makes, looks after and ends it: the control thread, or works for it.
// Thread-safety: fill(), picture(), failure() from any thread; everything else on that one.
//
// Order of the end: the program stops, the encoders are drained, the bus closes, legs and recorder send what is left.
#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "engine/core/clock.h"
#include "engine/deliver/interleaver.h"
#include "engine/deliver/packet_bus.h"
#include "engine/deliver/recorder.h"
#include "engine/monitor/monitor_output.h"
#include "engine/monitor/source_tap.h"
#include "engine/monitor/watchers.h"
#include "engine/program/filter_loader.h"
#include "engine/program/program.h"
#include "engine/show/secrets.h"
#include "engine/show/show.h"
#include "engine/studio/destination_rack.h"
#include "engine/studio/encoders.h"
#include "engine/studio/event_log.h"
#include "engine/studio/hls_output.h"
#include "engine/studio/reaper.h"
#include "engine/studio/snapshot.h"
#include "engine/studio/source_rack.h"
#include "engine/studio/source_records.h"
#include "engine/studio/stinger_rack.h"

namespace mainstay {

struct OnAirPlan {
  show::Show show;
  std::string show_dir;
  std::int64_t frames = 0;  ///< > 0: ends after exactly that many
};

/// How a change of the scene on air is made.
struct TakeOrder {
  std::string name;  ///< of the transition; empty: a cut
  show::Transition how = show::CutTransition{};
  bool turns_back = false;         ///< the transition that runs, which came from the scene that is taken now
  std::optional<double> position;  ///< by a T-bar
  bool finished = false;           ///< with turns_back: at once
};

/// What a person does to a source that runs.
struct SourceOrder {
  enum class What { restart, next, previous, play, pause, seek };
  What what = What::play;
  Millis position{0};  ///< to seek, from the in point on
};

const char* to_string(SourceOrder::What what);

class OnAir {
 public:
  struct Services {
    Clock& clock;
    Log& log;
    const show::Secrets& secrets;
    EventLog& events;
  };

  struct Hooks {
    std::function<void()> ended;  ///< called on the program thread when the program ends by itself; must not block
    /// What the program tells of its plans; called on the program thread, must not block.
    std::function<void(const ProgramNews&)> news;
  };

  /// Errors are those that no retry mends: an encoder that is not there, a secret that is missing.
  static Result<std::unique_ptr<OnAir>> start(OnAirPlan plan, Services services, Hooks hooks);
  ~OnAir();

  /// Ends in good order, within `kStopLimit` also when every peer is dead.
  void stop();
  /// Notices what changed in sources and encoders, and tells it as events.
  void look();

  /// What runs, brought to another document with the least change, in two steps: all that can fail, which changes
  /// nothing, and the change itself, which cannot. The errors name the keys that cannot change on air.
  struct Prepared {
    show::Show show;
    SourceRack::Prepared sources;
    DestinationRack::Prepared destinations;
    Encoders::Prepared encoders;
  };
  struct Preparation {
    std::optional<Prepared> prepared;
    std::vector<show::ShowError> errors;
  };
  Preparation prepare(const show::Show& show);
  /// Whether prepare() would open an encoder, which takes a while: then not on the control thread.
  bool opens_encoders(const show::Show& show) const { return encoders_.would_open(show); }
  /// Parts of earlier changes are still ending, as many as there may be: no other change until some are gone.
  bool is_crowded() const { return reaper_.waiting() + encoders_.leaving() >= kMostEnding; }
  /// When another scene comes on air by it, it does so by `take`.
  void commit(Prepared prepared, const TakeOrder& take = {});
  /// All of these parts run as they should.
  bool settled(const std::vector<std::string>& parts) const;
  /// What is wrong with these parts ("sources/clip", "destinations/platform", "record"), a line each.
  std::vector<std::string> troubles(const std::vector<std::string>& parts) const;
  /// The number of the plan that the program was given last.
  std::int64_t plan_number() const { return plan_number_; }

  // The transition on air: one that was ordered counts as running before its first frame.
  bool in_transition() const;
  /// The scene that the latest transition takes off air, and its number.
  const std::string& leaving() const { return take_.from; }
  std::int64_t take_number() const { return take_.number; }
  /// Each of no effect when none runs: the T-bar's place, goes on by itself, is over.
  void hold_transition_at(double position);
  void go_on_with_transition();
  void finish_transition();
  /// To black, or out of it, over `duration`.
  void fade_to_black(bool on, Millis duration);
  bool is_black() const { return black_.on; }

  Status retry_now(const std::string& destination, const std::string& role);
  Status take_main(const std::string& destination);
  void reset_loudness(show::AudioBus bus) { program_->reset_loudness(bus); }
  /// Errc::invalid when it does not run, Errc::unsupported when there is no such thing to do with it.
  Status act_on_source(const std::string& source, const SourceOrder& order);

  void fill(Snapshot& snapshot) const;
  /// Null when the show has no HLS.
  std::shared_ptr<package::Shelf> shelf() const { return hls_.shelf(); }
  FramePtr picture() const;
  FramePtr preview_picture() const;
  /// Of the source of that name; without one the multiview that every show has.
  FramePtr multiview_picture(const std::string& source);
  /// The latest that a source gave; kept while it is asked for.
  FramePtr source_picture(const std::string& source) { return taps_.picture(source); }
  /// What of the scene on air has failed and has not come back; empty: nothing.
  std::string failure() const;

  static constexpr Nanos kStopLimit = Millis(2200);
  static constexpr std::size_t kMostEnding = 64;  ///< sources, encoders, legs, recorders

 private:
  OnAir(OnAirPlan plan, Services services, Hooks hooks);
  Result<std::shared_ptr<Recorder>> make_recorder(const show::Show& show);
  void make_program();
  void swap_recorder(std::shared_ptr<Recorder> recorder);
  void give_plan();
  void take(const show::Show& before, const TakeOrder& order);
  void take_stinger(ProgramTake& next, const TakeOrder& order);
  void drop_stinger();
  /// Where a T-bar stands: not more often than clients can make use of.
  void tell_bar();
  bool in_transition(const ProgramStatus& status) const;
  void tell_source(const SourceRack::Entry& entry);
  void forget_others(const std::vector<SourceRack::Entry>& entries);
  void tell_loudness();
  void tell_filters();
  void fill_filters(std::vector<SceneSnapshot>& scenes) const;
  void tell_watch(const WatchNews& news);
  void tell_monitor();
  void heard(const LegEvent& event);
  void heard(const RecorderStatus& status);
  void wake();
  void await_consumers();
  bool consumers_stopped() const;
  std::shared_ptr<Recorder> recorder() const;
  /// Sources that are seen, also in scenes that lie in others.
  struct Tally {
    std::set<std::string> on_air;
    std::set<std::string> on_preview;
  };
  SourceSnapshot source_snapshot(const SourceRack::Entry& entry, const Tally& tally) const;
  LegSnapshot leg_snapshot(const LegStatus& status) const;
  void fill_monitor(Snapshot& snapshot) const;
  void fill_stingers(Snapshot& snapshot) const;

  Services services_;
  const Hooks hooks_;
  const std::string show_dir_;
  const std::int64_t frames_;
  const Instant started_;

  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  show::Show show_;                              // under mutex_ where not read on the control thread
  SourceRecords records_;
  std::shared_ptr<Recorder> recorder_;
  std::map<std::string, SourceState> told_states_;                 // control thread
  std::map<std::string, SourceState> told_filters_;                // control thread; by SCENE/LAYER/FILTER
  bool loudness_is_off_ = false;                                   // control thread
  MonitorStatus::State told_monitor_ = MonitorStatus::State::off;  // control thread
  std::map<std::string, std::string> told_items_;                  // control thread
  std::int64_t plan_number_ = 0;
  ProgramTake take_;       // written under mutex_, as what follows
  std::string take_name_;  // of its transition
  ProgramBlack black_;
  double told_bar_ = 0;    // control thread
  Instant told_bar_at_{};  // control thread

  PacketBus bus_;
  Interleaver interleaver_;
  Reaper reaper_;
  std::shared_ptr<FilterLoader> filters_;
  SourceRack sources_;
  StingerRack stingers_;
  DestinationRack destinations_;
  Encoders encoders_;
  HlsOutput hls_;
  std::unique_ptr<Watchers> watchers_;
  std::unique_ptr<MonitorOutput> monitor_;
  SourceTap taps_;
  std::unique_ptr<Program> program_;
  bool stopped_ = false;
};

}  // namespace mainstay
