#include "engine/sources/ticker_source.h"

#include <cmath>
#include <utility>

#include "engine/show/paths.h"
#include "engine/sources/resting.h"
#include "engine/sources/text_look.h"

namespace mainstay {

namespace {

std::string full_path(const std::string& path, const SourceContext& context) {
  return path.empty() ? path : show::expand_path(path, context.show_dir);
}

FramePtr frame_of(const ffi::TextStrip& strip) {
  auto frame = std::make_shared<Frame>();
  frame->format = PixelFormat::bgra;
  frame->width = strip.drawn;
  frame->height = strip.height;
  frame->planes[0] = strip.pixels.get();
  frame->strides[0] = strip.stride;
  frame->range = ColorRange::full;
  frame->owner = strip.pixels;
  return frame;
}

FramePtr window(const FramePtr& strip, int left, int width) {
  auto frame = std::make_shared<Frame>(*strip);
  frame->width = width;
  frame->planes[0] += 4 * left;
  frame->strip = strip;
  frame->strip_x = left;
  return frame;
}

}  // namespace

TickerSource::TickerSource(const show::TickerSource& config, SourceContext context)
    : context_(std::move(context)),
      config_(config),
      path_(full_path(config.path, context_)),
      width_(config.width > 0 ? config.width : context_.width),
      milli_speed_(std::llround(config.speed * 1000)),
      watch_(
          context_, path_, [this] { return load(); }, config.when_hidden != show::WhenHidden::run) {}

void TickerSource::start() {
  watch_.start();
}

bool TickerSource::ready() const {
  return watch_.tried();
}

Result<std::string> TickerSource::load() {
  if (!painter_) painter_ = std::make_unique<ffi::TextPainter>();
  MAINSTAY_TRY(const ffi::TextLook look, look_of(config_.style));
  MAINSTAY_TRY(const std::string text, path_.empty() ? Result<std::string>(config_.text) : read_text(path_));
  MAINSTAY_TRY(const ffi::TextStrip strip,
               painter_->strip(joined_lines(text, config_.separator), config_.markup, look, config_.gap, width_));
  std::lock_guard lock(mutex_);
  strip_ = frame_of(strip);
  round_ = strip.width;
  return strip.note;
}

SourceOutput TickerSource::pull(FrameIndex frame, std::stop_token stop) {
  if (context_.clock.offline() && !watch_.tried()) watch_.wait_until_tried(std::move(stop));
  FramePtr strip;
  int round = 0;
  {
    std::lock_guard lock(mutex_);
    strip = strip_;
    round = round_;
    if (strip) ++frames_;
  }
  if (!strip) return {};
  if (restart_.exchange(false)) {
    base_ = 0;
    base_frame_ = frame;
  }
  const Rate rate = context_.rate;
  const std::int64_t at = base_ + mul_div(frame - base_frame_, milli_speed_ * rate.den, std::int64_t{rate.num} * 1000);
  at_ = at;
  const int left = static_cast<int>((at % round + round) % round);
  if (!last_ || last_->strip != strip || last_->strip_x != left) last_ = window(strip, left, width_);
  return {last_, nullptr, false};
}

SourceStatus TickerSource::status() const {
  SourceStatus status = watch_.status();
  std::lock_guard lock(mutex_);
  status.frames = frames_;
  return hidden_ ? rests(std::move(status)) : status;
}

void TickerSource::hide(bool hidden) {
  if (config_.when_hidden == show::WhenHidden::run) return;
  const bool closes = config_.when_hidden == show::WhenHidden::close;
  {
    std::lock_guard lock(mutex_);
    hidden_ = hidden;
    if (hidden && closes) strip_ = nullptr;
  }
  if (hidden && closes) last_ = nullptr;
  if (hidden && config_.on_show == show::OnShow::restart) restart_ = true;
  watch_.rest(hidden, closes);
}

Status TickerSource::act(SourceAction action) {
  if (action != SourceAction::restart) return Source::act(action);
  restart_ = true;
  return {};
}

void TickerSource::take_over(const Source& before) {
  if (const auto* other = dynamic_cast<const TickerSource*>(&before)) base_ = other->at_;
}

}  // namespace mainstay
