#include "engine/sources/ticker_source.h"

#include <cmath>
#include <utility>

#include "engine/show/paths.h"
#include "engine/sources/text_look.h"

namespace mainstay {

namespace {

std::string full_path(const std::string& path, const SourceContext& context) {
  return path.empty() ? path : show::expand_path(path, context.show_dir);
}

FramePtr window(const std::shared_ptr<const ffi::TextStrip>& strip, std::int64_t offset, int width) {
  auto frame = std::make_shared<Frame>();
  frame->format = PixelFormat::bgra;
  frame->width = width;
  frame->height = strip->height;
  frame->planes[0] = strip->pixels.get() + 4 * offset;
  frame->strides[0] = strip->stride;
  frame->range = ColorRange::full;
  frame->owner = strip->pixels;
  return frame;
}

}  // namespace

TickerSource::TickerSource(const show::TickerSource& config, SourceContext context)
    : context_(std::move(context)),
      config_(config),
      path_(full_path(config.path, context_)),
      width_(config.width > 0 ? config.width : context_.width),
      milli_speed_(std::llround(config.speed * 1000)),
      watch_(context_, path_, [this] { return load(); }) {}

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
  MAINSTAY_TRY(ffi::TextStrip strip,
               painter_->strip(joined_lines(text, config_.separator), config_.markup, look, config_.gap, width_));
  std::string note = strip.note;
  std::lock_guard lock(mutex_);
  strip_ = std::make_shared<const ffi::TextStrip>(std::move(strip));
  return note;
}

SourceOutput TickerSource::pull(FrameIndex frame, std::stop_token stop) {
  if (context_.clock.offline() && !watch_.tried()) watch_.wait_until_tried(std::move(stop));
  std::shared_ptr<const ffi::TextStrip> strip;
  {
    std::lock_guard lock(mutex_);
    strip = strip_;
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
  const std::int64_t offset = (at % strip->width + strip->width) % strip->width;
  if (strip != last_strip_ || offset != last_offset_) {
    last_ = window(strip, offset, width_);
    last_strip_ = std::move(strip);
    last_offset_ = offset;
  }
  return {last_, nullptr, false};
}

SourceStatus TickerSource::status() const {
  SourceStatus status = watch_.status();
  std::lock_guard lock(mutex_);
  status.frames = frames_;
  return status;
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
