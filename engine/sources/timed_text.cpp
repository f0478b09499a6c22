#include "engine/sources/timed_text.h"

#include <algorithm>
#include <utility>

#include "engine/sources/text_look.h"

namespace mainstay {

namespace {

constexpr std::size_t kAhead = 3;  // pictures: the one that is shown and the next two

}  // namespace

TimedTextSource::TimedTextSource(SourceContext context, const show::TextStyle& style,
                                 Result<std::shared_ptr<const TimedText>> text)
    : context_(std::move(context)), style_(style), text_(std::move(text)) {
  layout_.even_digits = true;
}

TimedTextSource::~TimedTextSource() {
  thread_.stop();
}

void TimedTextSource::start() {
  thread_ = NamedThread("src/" + context_.name, [this](std::stop_token stop) { run(stop); });
}

bool TimedTextSource::ready() const {
  std::lock_guard lock(mutex_);
  return ready_;
}

bool TimedTextSource::covered(Nanos now) const {
  return std::any_of(painted_.begin(), painted_.end(),
                     [&](const Painted& each) { return each.line.from <= now && now < each.line.until; });
}

void TimedTextSource::fail(const Error& error) {
  context_.log.error("source " + context_.name, "{}", error.describe());
  std::lock_guard lock(mutex_);
  status_.state = SourceState::failed;
  status_.detail = error.describe();
  ready_ = true;
  changed_.notify_all();
}

void TimedTextSource::run(const std::stop_token& stop) {
  if (!text_) return fail(text_.error());
  const auto look = look_of(style_);
  if (!look) return fail(look.error());
  ffi::TextPainter painter;
  while (!stop.stop_requested()) {
    if (Status painted = paint_ahead(painter, *look); !painted) return fail(painted.error());
    std::unique_lock lock(mutex_);
    const Nanos now = (*text_)->now();
    // The last but one: when it is over, the next is wanted.
    const Nanos due = painted_.size() < kAhead ? Nanos::max() : painted_[painted_.size() - kAhead].line.until;
    const Instant deadline = due == Nanos::max() ? kNever : context_.clock.now() + std::max(Nanos{0}, due - now);
    context_.clock.wait(lock, changed_, stop, deadline, [&] { return look_again_; });
  }
}

Status TimedTextSource::paint_ahead(ffi::TextPainter& painter, const ffi::TextLook& look) {
  for (;;) {
    Nanos next{0};
    {
      std::lock_guard lock(mutex_);
      look_again_ = false;
      const Nanos now = (*text_)->now();
      if (!covered(now)) painted_.clear();
      while (!painted_.empty() && painted_.front().line.until <= now) painted_.pop_front();
      if (painted_.size() >= kAhead || (!painted_.empty() && painted_.back().line.until == Nanos::max())) return {};
      next = painted_.empty() ? now : painted_.back().line.until;
    }
    MAINSTAY_TRY(TimedLine line, (*text_)->at(next));
    MAINSTAY_TRY(ffi::PaintedText picture, painter.paint(line.text, look, layout_));
    layout_.min_width = std::max(layout_.min_width, picture.frame->width);
    layout_.min_height = std::max(layout_.min_height, picture.frame->height);
    std::lock_guard lock(mutex_);
    if (!painted_.empty() && painted_.back().line.until != line.from) continue;  // the timeline jumped meanwhile
    painted_.push_back({std::move(line), std::move(picture.frame)});
    if (!ready_) status_.detail = picture.note;
    status_.state = SourceState::live;
    ready_ = true;
    changed_.notify_all();
  }
}

FramePtr TimedTextSource::take(Nanos now) {
  for (const Painted& each : painted_) {
    if (each.line.from <= now && now < each.line.until) return each.picture;
  }
  return nullptr;
}

void TimedTextSource::look_again() {
  {
    std::lock_guard lock(mutex_);
    painted_.clear();
    look_again_ = true;
  }
  changed_.notify_all();
}

SourceOutput TimedTextSource::pull(FrameIndex, std::stop_token stop) {
  std::unique_lock lock(mutex_);
  if (status_.state == SourceState::failed || !text_) return {};
  const Nanos now = (*text_)->now();
  if (!covered(now)) {
    look_again_ = true;
    changed_.notify_all();
    if (context_.clock.offline())
      context_.clock.wait(lock, changed_, std::move(stop), kNever,
                          [&] { return covered(now) || status_.state == SourceState::failed; });
  }
  FramePtr picture = take(now);
  const bool repeated = !picture && shown_;
  if (picture) shown_ = std::move(picture);
  if (shown_) ++status_.frames;
  if (repeated) ++status_.repeated;
  return {shown_, nullptr, repeated};
}

SourceStatus TimedTextSource::status() const {
  std::lock_guard lock(mutex_);
  return status_;
}

// --- clock ----------------------------------------------------------------------------------------------------------

namespace {

class ClockText final : public TimedText {
 public:
  ClockText(Clock& clock, ffi::ZoneTime zone, std::string format)
      : clock_(clock), zone_(std::move(zone)), format_(std::move(format)) {}

  Nanos now() const override { return clock_.utc_now().time_since_epoch(); }
  Result<TimedLine> at(Nanos time) const override {
    const Nanos second = std::chrono::floor<Seconds>(time);
    MAINSTAY_TRY(std::string text, zone_.format(UtcInstant(second), format_));
    return TimedLine{std::move(text), second, second + Seconds(1)};
  }

 private:
  Clock& clock_;
  const ffi::ZoneTime zone_;
  const std::string format_;
};

Result<std::shared_ptr<const TimedText>> clock_text(const show::ClockSource& config, Clock& clock) {
  MAINSTAY_TRY(ffi::ZoneTime zone, ffi::ZoneTime::make(config.zone));
  return std::shared_ptr<const TimedText>(std::make_shared<ClockText>(clock, std::move(zone), config.format));
}

}  // namespace

ClockSource::ClockSource(const show::ClockSource& config, SourceContext context)
    : TimedTextSource(context, config.style, clock_text(config, context.clock)) {}

}  // namespace mainstay
