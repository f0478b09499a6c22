// A source on the program clock: for each tick it gives one picture and exactly that tick's samples.
// Owned by the program.
// Thread-safety: pull() from the program thread only; everything else from any thread.
//
// Rules. pull() is called for consecutive frames from 0 on. It never waits for the source, except offline
// (clock.offline()), where it waits until the frame is there, so that nothing is lost. A source that has nothing gives
// its last picture (repeated = true) and silence over a 5 ms ramp; after `hold` the picture is null and the program
// shows its slate. Pictures are i420, limited range, upright; sound is 48 kHz in the
// source's own layout: mono, stereo or 5.1, and the mixer brings it to the program's.
#pragma once

#include <memory>
#include <optional>
#include <stop_token>
#include <string>

#include "engine/core/clock.h"
#include "engine/core/log.h"
#include "engine/core/result.h"
#include "engine/media/audio_block.h"
#include "engine/media/frame.h"

namespace mainstay {

enum class SourceState {
  opening,
  live,
  stalled,
  ended,
  failed,
  resting,  ///< nobody sees it, and it is set to stand still then
};

const char* to_string(SourceState state);

/// What a person does to a source that runs.
enum class SourceAction {
  restart,  ///< from its beginning
  next,     ///< on to the next item
};

const char* to_string(SourceAction action);

struct SourceOutput {
  FramePtr video;         ///< null: nothing to show
  AudioBlockPtr audio;    ///< null: silence
  bool repeated = false;  ///< a picture was due and not there: the last one stands in
};

struct SourceStatus {
  SourceState state = SourceState::opening;
  std::string detail;       ///< why it stalls or failed, in one line; otherwise what it is ("1920×1080 25 fps h264")
  std::string item;         ///< of several that are played in turn: the one that is shown
  std::string input;        ///< ingest: "main" or "backup", whichever is on air
  bool retries = false;     ///< failed, but tries again by itself
  std::int64_t frames = 0;  ///< given out
  /// By how much its sound is ahead of the picture it is shown with, on the sender's timeline; null: not both there.
  std::optional<Nanos> av_offset = {};
  std::int64_t repeated = 0;  ///< ticks without a picture that was due
  std::int64_t skipped = 0;   ///< pictures that came too late and were passed over
};

/// What every source is built with.
struct SourceContext {
  std::string name;
  Clock& clock;
  Log& log;
  Rate rate;  ///< the program's
  int width;  ///< the program's; generated pictures are made in this size
  int height;
  Nanos hold;
  std::string show_dir;  ///< relative paths are relative to this
};

class Source {
 public:
  virtual ~Source() = default;

  /// Starts to open and to pre-roll on threads of its own; returns at once.
  virtual void start() = 0;
  /// Ready for frame 0, ended or failed. The program waits for this (for a bounded time) before its first tick.
  virtual bool ready() const = 0;
  virtual SourceOutput pull(FrameIndex frame, std::stop_token stop) = 0;
  virtual SourceStatus status() const = 0;

  /// Of effect some ticks later; does not wait. Errc::unsupported: there is nothing to do so in this kind of source.
  virtual Status act(SourceAction action);
  /// Before start(): this one replaces `before`, whose settings were changed, and goes on where that one is.
  virtual void take_over(const Source& before) { (void)before; }
  /// From now on nobody sees or hears it, and it is not pulled until somebody does: then pull() goes on with the frame
  /// after the last, once it is ready() again. Only for one that was set to stand still (show::WhenHidden). Program
  /// thread; does not wait.
  virtual void hide(bool hidden) { (void)hidden; }
};

}  // namespace mainstay
