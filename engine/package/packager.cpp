#include "engine/package/packager.h"

#include <algorithm>
#include <exception>
#include <utility>

namespace mainstay::package {

namespace {

constexpr Nanos kLook = Millis(100);
constexpr Nanos kDrain = Seconds(1);
constexpr Nanos kDisk = Seconds(2);        // to read a small file at the start
constexpr Nanos kLastFiles = Millis(700);  // for publishers, at the end
constexpr const char* kWho = "hls";

}  // namespace

const char* to_string(PackagerState state) {
  switch (state) {
    case PackagerState::waiting:
      return "waiting";
    case PackagerState::live:
      return "live";
    case PackagerState::ended:
      break;
  }
  return "ended";
}

Packager::Packager(PackagerOptions options, std::unique_ptr<PacketFeed> feed, Services services, Listener listener)
    : options_(std::move(options)),
      services_(std::move(services)),
      listener_(std::move(listener)),
      feed_(std::move(feed)),
      shelf_(std::make_shared<StreamShelf>(services_.clock)) {
  thread_ = NamedThread("package", [this](const std::stop_token& stop) { run(stop); });
}

Packager::~Packager() {
  thread_.stop();
}

void Packager::stop() {
  thread_.request_stop();
}

void Packager::use(AssemblyOptions assembly, std::vector<PublishOptions> publish) {
  std::lock_guard lock(mutex_);
  wanted_.emplace(std::move(assembly), std::move(publish));
}

PackagerStatus Packager::status() const {
  PackagerStatus status;
  std::vector<std::shared_ptr<Publisher>> publishers;
  {
    std::lock_guard lock(mutex_);
    status = status_;
    publishers = publishers_;
  }
  for (const auto& publisher : publishers) status.publish.push_back(publisher->status());
  return status;
}

void Packager::set(PackagerState state, std::optional<std::string> detail) {
  PackagerStatus status;
  {
    std::lock_guard lock(mutex_);
    const bool news = status_.state != state || (detail && status_.detail != *detail);
    if (!news) return;
    status_.state = state;
    if (detail) status_.detail = std::move(*detail);
    status = status_;
  }
  if (listener_) listener_(status);
}

std::optional<Numbering> Packager::read_numbers() {
  if (options_.store.empty()) return std::nullopt;
  disk_ = std::make_unique<DiskWorker>(services_.clock, "package/disk");
  auto found = std::make_shared<std::optional<Numbering>>();
  const Status read = disk_->run(
      [folder = options_.store, stream = options_.stream, found]() -> Status {
        MAINSTAY_TRY(*found, read_numbering(folder, stream));
        return {};
      },
      kDisk);
  if (read) return *found;
  services_.log.warning(kWho, "{}", read.error().describe());
  return std::nullopt;
}

void Packager::open_store() {
  if (!disk_ || options_.assembly.dvr_s <= options_.assembly.window_s) return;
  const std::string folder = options_.store + "/" + options_.stream;
  auto left = std::make_shared<std::vector<KeptSegment>>();
  const Status loaded = disk_->run(
      [folder, left]() -> Status {
        *left = SegmentStore::load(folder);
        return {};
      },
      kDisk);
  if (!loaded) services_.log.warning(kWho, "{}", loaded.error().describe());
  store_ = std::make_shared<SegmentStore>(folder);
  shelf_->use_store(store_, loaded ? *left : std::vector<KeptSegment>());
}

// Not waited for: the next numbers wait for the disk, if it hangs, and then it is they that count.
void Packager::keep_numbers(const Numbering& numbering) {
  if (!disk_) return;
  const Status wrote = disk_->run([folder = options_.store, stream = options_.stream,
                                   numbering] { return write_numbering(folder, stream, numbering); },
                                  Millis(50));
  if (!wrote && wrote.error().code == Errc::again) return;
  std::string trouble = wrote ? std::string() : wrote.error().describe();
  if (!trouble.empty() && numbers_trouble_.empty())
    services_.log.warning(kWho, "{}: numbers of segments may not go on after a restart", trouble);
  // On a disk that is full they fit now and then: that is no news before segments fit too.
  if (!trouble.empty() || store_trouble_.empty()) numbers_trouble_ = std::move(trouble);
  tell_trouble();
}

void Packager::tell_trouble() {
  const bool both = !numbers_trouble_.empty() && !store_trouble_.empty();
  set(status().state, numbers_trouble_ + (both ? "; " : "") + store_trouble_);
}

void Packager::run(const std::stop_token& stop) {
  try {
    const std::optional<Numbering> before = read_numbers();
    Assembly assembly(options_.assembly, {services_.clock, services_.log, services_.due}, shelf_, before);
    open_store();
    set_publishers(options_.publish);
    pump(assembly, stop);
    assembly.finish();
    note_progress(assembly);
  } catch (const std::exception& e) {
    // Out of memory, or a library's own: the legs go on without.
    services_.log.error(kWho, "packaging broke inside a library: {}", e.what());
    shelf_->finish();
  }
  feed_->close();
  wake_publishers();
  const Instant until = services_.clock.now() + kLastFiles;
  for (const auto& publisher : publishers_) publisher->settle(std::max(Nanos{0}, until - services_.clock.now()));
  for (const auto& publisher : publishers_) publisher->stop();
  set(PackagerState::ended, {});
}

void Packager::pump(Assembly& assembly, const std::stop_token& stop) {
  // What is queued at the stop is still packaged.
  const std::stop_callback close(stop, [this] { feed_->close(); });
  Instant drain_until = kNever;
  while (true) {
    take_orders(assembly);
    const Instant now = services_.clock.now();
    if (drain_until == kNever && stop.stop_requested() && !services_.clock.offline()) drain_until = now + kDrain;
    if (now >= drain_until) return;
    auto packet = feed_->pop({}, std::min(now + kLook, shelf_->next_expiry()));
    shelf_->expire();
    if (!packet && packet.error().code == Errc::again) continue;
    if (!packet) return;
    assembly.take(**packet);
    note_progress(assembly);
  }
}

void Packager::take_orders(Assembly& assembly) {
  std::optional<std::pair<AssemblyOptions, std::vector<PublishOptions>>> wanted;
  {
    std::lock_guard lock(mutex_);
    wanted = std::exchange(wanted_, std::nullopt);
  }
  if (!wanted) return;
  assembly.use(std::move(wanted->first));
  set_publishers(wanted->second);
}

void Packager::set_publishers(const std::vector<PublishOptions>& wanted) {
  std::vector<std::shared_ptr<Publisher>> next;
  for (const PublishOptions& options : wanted) {
    const auto same = std::find_if(publishers_.begin(), publishers_.end(),
                                   [&](const auto& one) { return one && one->options() == options; });
    if (same != publishers_.end()) {
      next.push_back(std::move(*same));
      continue;
    }
    Publisher::Services services{services_.clock, services_.log, [shelf = shelf_] { return shelf->view(); },
                                 services_.published};
    next.push_back(std::make_shared<Publisher>(++publisher_number_, options, std::move(services)));
    next.back()->wake();
  }
  shelf_->keep_view(!wanted.empty());
  {
    std::lock_guard lock(mutex_);
    publishers_.swap(next);
  }
  for (const auto& gone : next) {
    if (gone) gone->stop();  // its requests end at once; then it goes with `next`
  }
}

void Packager::wake_publishers() {
  for (const auto& publisher : publishers_) publisher->wake();
}

void Packager::note_progress(const Assembly& assembly) {
  {
    std::lock_guard lock(mutex_);
    status_.dropped = feed_->dropped() + assembly.lost();
  }
  const auto numbering = assembly.numbering();
  if (numbering && numbering != kept_) {
    kept_ = numbering;
    keep_numbers(*numbering);
  }
  if (const std::int64_t segments = shelf_->segments(); std::exchange(segments_told_, segments) != segments) {
    wake_publishers();
    // Offline the stream is faster than any disk: nothing is to be lost to that.
    if (services_.clock.offline()) {
      for (const auto& publisher : publishers_) publisher->settle(Nanos{0});
      if (store_) store_->settle();
    }
  }
  if (store_) {
    if (std::string trouble = store_->trouble(); trouble != store_trouble_) {
      store_trouble_ = std::move(trouble);
      tell_trouble();
    }
  }
  if (shelf_->is_out()) set(PackagerState::live, {});
}

}  // namespace mainstay::package
