#include "engine/sources/slideshow_source.h"

#include <algorithm>
#include <utility>

#include "engine/show/paths.h"
#include "engine/sources/resting.h"

namespace mainstay {

SlideshowSource::SlideshowSource(const show::SlideshowSource& config, SourceContext context)
    : context_(std::move(context)), config_(config), lasts_(context_.rate.frames_in(config.each)) {}

void SlideshowSource::start() {
  thread_ = NamedThread("src/" + context_.name, [this](std::stop_token stop) { run(stop); });
}

bool SlideshowSource::ready() const {
  std::lock_guard lock(mutex_);
  return ready_;
}

const SlideshowSource::Slide* SlideshowSource::loaded(std::int64_t number) const {
  const auto found =
      std::find_if(slides_.begin(), slides_.end(), [&](const Slide& each) { return each.number == number; });
  return found == slides_.end() ? nullptr : &*found;
}

SlideshowSource::Slide SlideshowSource::load(std::int64_t number) const {
  Slide slide;
  slide.number = number;
  const std::string& given = config_.paths[index(number)];
  slide.path = show::expand_path(given, context_.show_dir);
  const std::string place = fmt::format("{}/{} {}", index(number) + 1, config_.paths.size(), file_name(given));
  if (auto mark = mark_of(slide.path)) {
    slide.mark = *mark;
    // A list of one, or the same picture twice: what is there already.
    for (const Slide& other : slides_) {
      if (!other.picture || other.path != slide.path || !(other.mark == slide.mark)) continue;
      slide.picture = other.picture;
      slide.detail = other.detail;
      return slide;
    }
  }
  auto image = load_image(slide.path);
  if (!image) {
    slide.detail = image.error().describe();
    context_.log.warning("source " + context_.name, "slide {} is passed over: {}", place, slide.detail);
    return slide;
  }
  slide.picture = std::move(image->frame);
  slide.detail = fmt::format("{}: {}", place, image->summary);
  return slide;
}

std::int64_t SlideshowSource::missing() const {
  if (closed_) return -1;
  const bool last = !config_.loop && wanted_ + 1 >= static_cast<std::int64_t>(config_.paths.size());
  if (!loaded(wanted_)) return wanted_;
  return !last && !loaded(wanted_ + 1) ? wanted_ + 1 : -1;
}

void SlideshowSource::run(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    std::int64_t number = -1;
    {
      std::unique_lock lock(mutex_);
      const auto kept = [this] {
        return std::any_of(slides_.begin(), slides_.end(), [](const Slide& slide) { return slide.number >= 0; });
      };
      context_.clock.wait(lock, changed_, stop, kNever, [&] { return missing() >= 0 || (closed_ && kept()); });
      number = missing();
      if (closed_) slides_ = {};  // only this thread writes them
      if (number < 0 && !stop.stop_requested()) continue;
      if (number < 0) return;
    }
    Slide slide = load(number);
    std::lock_guard lock(mutex_);
    if (closed_) continue;
    const auto needed = [&](const Slide& each) { return each.number == wanted_ || each.number == wanted_ + 1; };
    slides_[slides_[0].number == wanted_ || (needed(slides_[0]) && !needed(slides_[1])) ? 1 : 0] = std::move(slide);
    ready_ = ready_ || loaded(wanted_) != nullptr;  // it may be one that was wanted before
    changed_.notify_all();
  }
}

// The slide that is due at this frame; takes in what was asked for.
std::int64_t SlideshowSource::place(FrameIndex frame) {
  const std::int64_t count = static_cast<std::int64_t>(config_.paths.size());
  std::int64_t number = (frame - base_) / lasts_;
  if (const auto action = std::exchange(action_, std::nullopt)) {
    // In a loop the next number that is the first of the list.
    const bool ended = !config_.loop && number >= count - 1;
    if (*action == SourceAction::restart) number = config_.loop ? (number / count + 1) * count : 0;
    if (*action == SourceAction::next && !ended) ++number;
    base_ = frame - number * lasts_;
  }
  return config_.loop ? number : std::min(number, count - 1);
}

SourceOutput SlideshowSource::pull(FrameIndex frame, std::stop_token stop) {
  std::unique_lock lock(mutex_);
  frame_ = frame + 1;
  const std::int64_t number = place(frame);
  if (number != wanted_) {
    wanted_ = number;
    changed_.notify_all();
  }
  if (context_.clock.offline())
    context_.clock.wait(lock, changed_, std::move(stop), kNever, [&] { return loaded(number) != nullptr; });
  const Slide* slide = loaded(number);
  if (slide != nullptr && shown_number_ != number) {
    shown_number_ = number;
    if (slide->picture) shown_ = slide->picture;
    if (!shown_) status_.state = SourceState::failed;
    status_.retries = !shown_ && config_.loop;
    status_.item = file_name(slide->path);
    status_.detail = slide->detail;
  }
  const bool over = !config_.loop && frame - base_ >= lasts_ * static_cast<FrameIndex>(config_.paths.size());
  if (shown_) {
    ++status_.frames;
    status_.state = over ? SourceState::ended : SourceState::live;
  }
  const bool repeated = slide == nullptr && shown_ != nullptr;
  if (repeated) ++status_.repeated;
  return {shown_, nullptr, repeated};
}

SourceStatus SlideshowSource::status() const {
  std::lock_guard lock(mutex_);
  return hidden_ ? rests(status_) : status_;
}

void SlideshowSource::hide(bool hidden) {
  if (config_.when_hidden == show::WhenHidden::run) return;
  {
    std::lock_guard lock(mutex_);
    hidden_ = hidden;
    closed_ = hidden && config_.when_hidden == show::WhenHidden::close;
    if (hidden && config_.on_show == show::OnShow::restart) {
      // Back at once, so that its first picture is there by then.
      action_ = SourceAction::restart;
      wanted_ = place(frame_);
    }
    if (closed_) {
      shown_ = nullptr;
      shown_number_ = -1;
      ready_ = false;
    } else if (!hidden) {
      ready_ = loaded(wanted_) != nullptr;
    }
  }
  changed_.notify_all();
}

Status SlideshowSource::act(SourceAction action) {
  std::lock_guard lock(mutex_);
  action_ = action;
  return {};
}

}  // namespace mainstay
