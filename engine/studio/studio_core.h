// Internal to engine/studio: what the commands act on. The open show, the show on air, and the order in which things
// happen to them.
// Owned by Studio.
// Thread-safety: "any thread" as marked; everything else on the control thread. What may block (files, the history,
// encoders being opened, the end of a show) is done aside, on a thread of its own ("works"), while commands wait.
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
#include "engine/studio/audience.h"
#include "engine/studio/command.h"
#include "engine/studio/control_thread.h"
#include "engine/studio/event_log.h"
#include "engine/studio/macro_host.h"
#include "engine/studio/on_air.h"
#include "engine/studio/open_show.h"
#include "engine/studio/picture_desk.h"
#include "engine/studio/show_keeper.h"
#include "engine/studio/snapshot.h"

namespace mainstay {

/// A wanted change of the open show.
struct Change {
  std::function<Status(show::Json& document)> edit;
  RevisionKind kind = RevisionKind::edit;
  std::string message;
  Caller caller;
  bool rollback_on_failure = false;     ///< a part that fails within `kSettleLimit` takes the change back as a whole
  std::optional<UndoLinks> links = {};  ///< those of its kind when absent
  /// Not empty: follows at once, but those of one caller with the same key that come close together (a fader in
  /// somebody's hand) make two revisions: the first one, and where it comes to rest.
  std::string gesture = {};
  TakeOrder take = {};  ///< how another scene comes on air by it
};

class StudioCore {
 public:
  static constexpr Nanos kSettleLimit = Seconds(5);
  static constexpr Nanos kGesturePause = Millis(600);  ///< a gesture is over after that long without a change
  static constexpr Nanos kTellPause = Millis(50);      ///< of a gesture that goes on twenty times a second is told

  StudioCore(Clock& clock, Log& log, show::Secrets& secrets, ShowKeeper::Options keeping);
  ~StudioCore();

  // --- any thread --------------------------------------------------------------------------------------------------
  bool post(ControlThread::Command command) { return control_.post(std::move(command)); }
  Clock& clock() { return clock_; }
  EventLog& events() { return events_; }
  const EventLog& events() const { return events_; }
  const show::Secrets& secrets() const { return secrets_; }
  Snapshot snapshot() const;
  FramePtr picture() const;
  FramePtr preview_picture() const;
  FramePtr multiview_picture(const std::string& source) const;
  FramePtr source_picture(const std::string& source) const;
  std::string report() const;
  /// Of the show on air, or of the last one; null when that has no HLS.
  std::shared_ptr<package::Shelf> shelf() const;
  /// Null when none is open.
  OpenShowPtr open_show() const;
  PictureDesk& pictures() { return pictures_; }
  bool is_on_air() const { return on_air() != nullptr; }
  /// Null when no show is open.
  std::shared_ptr<History> history() const;
  void use_macros(MacroHost* host);
  CallResult with_macros(const std::function<Status(MacroHost&)>& act);
  std::vector<std::string> running_macros() const;
  void use_audience(AudienceHost* host);
  std::optional<AudienceSnapshot> audience() const;
  /// Null when nobody knows them.
  show::Json viewers() const;

  // --- control thread ----------------------------------------------------------------------------------------------
  void open(const std::string& path, const Reply& reply);
  void make_new(const Reply& reply);
  void start(std::int64_t frames, const Reply& reply);
  void stop(const Reply& reply);
  /// Reads the document, edits it, checks the outcome, brings what runs to it, and makes it a revision: all or nothing.
  void change(const Change& change, const Reply& reply);
  enum class Way { undo, redo };
  void step(Way way, const Caller& caller, const Reply& reply);
  /// `keep_scene`: what is on air stays on air, when that scene is in the revision.
  void rollback(std::int64_t revision, bool keep_scene, const Caller& caller, const Reply& reply);
  /// To the file that the show came from, when `path` is empty.
  void save(const std::string& path, const Reply& reply);
  /// A revision, 0: the newest.
  void export_to(const std::string& path, std::int64_t revision, const Reply& reply);
  /// Takes the file as another program left it.
  void reload(const Caller& caller, const Reply& reply);
  /// Has an answer made on the works thread, where a disk may be waited for; commands wait until then.
  void answer_aside(std::function<CallResult()> step, const Reply& reply);
  /// Null when nothing is on air.
  std::shared_ptr<OnAir> air() const { return on_air(); }
  /// Does something to what is on air.
  CallResult with_air(const std::function<Status(OnAir&)>& command);

 private:
  struct PendingChange;

  /// Has `step` done on the works thread, then `then` here; commands wait until then.
  void aside(ControlThread::Command step, ControlThread::Command then);
  void end_show(ControlThread::Command then);
  void end_if_over();
  void look();
  void heard(const ProgramNews& news);
  void plan_taken(std::int64_t plan, FrameIndex n);
  void take_ended(std::int64_t take, FrameIndex n, const char* how);
  void tell_edits(const show::Show& before, const show::Show& after);
  void set_phase(Phase phase);
  std::shared_ptr<OnAir> on_air() const;
  Snapshot base_snapshot() const;
  CallResult start_now(std::int64_t frames, std::int64_t show_number, const OpenShowPtr& open);
  CallResult open_now(const std::string& path);
  CallResult make_new_now();
  CallResult refuse(const std::string& path, std::vector<show::ShowError> errors);
  CallResult begin(std::shared_ptr<OpenShow> opened, const std::string& message);
  bool recover(OpenShow& opened, const ShowKeeper::Opened& kept);
  void store(PendingChange pending);
  /// Takes the change in without a revision of its own. False: it belongs to no gesture that is going on.
  bool join_gesture(PendingChange& pending);
  /// Where the gesture came to rest becomes a revision.
  void end_gesture();
  /// How far the gesture has come: not more often than clients can make use of.
  void tell_gesture();
  void tell_mixer(const show::Show& before, const show::Show& after);
  void accept(const OpenShowPtr& before, std::shared_ptr<OpenShow> after, const Change& change);
  void settle();
  void was_saved(const std::string& path, std::int64_t revision);
  void file_changed(const std::string& path, const ShowFile::Change& change);

  Clock& clock_;
  Log& log_;
  show::Secrets& secrets_;
  EventLog events_;

  mutable std::mutex macros_mutex_;  // held while the host is called
  MacroHost* macros_ = nullptr;
  mutable std::mutex audience_mutex_;  // held while the host is called
  AudienceHost* audience_ = nullptr;
  mutable std::mutex mutex_;
  Phase phase_ = Phase::off;
  OpenShowPtr show_;
  std::shared_ptr<History> history_;  // the keeper's
  std::shared_ptr<OnAir> on_air_;
  std::optional<Snapshot> last_;                // of the show that ended
  std::shared_ptr<package::Shelf> last_shelf_;  // likewise
  std::string failure_;
  /// A change of the scene on air whose frame is not known yet.
  struct Cut {
    std::int64_t plan = 0;
    std::string from;
    std::string to;
    std::int64_t take = 0;
    std::string transition;  // empty: a cut
  };
  // control thread only
  std::int64_t shows_started_ = 0;
  std::int64_t show_over_ = 0;  // the number of the last one whose program ended by itself
  std::deque<Cut> pending_cuts_;
  std::deque<Cut> transitions_;  // ordered, not over yet
  /// A change that is taken back when what it touched fails.
  struct Settling {
    OpenShowPtr before;
    std::int64_t revision = 0;
    std::vector<std::string> parts;
    Instant until{};
    Caller caller;
    Reply reply;
  };
  std::vector<Settling> settling_;
  struct Gesture {
    std::string key;     ///< with its caller; empty: none is going on
    OpenShowPtr stored;  ///< the revision that it began with
    std::string author;
    std::string message;
    Instant last{};
    bool moved = false;  ///< the show is not as it is stored
  };
  Gesture gesture_;
  OpenShowPtr told_;  ///< what clients know, while the show is not as it is stored; else null
  Instant told_at_{};
  ShowKeeper keeper_;
  PictureDesk pictures_;

  ControlThread works_;
  ControlThread control_;  // last: uses all of the above
};

}  // namespace mainstay
