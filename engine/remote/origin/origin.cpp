#include "engine/remote/origin/origin.h"

#include <algorithm>
#include <thread>

#include "engine/remote/origin/audience_pages.h"
#include "engine/show/url.h"

namespace mainstay::remote {

namespace {

constexpr Nanos kLook = Seconds(1);         // between two looks whether a limit is exceeded
constexpr unsigned kMostThreads = 4;        // one answers some ten thousand requests a second
constexpr Nanos kFiguresAge = Millis(500);  // sums over all sessions, wanted by each window and client that looks

Limits limits() {
  Limits limits;
  limits.body_bytes = 2 * Beacon::kMostBytes;
  limits.body_timeout = Millis(10'000);
  return limits;
}

// A thousand viewers ask for each part at the same moment: as many cores answer as there are.
int origin_threads() {
  return static_cast<int>(std::clamp(std::thread::hardware_concurrency(), 1U, kMostThreads));
}

// What a browser on this machine can be told.
std::string reachable(const std::string& address) {
  const auto place = show::parse_host_port(address);
  if (!place) return address;
  if (place->host == "0.0.0.0" || place->host == "::") return fmt::format("127.0.0.1:{}", place->port);
  return address;
}

}  // namespace

/// Where sessions that are over go; the store changes with the settings.
class Origin::Kept {
 public:
  void use(std::unique_ptr<AudienceStore> store) {
    std::lock_guard lock(mutex_);
    std::swap(store_, store);
  }  // the one before ends without the lock: parameters go last
  std::string folder() const {
    std::lock_guard lock(mutex_);
    return store_ ? store_->folder() : std::string();
  }
  void add(const SessionRecord& record) {
    std::lock_guard lock(mutex_);
    if (store_) store_->add(record);
  }
  Status trouble() {
    std::lock_guard lock(mutex_);
    return store_ ? store_->trouble() : Status();
  }

 private:
  mutable std::mutex mutex_;
  std::unique_ptr<AudienceStore> store_;
};

Origin::Origin(Clock& clock, Log& log, Options options)
    : clock_(clock),
      log_(log),
      shelf_(std::move(options.shelf)),
      rate_(std::make_shared<RateLimit>(clock)),
      kept_(std::make_shared<Kept>()),
      book_(std::make_shared<AudienceBook>(clock, [kept = kept_](const SessionRecord& record) { kept->add(record); })),
      notify_(std::move(options.notify)),
      server_(std::make_unique<Server>(
          log,
          Server::Options{.notify = notify_, .thread = "origin", .threads = origin_threads(), .evict_idle = true})),
      slot_(*server_) {}

Origin::~Origin() {
  book_->end_all();
}

Status Origin::apply(const std::optional<OriginSettings>& wanted) {
  std::lock_guard lock(apply_mutex_);
  if (!wanted) {
    slot_.close();
    book_->end_all();
    use_limits({});
    kept_->use(nullptr);
    set_state({}, std::nullopt);
    return {};
  }
  book_->use(wanted->regions, std::chrono::round<Nanos>(std::chrono::duration<double>(wanted->alerts.window_s)));
  use_limits(wanted->alerts);
  rate_->set(wanted->max_requests_per_s);
  server_->limit_connections(static_cast<std::size_t>(wanted->max_connections));
  if (kept_->folder() != wanted->store)
    kept_->use(wanted->store.empty() ? nullptr : std::make_unique<AudienceStore>(clock_, wanted->store));
  const OriginParts parts{shelf_, book_, rate_, [server = server_.get()] { return server->counters(); }};
  Status moved =
      slot_.move({"origin", wanted->listen, make_origin_router(*wanted, parts, clock_), wanted->tls, limits()});
  set_state(page_url(*wanted), moved ? std::string() : moved.error().describe());
  return moved;
}

void Origin::use_limits(const show::HlsAlerts& limits) {
  std::vector<AudienceAlerts::Change> changes;
  {
    std::lock_guard lock(alerts_mutex_);
    alerts_.use(limits);
    if (!limits.any()) changes = alerts_.forget();
  }
  tell(changes);
}

Instant Origin::watch() {
  const Instant now = clock_.now();
  std::vector<AudienceAlerts::Change> changes;
  {
    std::lock_guard lock(alerts_mutex_);
    if (!alerts_.limits().any()) return kNever;
    if (now < next_look_) return next_look_;
    next_look_ = now + kLook;
    changes = alerts_.see(now, figures().recent);
  }
  tell(changes);
  return now + kLook;
}

void Origin::tell(const std::vector<AudienceAlerts::Change>& changes) {
  for (const AudienceAlerts::Change& change : changes) {
    if (change.raised) {
      log_.warning("viewers", "{}", change.message);
    } else {
      log_.info("viewers", "{}", change.message);
    }
    if (!notify_) continue;
    notify_({change.raised ? LogLevel::warning : LogLevel::info,
             "hls.alert",
             change.alert.kind,
             change.message,
             {{"state", change.raised ? "raised" : "cleared"},
              {"value", change.alert.value},
              {"limit", change.alert.limit}}});
  }
}

std::string Origin::page_url(const OriginSettings& settings) const {
  if (!slot_.id()) return {};
  if (!settings.public_url.empty()) return settings.public_url + "/";
  return fmt::format("{}://{}/", slot_.has_tls() ? "https" : "http", reachable(slot_.address()));
}

void Origin::set_state(std::string page, std::optional<std::string> failure) {
  const std::string address = slot_.address();
  std::lock_guard lock(mutex_);
  address_ = address;
  page_ = std::move(page);
  failure_ = std::move(failure);
}

std::string Origin::address() const {
  std::lock_guard lock(mutex_);
  return address_;
}

AudienceFigures Origin::figures() const {
  const Instant now = clock_.now();
  std::lock_guard lock(figures_mutex_);
  if (!figures_ || now - figures_at_ >= kFiguresAge) {
    figures_ = book_->figures();
    figures_at_ = now;
  }
  return *figures_;
}

std::optional<AudienceSnapshot> Origin::audience() const {
  AudienceSnapshot out;
  {
    std::lock_guard lock(mutex_);
    if (!failure_) return std::nullopt;
    out.address = page_;
    out.state = failure_->empty() ? "listening" : "failed";
    out.detail = *failure_;
  }
  if (const Status kept = kept_->trouble(); !kept)
    log_.warning("origin", "sessions of viewers are not kept: {}", kept.error().describe());
  const AudienceFigures now = figures();
  const ServerCounters server = server_->counters();
  out.viewers = now.viewers;
  for (const AudienceGroup& group : now.groups) out.sessions += group.sessions;
  out.latency_s = now.latency_s;
  out.startup_s = now.startup_s;
  out.rebuffer_ratio = now.rebuffer_ratio;
  out.error_ratio = now.error_ratio;
  out.connections = server.connections;
  out.requests = server.requests;
  out.bytes = server.bytes;
  std::lock_guard lock(alerts_mutex_);
  out.alerts = alerts_.raised();
  return out;
}

show::Json Origin::viewers() const {
  {
    std::lock_guard lock(mutex_);
    if (!failure_) return nullptr;
  }
  return players_json(figures());
}

}  // namespace mainstay::remote
