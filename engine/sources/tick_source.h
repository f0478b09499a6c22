// Media files as a source: decoded ahead on a thread of the source's own, retimed to the program's frames, tick by
// tick. What is played (one file, a list of files) is a TickMaker's business. Owned by the program. Thread-safety: as
// engine/sources/source.h says.
//
// The queue between the two holds at most kTickQueueTicks ticks and kTickQueueBytes. A tick that comes too late is
// passed over, so that the media stay on the program's time; its picture still replaces an older one.
//
// One that is to stand still while hidden needs nothing for that: nobody pulls, the queue is full, the thread waits.
// Where it is to begin anew when it is shown, it goes back at once, so that its first pictures are there by then. One
// that is to be closed lets go of its files, keeps what is queued, and opens them again when it is shown.
#pragma once

#include <array>
#include <atomic>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

#include "engine/core/bounded_queue.h"
#include "engine/core/named_thread.h"
#include "engine/ffi/av/media_reader.h"
#include "engine/show/show.h"
#include "engine/sources/file_player.h"
#include "engine/sources/media_control.h"
#include "engine/sources/source.h"

namespace mainstay {

inline constexpr std::size_t kTickQueueTicks = 4;  // 12 MB of 1080p; the decoder holds as many again
inline constexpr std::int64_t kTickQueueBytes = std::int64_t{64} << 20;

template <>
struct QueueTraits<FileTick> {
  static std::int64_t bytes(const FileTick& tick) { return tick.video ? frame_bytes(*tick.video) : 0; }
  static Nanos time(const FileTick&) { return Nanos{0}; }
  static bool keyframe(const FileTick&) { return true; }
};

/// What is to be played from the next tick on.
struct MediaRequest {
  enum Kind { restart, next, previous, seek };
  Kind kind = restart;
  Nanos position{0};        ///< to seek
  std::int64_t number = 0;  ///< in the order asked
  FrameIndex frame = 0;     ///< the first that would come in time when it was asked
};

/// Makes ticks without a gap: frame 0, 1, 2, … Called on the source's thread, but for abort().
class TickMaker {
 public:
  virtual ~TickMaker() = default;
  /// Before open(). `trouble`: whom to tell that nothing can be played for now, and why; it tries again by itself.
  /// `wanted`: the first frame that would come in time by now.
  void serve(std::function<void(const std::string& why)> trouble, std::function<FrameIndex()> wanted) {
    trouble_ = std::move(trouble);
    wanted_ = std::move(wanted);
  }
  /// Called again, after a while, when it failed.
  virtual Status open() = 0;
  /// Errc::end after the last one; corrupt, io, cancelled.
  virtual Result<FileTick> next() = 0;
  /// Makes the call under way and every later one fail with Errc::cancelled. From any thread.
  virtual void abort() = 0;
  /// What is played, in words.
  virtual std::string summary() const = 0;
  virtual ffi::MediaFaults faults() const = 0;
  virtual bool can(MediaRequest::Kind kind) const = 0;
  /// The next tick is number `frame`, at least that of the last one and one more. Errors as next().
  virtual Status act(const MediaRequest& request, FrameIndex frame) = 0;
  /// Lets go of its files; reopen() comes next. What it says of itself stays.
  virtual void close() {}
  /// Goes on where it was, or from its beginning; the next tick is number `frame`. Errors as open().
  virtual Status reopen(bool from_beginning, FrameIndex frame) { return from_beginning ? act({}, frame) : Status{}; }

 protected:
  std::function<void(const std::string& why)> trouble_;
  std::function<FrameIndex()> wanted_;
};

class TickSource : public Source, public MediaControl {
 public:
  struct Options {
    show::WhenHidden when_hidden = show::WhenHidden::run;
    show::OnShow on_show = show::OnShow::go_on;
    std::size_t ahead = kTickQueueTicks;  ///< ticks that are decoded ahead
  };
  /// `what`: its name in messages.
  TickSource(SourceContext context, std::string what, std::unique_ptr<TickMaker> maker)
      : TickSource(std::move(context), std::move(what), std::move(maker), Options{}) {}
  TickSource(SourceContext context, std::string what, std::unique_ptr<TickMaker> maker, Options options);
  ~TickSource() override;

  void start() override;
  bool ready() const override;
  SourceOutput pull(FrameIndex frame, std::stop_token stop) override;
  SourceStatus status() const override;
  /// Of effect behind the ticks that are made already; also after the end. One that is paused goes on.
  Status act(SourceAction action) override;
  void pause(bool paused) override;
  void seek(Nanos position) override;
  Status previous() override;
  std::optional<MediaPlace> place() const override;
  void hide(bool hidden) override;
  /// Returns when it is open, or cannot be opened. Offline only, where nothing may depend on a thread's pace.
  void await_open();

  /// Pieces that were broken and passed over.
  ffi::MediaFaults faults() const;

 private:
  void run(std::stop_token stop);
  Status open(const std::stop_token& stop);
  void trouble(const std::string& why);
  void play(std::stop_token stop);
  bool goes_on(const std::stop_token& stop);
  bool turn(const std::stop_token& stop);
  void await_turn(const std::stop_token& stop);
  bool await_action(std::stop_token stop);
  std::optional<MediaRequest> asked();
  Status ask(MediaRequest::Kind kind, Nanos position = Nanos{0});
  bool stands() const;
  FrameIndex wanted() const;
  void finish(const Error& error);
  void note_faults();
  void set_state(SourceState state, std::string detail);
  std::optional<FileTick> take(FrameIndex frame, std::stop_token stop);
  SourceOutput stand_in(FrameIndex frame);
  SourceOutput stand_still(FrameIndex frame, const std::stop_token& stop);
  AudioBlockPtr fall(FrameIndex frame);
  AudioBlockPtr swing(AudioBlockPtr audio, int samples);

  const SourceContext context_;
  const std::string what_;
  const std::string subject_;
  const std::unique_ptr<TickMaker> maker_;
  const Options options_;
  BoundedQueue<FileTick> queue_;
  std::atomic<bool> finished_{false};   ///< the thread gives nothing more
  std::atomic<FrameIndex> pulled_{-1};  ///< the last one asked for
  std::int64_t faults_noted_ = 0;       // the thread's own
  FrameIndex next_frame_ = 0;           // the thread's own
  std::optional<FileTick> made_;        // the thread's own: not in the queue yet
  std::atomic<bool> turning_{false};    ///< from hide() until it is ready to go on
  std::atomic<bool> dead_{false};       ///< the thread is over
  std::atomic<bool> paused_{false};
  std::atomic<std::int64_t> sought_{0};  ///< the last request to seek: what was made before it is dropped
  std::int64_t done_ = 0;                // the thread's own: the last request

  mutable std::mutex mutex_;
  std::condition_variable_any action_asked_;
  std::optional<MediaRequest> action_;
  std::int64_t requests_ = 0;
  std::optional<MediaPlace> place_;
  bool opened_ = false;  ///< or could not be
  bool hidden_ = false;
  bool turn_asked_ = false;
  SourceStatus status_;
  ffi::MediaFaults faults_;
  SourceState end_state_ = SourceState::ended;
  std::string end_detail_;

  // pull()'s own. Its ticks are numbered without those at which it stood still.
  FrameIndex stood_ = 0;
  std::int64_t shown_request_ = 0;  ///< before which the last picture was made
  std::optional<FileTick> early_;
  std::shared_ptr<const PlayedItem> playing_;
  FramePtr last_picture_;
  FrameIndex missing_ = 0;                         ///< ticks in a row without their picture
  std::array<float, kMostChannels> last_level_{};  // of each channel
  int last_channels_ = 2;
  bool muted_ = false;  ///< the last tick was a stand-in: sound swings in again

  NamedThread thread_;  // last: the thread ends before what it uses
};

}  // namespace mainstay
