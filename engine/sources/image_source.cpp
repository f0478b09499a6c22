#include "engine/sources/image_source.h"

#include <algorithm>
#include <utility>

#include "engine/show/paths.h"

namespace mainstay {

ImageSource::ImageSource(const show::ImageSource& config, SourceContext context)
    : context_(std::move(context)),
      path_(show::expand_path(config.path, context_.show_dir)),
      subject_("source " + context_.name) {}

void ImageSource::start() {
  thread_ = NamedThread("src/" + context_.name, [this](std::stop_token stop) { run(stop); });
}

bool ImageSource::ready() const {
  std::lock_guard lock(mutex_);
  return tried_once_;
}

void ImageSource::run(const std::stop_token& stop) {
  Nanos pause = kImageLook;
  do {
    look();
    {
      std::lock_guard lock(mutex_);
      pause = picture_ || !tried_once_ ? kImageLook : std::min(2 * pause, kImageLongestBackoff);
      if (!std::exchange(tried_once_, true)) first_try_.notify_all();
    }
  } while (context_.clock.wait_until(context_.clock.now() + pause, stop));
}

void ImageSource::look() {
  // Taken before the file is read: one that changes meanwhile has another mark at the next look.
  auto mark = mark_of(path_);
  if (!mark) {
    tried_.reset();
    return miss(mark.error());
  }
  if (tried_ == *mark) return;
  auto image = load_image(path_);
  // What the disk would not give may come at the next try; what is broken stays so until the file changes.
  const bool settled = image || (image.error().code != Errc::io && image.error().code != Errc::again);
  tried_ = settled ? std::optional(*mark) : std::nullopt;
  if (!image) return miss(image.error());
  take(std::move(*image));
}

void ImageSource::take(ffi::StillImage image) {
  context_.log.info(subject_, "{}: {}", path_, image.summary);
  trouble_.clear();
  std::lock_guard lock(mutex_);
  picture_ = std::move(image.frame);
  summary_ = std::move(image.summary);
  status_.state = SourceState::live;
  status_.detail = summary_;
  status_.retries = false;
}

void ImageSource::miss(const Error& error) {
  std::string reason = error.describe();
  if (reason == trouble_) return;
  trouble_ = std::move(reason);
  bool kept = false;
  {
    std::lock_guard lock(mutex_);
    kept = picture_ != nullptr;
    status_.state = kept ? SourceState::live : SourceState::failed;
    status_.detail = kept ? fmt::format("{}; the last good one stays: {}", summary_, trouble_) : trouble_;
    status_.retries = !kept;
  }
  if (kept) {
    context_.log.warning(subject_, "the last good picture stays: {}", trouble_);
  } else {
    context_.log.error(subject_, "{}", trouble_);
  }
}

SourceOutput ImageSource::pull(FrameIndex, std::stop_token stop) {
  std::unique_lock lock(mutex_);
  if (context_.clock.offline() && !tried_once_) {
    context_.clock.wait(lock, first_try_, std::move(stop), kNever, [this] { return tried_once_; });
  }
  if (picture_) ++status_.frames;
  return {picture_, nullptr, false};
}

SourceStatus ImageSource::status() const {
  std::lock_guard lock(mutex_);
  return status_;
}

}  // namespace mainstay
