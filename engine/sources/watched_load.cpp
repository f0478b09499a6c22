#include "engine/sources/watched_load.h"

#include <algorithm>
#include <utility>

namespace mainstay {

WatchedLoad::WatchedLoad(const SourceContext& context, std::string path, Load load, bool may_rest)
    : clock_(context.clock),
      log_(context.log),
      name_(context.name),
      subject_("source " + context.name),
      path_(std::move(path)),
      load_(std::move(load)),
      may_rest_(may_rest) {}

void WatchedLoad::start() {
  thread_ = NamedThread("src/" + name_, [this](std::stop_token stop) { run(stop); });
}

bool WatchedLoad::tried() const {
  std::lock_guard lock(mutex_);
  return tried_once_;
}

void WatchedLoad::wait_until_tried(std::stop_token stop) const {
  std::unique_lock lock(mutex_);
  clock_.wait(lock, first_try_, std::move(stop), kNever, [this] { return tried_once_; });
}

SourceStatus WatchedLoad::status() const {
  std::lock_guard lock(mutex_);
  return status_;
}

void WatchedLoad::rest(bool resting, bool let_go) {
  {
    std::lock_guard lock(mutex_);
    resting_ = resting;
    if (resting && let_go) {
      forget_ = true;
      tried_once_ = false;
    }
  }
  rest_changed_.notify_all();
}

void WatchedLoad::run(const std::stop_token& stop) {
  Nanos pause = kWatchLook;
  for (;;) {
    look();
    std::unique_lock lock(mutex_);
    pause = good_ || !tried_once_ ? kWatchLook : std::min(2 * pause, kWatchLongestBackoff);
    if (!forget_ && !std::exchange(tried_once_, true)) first_try_.notify_all();
    if (path_.empty() && !may_rest_) return;
    const Instant next = path_.empty() ? kNever : clock_.now() + pause;
    clock_.wait(lock, rest_changed_, stop, next, [this] { return resting_ || forget_; });
    clock_.wait(lock, rest_changed_, stop, kNever, [this] { return !resting_; });
    if (stop.stop_requested()) return;
    if (std::exchange(forget_, false)) tried_.reset();
  }
}

void WatchedLoad::look() {
  bool settled = false;
  if (path_.empty()) return try_to_load(settled);
  // Taken before the file is read: one that changes meanwhile has another mark at the next look.
  auto mark = mark_of(path_);
  if (!mark) {
    tried_.reset();
    return miss(mark.error());
  }
  if (tried_ == *mark) return;
  try_to_load(settled);
  tried_ = settled ? std::optional(*mark) : std::nullopt;
}

void WatchedLoad::try_to_load(bool& settled) {
  auto summary = load_();
  // What the disk would not give may come at the next try; what is broken stays so until the file changes.
  settled = summary || (summary.error().code != Errc::io && summary.error().code != Errc::again);
  if (!summary) return miss(summary.error());
  log_.info(subject_, "{}{}{}", path_, path_.empty() ? "" : ": ", *summary);
  trouble_.clear();
  std::lock_guard lock(mutex_);
  good_ = true;
  summary_ = std::move(*summary);
  status_.state = SourceState::live;
  status_.detail = summary_;
  status_.retries = false;
}

void WatchedLoad::miss(const Error& error) {
  std::string reason = error.describe();
  if (reason == trouble_) return;
  trouble_ = std::move(reason);
  bool kept = false;
  {
    std::lock_guard lock(mutex_);
    kept = good_;
    status_.state = kept ? SourceState::live : SourceState::failed;
    status_.detail = kept ? fmt::format("{}; the last good one stays: {}", summary_, trouble_) : trouble_;
    status_.retries = !kept && !path_.empty();
  }
  if (kept) {
    log_.warning(subject_, "the last good picture stays: {}", trouble_);
  } else {
    log_.error(subject_, "{}", trouble_);
  }
}

}  // namespace mainstay
