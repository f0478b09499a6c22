// Internal to engine/studio: what the commands act on. The open show, the show on air, and the order in which things
// happen to them.
// Owned by Studio.
// Thread-safety: "any thread" as marked; everything else on the control thread.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "engine/core/clock.h"
#include "engine/core/log.h"
#include "engine/show/secrets.h"
#include "engine/studio/command.h"
#include "engine/studio/control_thread.h"
#include "engine/studio/event_log.h"
#include "engine/studio/on_air.h"
#include "engine/studio/open_show.h"
#include "engine/studio/snapshot.h"

namespace mainstay {

/// A wanted change of the open show.
struct Change {
  std::function<Status(show::Json& document)> edit;
  std::string kind = "edit";
  std::string message;
  Caller caller;
};

class StudioCore {
 public:
  StudioCore(Clock& clock, Log& log, show::Secrets& secrets);
  ~StudioCore();

  // --- any thread --------------------------------------------------------------------------------------------------
  bool post(ControlThread::Command command) { return control_.post(std::move(command)); }
  EventLog& events() { return events_; }
  const EventLog& events() const { return events_; }
  const show::Secrets& secrets() const { return secrets_; }
  Snapshot snapshot() const;
  FramePtr picture() const;
  std::string report() const;
  /// Null when none is open.
  OpenShowPtr open_show() const;
  bool is_on_air() const { return on_air() != nullptr; }

  // --- control thread ----------------------------------------------------------------------------------------------
  CallResult open(const std::string& path);
  void start(std::int64_t frames, const Reply& reply);
  CallResult stop();
  /// Reads the document, edits it, checks the outcome, brings what runs to it, and makes it a revision: all or nothing.
  void change(const Change& change, const Reply& reply);
  /// Does something to what is on air.
  CallResult with_air(const std::function<Status(OnAir&)>& command);

 private:
  void end_show();
  void look();
  void plan_taken(std::int64_t plan, FrameIndex n);
  void set_phase(Phase phase);
  std::shared_ptr<OnAir> on_air() const;
  Snapshot base_snapshot() const;
  CallResult refuse(const std::string& path, std::vector<show::ShowError> errors);
  void accept(const OpenShowPtr& before, std::shared_ptr<OpenShow> after, const Change& change, const Reply& reply);

  Clock& clock_;
  Log& log_;
  show::Secrets& secrets_;
  EventLog events_;

  mutable std::mutex mutex_;
  Phase phase_ = Phase::off;
  OpenShowPtr show_;
  std::shared_ptr<OnAir> on_air_;
  std::optional<Snapshot> last_;  // of the show that ended
  std::string failure_;
  /// A change of the scene on air whose frame is not known yet.
  struct Cut {
    std::int64_t plan = 0;
    std::string from;
    std::string to;
  };
  // control thread only
  std::int64_t shows_started_ = 0;
  std::deque<Cut> pending_cuts_;

  ControlThread control_;  // last: uses all of the above
};

}  // namespace mainstay
