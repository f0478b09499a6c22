// A show that is on air: its sources, program, encoders, bus, legs and recorder, joined as the document says.
// Owned by the studio; made, looked after and ended on the control thread.
// Thread-safety: fill(), picture(), failure() from any thread; everything else on the control thread.
//
// Order of the end: the program stops, the encoders are drained, the bus closes, legs and recorder send what is left.
#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "engine/core/clock.h"
#include "engine/deliver/destination.h"
#include "engine/deliver/interleaver.h"
#include "engine/deliver/packet_bus.h"
#include "engine/deliver/recorder.h"
#include "engine/program/program.h"
#include "engine/show/secrets.h"
#include "engine/show/show.h"
#include "engine/studio/encoders.h"
#include "engine/studio/event_log.h"
#include "engine/studio/snapshot.h"

namespace mainstay {

struct OnAirPlan {
  show::Show show;
  std::string show_dir;
  std::int64_t frames = 0;  ///< > 0: ends after exactly that many
};

class OnAir {
 public:
  struct Services {
    Clock& clock;
    Log& log;
    const show::Secrets& secrets;
    EventLog& events;
  };

  /// Errors are those that no retry mends: an encoder that is not there, a secret that is missing. `ended` is called on
  /// the program thread when the program ends by itself.
  static Result<std::unique_ptr<OnAir>> start(OnAirPlan plan, Services services, std::function<void()> ended);
  ~OnAir();

  /// Ends in good order, within `kStopLimit` also when every peer is dead.
  void stop();
  /// Notices what changed in sources and encoders, and tells it as events.
  void look();

  /// Brings what runs to another document with the least change. With errors nothing was changed; they name the keys
  /// that cannot change on air.
  std::vector<show::ShowError> apply(const show::Show& show);
  Status retry_now(const std::string& destination, const std::string& role);
  Status take_main(const std::string& destination);

  void fill(Snapshot& snapshot) const;
  FramePtr picture() const;
  /// Why the show did not come off; empty when it did.
  std::string failure() const;

  static constexpr Nanos kStopLimit = Millis(2200);

 private:
  OnAir(OnAirPlan plan, Services services);
  Status make_sources();
  Status make_destinations();
  Result<Destination*> find_destination(const std::string& name);
  Status make_recorder();
  void make_program(std::function<void()> ended);
  void heard(const LegEvent& event);
  void heard(const RecorderStatus& status);
  void wake();
  void await_consumers();
  bool consumers_stopped() const;
  SourceSnapshot source_snapshot(const Program::Input& input) const;
  LegSnapshot leg_snapshot(const LegStatus& status) const;

  const OnAirPlan plan_;
  Services services_;
  const show::Scene scene_;
  const Instant started_;

  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  std::map<std::string, std::string> failures_;  // by source of the scene, while it is failed
  std::map<std::string, SourceState> told_states_;

  PacketBus bus_;
  Interleaver interleaver_;
  std::vector<Program::Input> inputs_;
  std::unique_ptr<Recorder> recorder_;
  std::vector<std::unique_ptr<Destination>> destinations_;
  std::unique_ptr<Encoders> encoders_;
  std::unique_ptr<Program> program_;
  bool stopped_ = false;
};

/// The scene on air: the one the show names, else its only or first one, else its first source alone.
show::Scene scene_on_air(const show::Show& show);

}  // namespace mainstay
