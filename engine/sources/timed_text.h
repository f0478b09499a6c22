// Text that follows a time: clock and countdown. Each text is painted before it is due, on a thread of the source, and
// shown from the first frame that begins when it is due; pull() only picks.
// Owned by the program.
// Thread-safety: as engine/sources/source.h says.
//
// A timeline is nanoseconds of whatever the text follows: UTC for a clock. When it jumps (UTC is set) nothing painted
// fits: the last picture stays until the right one is there, which is a tick or two.
#pragma once

#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <string>

#include "engine/core/named_thread.h"
#include "engine/ffi/pango/text_painter.h"
#include "engine/ffi/pango/zone_time.h"
#include "engine/show/show.h"
#include "engine/sources/source.h"

namespace mainstay {

/// What stands there at some point of a timeline, and when something else does.
struct TimedLine {
  std::string text;
  Nanos from{0};
  Nanos until = Nanos::max();  ///< of the timeline
};

class TimedText {
 public:
  virtual ~TimedText() = default;
  /// The present on its timeline. From any thread.
  virtual Nanos now() const = 0;
  virtual Result<TimedLine> at(Nanos time) const = 0;
};

class TimedTextSource : public Source {
 public:
  TimedTextSource(SourceContext context, const show::TextStyle& style, Result<std::shared_ptr<const TimedText>> text);
  ~TimedTextSource() override;

  void start() override;
  bool ready() const override;
  SourceOutput pull(FrameIndex frame, std::stop_token stop) override;
  SourceStatus status() const override;

 protected:
  /// The timeline was moved.
  void look_again();

 private:
  struct Painted {
    TimedLine line;
    FramePtr picture;
  };

  void run(const std::stop_token& stop);
  Status paint_ahead(ffi::TextPainter& painter, const ffi::TextLook& look);
  /// The picture for this time; null when none is there. Forgets those before it.
  FramePtr take(Nanos now);
  bool covered(Nanos now) const;
  void fail(const Error& error);

  const SourceContext context_;
  const show::TextStyle style_;
  const Result<std::shared_ptr<const TimedText>> text_;
  ffi::TextLayout layout_;  // the thread's: its smallest size grows, so that nothing trembles

  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  std::deque<Painted> painted_;
  FramePtr shown_;
  SourceStatus status_;
  bool ready_ = false;
  bool look_again_ = false;

  NamedThread thread_;  // last: the thread ends before what it uses
};

class ClockSource final : public TimedTextSource {
 public:
  ClockSource(const show::ClockSource& config, SourceContext context);
};

/// Since when a countdown of a length runs; handed on to the one that replaces it.
struct CountdownState;

class CountdownSource final : public TimedTextSource {
 public:
  CountdownSource(const show::CountdownSource& config, SourceContext context);

  /// restart: begins now, from its whole length.
  Status act(SourceAction action) override;
  /// Goes on from where `before` is, when both are of a length.
  void take_over(const Source& before) override;

 private:
  CountdownSource(const show::CountdownSource& config, SourceContext context, std::shared_ptr<CountdownState> state);

  Clock& clock_;
  const bool of_length_;
  std::shared_ptr<CountdownState> state_;
};

/// "01:30:00": `left` in units as `format` names them (docs/show.md), rounded up to the smallest of these, which is
/// returned through `unit`.
std::string countdown_text(Nanos left, const std::string& format, Nanos* unit = nullptr);

}  // namespace mainstay
