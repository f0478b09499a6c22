#include "engine/package/publisher.h"

#include <algorithm>
#include <set>
#include <utility>

namespace mainstay::package {

namespace {

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

// A receiver of one rendition gets the first one's files, without its folder.
PublishView flat(const PublishView& view) {
  PublishView out;
  out.window = view.window;
  out.ended = view.ended;
  if (view.playlists.empty()) return out;
  const std::string folder = view.playlists.front().path.substr(0, view.playlists.front().path.find('/') + 1);
  const auto take = [&](const std::vector<PublishView::File>& from, std::vector<PublishView::File>& to) {
    for (const PublishView::File& file : from) {
      if (file.path.starts_with(folder)) to.push_back({file.path.substr(folder.size()), file.item});
    }
  };
  take(view.media, out.media);
  out.playlists.push_back({view.playlists.front().path.substr(folder.size()), view.playlists.front().item});
  return out;
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

void Publisher::tell(std::string state, std::string detail) {
  PublishStatus status;
  {
    std::lock_guard lock(mutex_);
    if (status_.state == state && status_.detail == detail) return;
    const bool new_state = status_.state != state;
    status_.state = std::move(state);
    status_.detail = std::move(detail);
    if (!new_state) return;
    status = status_;
  }
  if (status.state == "failed") {
    services_.log.warning(who_, "{}", status.detail);
  } else {
    services_.log.info(who_, "{}", status.state);
  }
  if (services_.changed) services_.changed(status);
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
    PublishViewPtr view = services_.view();
    if (view && is_flat(options_)) view = std::make_shared<const PublishView>(flat(*view));
    Status done = view ? sync(*view, stop) : Status{};
    if (!done && done.error().code == Errc::cancelled) return;
    {
      std::lock_guard lock(mutex_);
      done_ = seen;
    }
    changed_.notify_all();
    if (done) {
      backoff_.reset();
      if (view) tell("live", {});
      wait_for_news(kNever, stop);
      continue;
    }
    tell("failed", done.error().describe());
    const Instant again = services_.clock.now() + backoff_.next();
    std::unique_lock lock(mutex_);
    services_.clock.wait(lock, changed_, stop, again, [] { return false; });
  }
}

// What was to be there and never was, and is listed no longer.
void Publisher::count_lost(const PublishView& view) {
  std::set<std::string> wanted;
  for (const PublishView::File& file : view.media) wanted.insert(file.path);
  std::vector<std::string> lost;
  for (const auto& [path, put] : wanted_before_) {
    if (!wanted.contains(path) && !put) lost.push_back(path);
  }
  // A line an attempt, however long the place is away.
  if (!lost.empty()) {
    services_.log.warning(who_,
                          "lost, because they left the playlist before they could be put there: {} files, {} to {}",
                          lost.size(), lost.front(), lost.back());
  }
  for (const auto& [path, etag] : there_) {
    if (wanted.contains(path) || !wanted_before_.contains(path)) continue;
    gone_.push_back({path, services_.clock.now()});
  }
  std::map<std::string, bool> next;
  for (const std::string& path : wanted) next[path] = there_.contains(path);
  wanted_before_ = std::move(next);
  std::lock_guard lock(mutex_);
  status_.lost += static_cast<std::int64_t>(lost.size());
}

Status Publisher::put(const PublishView::File& file, const std::stop_token& stop) {
  const auto known = there_.find(file.path);
  if (known != there_.end() && known->second == file.item->etag) return {};
  MAINSTAY_CHECK(target_->put(file.path, file.item, stop));
  there_[file.path] = file.item->etag;
  if (const auto wanted = wanted_before_.find(file.path); wanted != wanted_before_.end()) wanted->second = true;
  std::lock_guard lock(mutex_);
  ++status_.files;
  status_.bytes += static_cast<std::int64_t>(file.item->bytes.size());
  status_.queued = std::max<std::int64_t>(0, status_.queued - 1);
  return {};
}

Status Publisher::sync(const PublishView& view, const std::stop_token& stop) {
  count_lost(view);
  {
    std::lock_guard lock(mutex_);
    status_.queued =
        std::count_if(wanted_before_.begin(), wanted_before_.end(), [](const auto& w) { return !w.second; });
  }
  for (const PublishView::File& file : view.media) MAINSTAY_CHECK(put(file, stop));
  for (const PublishView::File& file : view.playlists) MAINSTAY_CHECK(put(file, stop));
  return remove_gone(view, stop);
}

Status Publisher::remove_gone(const PublishView& view, const std::stop_token& stop) {
  const Instant before = services_.clock.now() - view.window;
  while (!gone_.empty() && gone_.front().since <= before) {
    const std::string path = gone_.front().path;
    gone_.pop_front();
    there_.erase(path);
    if (!options_.remove) continue;
    const Status removed = target_->remove(path, stop);
    if (!removed && removed.error().code == Errc::cancelled) return removed.error();
    // A file too many does no harm, and a server that forbids DELETE must not stop the stream.
    if (!removed) services_.log.debug(who_, "{}", removed.error().describe());
  }
  return {};
}

}  // namespace mainstay::package
