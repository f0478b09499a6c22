// What comes to the shelf from outside: look-ups, and requests that wait.
#include <algorithm>
#include <charconv>
#include <utility>

#include "engine/package/stream_shelf.h"
#include "engine/package/stream_shelf_internal.h"

namespace mainstay::package {

namespace {

constexpr int kWaitTargets = 3;   // RFC 8216bis 6.2.5.2
constexpr int kFirstTargets = 5;  // who asks as a stream begins: its first playlist comes after three segments

}  // namespace

std::vector<StreamShelf::Waiter> StreamShelf::take_waiters(const std::function<bool(const Waiter&)>& which) {
  std::vector<Waiter> taken;
  std::lock_guard lock(mutex_);
  const auto from = std::stable_partition(waiters_.begin(), waiters_.end(), [&](const Waiter& w) { return !which(w); });
  std::move(from, waiters_.end(), std::back_inserter(taken));
  waiters_.erase(from, waiters_.end());
  return taken;
}

void StreamShelf::expire() {
  const Instant now = clock_.now();
  for (Waiter& waiter : take_waiters([&](const Waiter& w) { return w.deadline <= now; }))
    waiter.answer({503, nullptr, "what was asked for did not come within three target durations"});
}

Instant StreamShelf::next_expiry() const {
  std::lock_guard lock(mutex_);
  Instant next = kNever;
  for (const Waiter& waiter : waiters_) next = std::min(next, waiter.deadline);
  return next;
}

PublishViewPtr StreamShelf::view() const {
  std::lock_guard lock(mutex_);
  return view_;
}

ShelfFigures StreamShelf::figures() const {
  std::lock_guard lock(mutex_);
  return figures_;
}

ItemPtr StreamShelf::find(std::string_view path) const {
  std::lock_guard lock(mutex_);
  const auto found = items_.find(path);
  return found == items_.end() ? nullptr : found->second;
}

Nanos StreamShelf::target_duration() const {
  std::lock_guard lock(mutex_);
  return Seconds(options_.target_duration_s);
}

Nanos StreamShelf::part_target() const {
  std::lock_guard lock(mutex_);
  return Micros(options_.part_target_us);
}

std::string StreamShelf::refusal(const Rendition& of, const Reload& directives) const {
  if (!directives.msn) return directives.part ? "_HLS_part needs _HLS_msn" : "";
  const std::int64_t last = of.progress.last_whole;
  if (*directives.msn > last + 2) return "_HLS_msn is more than two segments ahead";
  if (!directives.part || options_.part_target_us == 0 || *directives.msn <= last) return {};
  const auto open = of.progress.parts.find(*directives.msn);
  const std::int64_t last_part = open == of.progress.parts.end() ? -1 : open->second - 1;
  const std::int64_t limit = options_.part_target_us < kMicrosASecond
                                 ? mul_div(3, kMicrosASecond, options_.part_target_us, Rounding::up)
                                 : 3;  // Advance Part Limit
  return *directives.part - last_part > limit ? "_HLS_part is too far ahead" : std::string();
}

StreamShelf::Place StreamShelf::place_of(const Rendition& of, const Reload& directives) const {
  if (!directives.msn) return Place::there;
  const Progress& progress = of.progress;
  if (*directives.msn < progress.last_whole) return Place::there;
  const bool by_part = directives.part && options_.part_target_us > 0;
  if (!by_part) return *directives.msn <= progress.last_whole ? Place::there : Place::waits;
  std::int64_t msn = *directives.msn;
  std::int64_t part = *directives.part;
  const auto parts_of = [&](std::int64_t of_segment) {
    const auto found = progress.parts.find(of_segment);
    return found == progress.parts.end() ? std::int64_t{0} : found->second;
  };
  // A part past the end of its segment stands for the first one of the next.
  if (msn == progress.last_whole && part >= parts_of(msn)) {
    ++msn;
    part = 0;
  }
  return msn <= progress.last_whole || part < parts_of(msn) ? Place::there : Place::waits;
}

// Under the mutex.
bool StreamShelf::is_there(const Waiter& waiter) const {
  if (ended_) return true;
  const RenditionPtr& of = waiter.rendition ? waiter.rendition : waiter.follows;
  if (of && of->gone) return true;
  if (waiter.rendition != nullptr) return place_of(*waiter.rendition, waiter.directives) == Place::there;
  if (waiter.follows == nullptr) return items_.contains(waiter.path);
  const Progress& progress = waiter.follows->progress;
  const auto parts = progress.parts.find(waiter.msn);
  return waiter.msn <= progress.last_whole || (parts != progress.parts.end() && waiter.part < parts->second);
}

// Under the mutex: who asks for a part of the segment that is open, or will be next.
std::optional<StreamShelf::Waiter> StreamShelf::follower(std::string_view path, std::size_t index) const {
  constexpr std::string_view kEnd = ".m4s";
  const std::size_t slash = path.rfind("/s");
  if (slash == std::string_view::npos || !path.ends_with(kEnd) || options_.part_target_us == 0) return std::nullopt;
  const std::string_view number = path.substr(slash + 2, path.size() - slash - 2 - kEnd.size());
  std::int64_t msn = 0;
  const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), msn);
  if (error != std::errc() || end != number.data() + number.size()) return std::nullopt;
  const std::string name(path.substr(0, slash));
  const auto playlist = playlists_.find(name + "/" + kMultivariant);
  if (playlist == playlists_.end()) return std::nullopt;
  const Progress& progress = playlist->second->progress;
  const bool known =
      progress.parts.contains(msn) || msn == progress.last_whole + 1 || (!ended_ && msn == progress.last_whole + 2);
  if (!known) return std::nullopt;
  Waiter waiter{name + "/" + part_uri(msn, static_cast<std::int64_t>(index)), nullptr, {}, kNever, {}};
  waiter.follows = playlist->second;
  waiter.msn = msn;
  waiter.part = static_cast<std::int64_t>(index);
  return waiter;
}

void StreamShelf::follow(std::string_view path, std::size_t index, std::function<void(Answer)> answer) {
  std::optional<Waiter> waiter;
  bool waits = false;
  {
    std::lock_guard lock(mutex_);
    waiter = follower(path, index);
    if (waiter) {
      waiter->answer = std::move(answer);
      waits = !is_there(*waiter);
    }
    if (waits) {
      waiter->deadline = clock_.now() + kWaitTargets * Seconds(options_.target_duration_s);
      waiters_.push_back(*std::move(waiter));
    }
  }
  if (waits) return;
  if (!waiter) return answer({404, nullptr, "there is no such resource"});
  waiter->answer(answer_now(*waiter));
}

Answer StreamShelf::answer_now(const Waiter& waiter) const {
  std::lock_guard lock(mutex_);
  if (waiter.follows != nullptr && !waiter.follows->gone) {
    if (const auto found = items_.find(waiter.path); found != items_.end()) return {200, found->second, {}};
    const Progress& progress = waiter.follows->progress;
    const auto parts = progress.parts.find(waiter.msn);
    if (parts != progress.parts.end() && waiter.part < parts->second) return {200, nullptr, {}};
    if (waiter.msn <= progress.last_whole && parts != progress.parts.end()) return {204, nullptr, {}};
    return {404, nullptr, "it did not come"};
  }
  if (!waiter.rendition || waiter.rendition->gone || !waiter.rendition->progress.full) {
    const auto found = items_.find(waiter.path);
    if (found == items_.end()) return {404, nullptr, "there is no such resource"};
    return {200, found->second, {}};
  }
  const Progress& progress = waiter.rendition->progress;
  const bool delta = waiter.directives.skip != Reload::Skip::no && !ended_;
  return {200, delta ? progress.delta : progress.full, {}};
}

// A playlist that there will be as soon as it has enough to list. Before the first set_up() nobody knows which.
bool StreamShelf::is_awaited(std::string_view path) const {
  if (figures_.ready) return false;
  if (renditions_.empty()) return path.ends_with(kMultivariant);
  return path == kMultivariant || std::any_of(renditions_.begin(), renditions_.end(), [&](const auto& one) {
           return path == path_of(*one.second, kMultivariant);
         });
}

void StreamShelf::reload(std::string_view path, const Reload& directives, std::function<void(Answer)> answer) {
  Waiter waiter{std::string(path), nullptr, directives, kNever, std::move(answer)};
  std::string why;
  bool waits = false;
  bool reads = false;
  int targets = kWaitTargets;
  {
    std::lock_guard lock(mutex_);
    const auto playlist = playlists_.find(path);
    if (playlist != playlists_.end()) {
      waiter.rendition = playlist->second;
      if (!ended_) why = refusal(*waiter.rendition, directives);
      waits = !ended_ && why.empty() && place_of(*waiter.rendition, directives) == Place::waits;
    } else if (!items_.contains(path)) {
      const bool is_stored = stored_.contains(path);
      reads =
          is_stored && std::none_of(waiters_.begin(), waiters_.end(), [&](const Waiter& w) { return w.path == path; });
      const bool is_first = !ended_ && is_awaited(path);
      if (is_first) targets = kFirstTargets;
      waits = is_stored || is_first || (!ended_ && is_hinted(path));
    }
    if (waits) {
      waiter.deadline = clock_.now() + targets * Seconds(options_.target_duration_s);
      waiters_.push_back(std::move(waiter));
    }
  }
  if (reads) read_stored(std::string(path));
  if (waits) return;
  if (!why.empty()) return waiter.answer({400, nullptr, std::move(why)});
  waiter.answer(answer_now(waiter));
}

bool StreamShelf::is_hinted(std::string_view path) const {
  return std::any_of(playlists_.begin(), playlists_.end(),
                     [&](const auto& one) { return one.second->progress.hint == path; });
}

}  // namespace mainstay::package
