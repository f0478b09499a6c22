#include "engine/package/publisher.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

namespace mainstay::package {

namespace {

constexpr Nanos kTellLosses = Seconds(30);  // between two of a place that is too slow for good
constexpr int kRemovals = 3;                // tries

std::string lost_text(std::int64_t files, const NumberRanges& segments) {
  if (segments.empty()) return fmt::format("{} files never got there", files);
  return fmt::format("{} files never got there, of segments {}", files, segments.text());
}

// What can be shown of where it goes: queries and paths may hold keys.
std::string shown(const PublishOptions& options) {
  if (!options.path.empty()) return options.path;
  const std::size_t host = options.url.find("://");
  const std::size_t slash = options.url.find('/', host == std::string::npos ? 0 : host + 3);
  std::string base = options.url.substr(0, slash);
  if (const std::size_t at = base.find('@'); at != std::string::npos && host != std::string::npos)
    base = base.substr(0, host + 3) + base.substr(at + 1);
  return base;
}

}  // namespace

Publisher::Publisher(int number, PublishOptions options, Services services, std::unique_ptr<PublishTarget> target)
    : options_(std::move(options)),
      services_(std::move(services)),
      who_("publish " + shown(options_)),
      target_(target ? std::move(target) : open_target(options_, services_.clock)),
      backoff_(services_.backoff, static_cast<std::uint64_t>(number)) {
  status_.where = shown(options_);
  thread_ = NamedThread("publish/" + std::to_string(number), [this](const std::stop_token& stop) { run(stop); });
}

Publisher::~Publisher() {
  thread_.stop();
}

void Publisher::wake() {
  {
    std::lock_guard lock(mutex_);
    ++news_;
  }
  changed_.notify_all();
}

void Publisher::settle(Nanos limit) {
  std::unique_lock lock(mutex_);
  const Instant until = services_.clock.offline() ? kNever : services_.clock.now() + limit;
  services_.clock.wait(lock, changed_, {}, until, [&] { return done_ == news_; });
}

PublishStatus Publisher::status() const {
  std::lock_guard lock(mutex_);
  return status_;
}

void Publisher::tell(std::string state, std::string detail, bool news) {
  PublishStatus status;
  {
    std::lock_guard lock(mutex_);
    if (status_.state == state && status_.detail == detail) return;
    news = news || status_.state != state;
    status_.state = std::move(state);
    status_.detail = std::move(detail);
    if (!news) return;
    status = status_;
  }
  if (status.detail.empty()) {
    services_.log.info(who_, "{}", status.state);
  } else {
    services_.log.warning(who_, "{}: {}", status.state, status.detail);
  }
  if (services_.changed) services_.changed(status);
}

// All that is listed is there. What never got there is told now, when it is known: at once after an outage, and of a
// place that is only too slow not with each segment.
void Publisher::tell_done() {
  const Instant now = services_.clock.now();
  const bool was_away = status().state != "live";
  const bool lately = lost_told_ && now - *lost_told_ < kTellLosses;
  if (lost_files_untold_ == 0 || (lately && !was_away)) {
    if (was_away || !lately) tell("live", {});
    return;
  }
  lost_told_ = now;
  tell("live", lost_text(std::exchange(lost_files_untold_, 0), std::exchange(lost_untold_, {})), true);
}

void Publisher::wait_for_news(Instant until, const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  services_.clock.wait(lock, changed_, stop, until, [&] { return done_ != news_; });
}

void Publisher::run(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    std::int64_t seen = 0;
    {
      std::lock_guard lock(mutex_);
      seen = news_;
    }
    const PublishViewPtr view = view_for(options_, services_.view());
    Status done = view ? sync(*view, stop) : Status{};
    if (!done && done.error().code == Errc::cancelled) return;
    was_away_ = !done;
    if (!done) tell("failed", done.error().describe());
    if (done && view) tell_done();
    {
      std::lock_guard lock(mutex_);
      done_ = seen;
    }
    changed_.notify_all();
    if (done) {
      backoff_.reset();
      wait_for_news(kNever, stop);
      continue;
    }
    const Instant again = services_.clock.now() + backoff_.next();
    std::unique_lock lock(mutex_);
    services_.clock.wait(lock, changed_, stop, again, [] { return false; });
  }
}

// What was to be there and never was, and is listed no longer. While a place is away or slow, segments come and go
// between two looks; those between the last look's newest and this one's oldest were never seen here.
void Publisher::count_lost(const PublishView& view) {
  std::map<std::string, Wanted> next;
  std::map<std::int64_t, std::int64_t> files_of;  // by segment
  for (const PublishView::File& file : view.media) {
    next[file.path] = {there_.contains(file.path), file.msn};
    if (file.msn >= 0) ++files_of[file.msn];
  }
  NumberRanges segments;
  std::int64_t files = 0;
  std::set<std::int64_t> lost;
  for (const auto& [path, wanted] : wanted_before_) {
    if (next.contains(path) || wanted.put) continue;
    ++files;
    if (wanted.msn >= 0) lost.insert(wanted.msn);
  }
  const auto add = [&](std::int64_t first, std::int64_t last) {
    for (NumberRanges* to : {&segments, &lost_untold_, &lost_ever_}) to->add(first, last);
  };
  for (const std::int64_t msn : lost) add(msn, msn);
  if (!files_of.empty()) {
    const auto [oldest, of_each] = *files_of.begin();
    if (newest_ && oldest > *newest_ + 1) {
      add(*newest_ + 1, oldest - 1);
      files += (oldest - 1 - *newest_) * of_each;
    }
    newest_ = files_of.rbegin()->first;
  }
  lost_files_untold_ += files;
  // A line an attempt, however long the place is away.
  if (files > 0) services_.log.warning(who_, "they left the playlists first: {}", lost_text(files, segments));
  for (const auto& [path, etag] : there_) {
    if (next.contains(path) || !wanted_before_.contains(path)) continue;
    gone_.push_back({path, services_.clock.now()});
  }
  wanted_before_ = std::move(next);
  std::lock_guard lock(mutex_);
  status_.lost += files;
  status_.lost_segments = lost_ever_.text();
  status_.queued =
      std::count_if(wanted_before_.begin(), wanted_before_.end(), [](const auto& w) { return !w.second.put; });
}

Status Publisher::put(const PublishView::File& file, const std::stop_token& stop) {
  const auto known = there_.find(file.path);
  if (known != there_.end() && known->second == file.item->etag) return {};
  MAINSTAY_CHECK(target_->put(file.path, file.item, stop));
  there_[file.path] = file.item->etag;
  if (const auto wanted = wanted_before_.find(file.path); wanted != wanted_before_.end()) wanted->second.put = true;
  std::lock_guard lock(mutex_);
  ++status_.files;
  status_.bytes += static_cast<std::int64_t>(file.item->bytes.size());
  status_.queued = std::max<std::int64_t>(0, status_.queued - 1);
  return {};
}

// A place that was away may come back without what it had: a new disk, or another machine behind the name. One file
// that it should have tells; receivers that only take files are not asked. One that does not answer that may take files
// all the same.
void Publisher::look_again(const PublishView& view, const std::stop_token& stop) {
  if (!was_away_ || is_flat(options_)) return;
  const auto oldest = std::find_if(view.media.begin(), view.media.end(), [&](const PublishView::File& file) {
    return file.msn >= 0 && there_.contains(file.path);
  });
  if (oldest == view.media.end()) return;
  if (const Result<bool> has = target_->has(oldest->path, stop); !has || *has) return;
  services_.log.warning(who_, "it came back without what it had: all that is listed goes there again");
  there_.clear();
}

Status Publisher::sync(const PublishView& view, const std::stop_token& stop) {
  look_again(view, stop);
  count_lost(view);
  const auto put_all = [&](const std::vector<PublishView::File>& files) -> Status {
    for (const PublishView::File& file : files) MAINSTAY_CHECK(put(file, stop));
    return {};
  };
  Status done = put_all(view.media);
  if (done) done = put_all(view.playlists);
  // On a disk that is full the only room there will be is that of what nobody needs any more.
  if (!done && (options_.path.empty() || done.error().code == Errc::cancelled)) return done;
  MAINSTAY_CHECK(remove_gone(view, stop));
  return done;
}

Status Publisher::remove_gone(const PublishView& view, const std::stop_token& stop) {
  const Instant before = services_.clock.now() - view.window;
  while (!gone_.empty() && gone_.front().since <= before) {
    const Gone gone = gone_.front();
    gone_.pop_front();
    // Ingests take files and remove them themselves.
    const bool remove = options_.remove && !is_flat(options_);
    const Status removed = remove ? target_->remove(gone.path, stop) : Status();
    if (!removed && removed.error().code == Errc::cancelled) return removed.error();
    if (removed || gone.tries + 1 >= kRemovals) {
      there_.erase(gone.path);
      continue;
    }
    // A file too many does no harm, and a server that forbids DELETE must not stop the stream.
    services_.log.debug(who_, "{}", removed.error().describe());
    gone_.push_back({gone.path, services_.clock.now(), gone.tries + 1});
  }
  return {};
}

}  // namespace mainstay::package
