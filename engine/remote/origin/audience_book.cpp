#include "engine/remote/origin/audience_book.h"

#include <algorithm>

#include "engine/remote/origin/client_kind.h"
#include "engine/remote/origin/rate_limit.h"

namespace mainstay::remote {

namespace {

constexpr double kMostLate = 15;  // seconds: what a report may be ahead of what we know of its session

std::optional<double> median(std::vector<double> values) {
  if (values.empty()) return std::nullopt;
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

// Players ask for these before they have told their name, or look at them and go.
bool comes_first(package::ItemKind kind) {
  return kind == package::ItemKind::multivariant || kind == package::ItemKind::manifest;
}

// How much a sum has grown.
template <class Number>
Number grown(Number before, Number now) {
  return now > before ? now - before : Number{};
}

}  // namespace

AudienceBook::AudienceBook(Clock& clock, std::function<void(const SessionRecord&)> ended)
    : clock_(clock), ended_(std::move(ended)) {}

void AudienceBook::use(Regions regions, Nanos window) {
  std::lock_guard lock(mutex_);
  regions_ = std::move(regions);
  window_.use(window);
}

std::size_t AudienceBook::group_of(std::string_view region, std::string_view device) {
  for (std::size_t i = 0; i < groups_.size(); ++i) {
    if (groups_[i].region == region && groups_[i].device == device) return i;
  }
  if (groups_.size() >= kMostGroups) return 0;  // regions that were renamed again and again
  AudienceGroup& group = groups_.emplace_back();
  group.region = region;
  group.device = device;
  return groups_.size() - 1;
}

AudienceBook::Session& AudienceBook::find(std::string_view key, std::string_view ip, std::string_view user_agent) {
  const Instant now = clock_.now();
  expire(now);
  if (const auto found = places_.find(key); found != places_.end()) {
    sessions_.splice(sessions_.begin(), sessions_, found->second);
  } else {
    if (sessions_.size() >= kMostSessions) forget(std::prev(sessions_.end()));
    const ClientKind kind = client_kind(user_agent);
    Session& session = sessions_.emplace_front();
    session.key = key;
    session.group = group_of(regions_.of(ip), kind.device);
    session.browser = kind.browser;
    session.first = now;
    session.began = clock_.utc_now();
    places_[session.key] = sessions_.begin();
    AudienceGroup& group = groups_[session.group];
    ++group.sessions;
    ++group.viewers;
    ++group.browsers[session.browser];
  }
  sessions_.front().last = now;
  return sessions_.front();
}

void AudienceBook::note(const Request& request) {
  if (request.cmcd.session.empty() && comes_first(request.kind)) return;
  std::lock_guard lock(mutex_);
  std::string key = request.cmcd.session;
  if (key.empty()) key = "@" + std::string(household(request.ip)) + " " + std::string(request.user_agent.substr(0, 64));
  Session& session = find(key, request.ip, request.user_agent);
  if (session.over || session.reports || !package::is_media(request.kind)) return;
  AudienceGroup& group = groups_[session.group];
  // CTA-5004: what is needed to begin is marked; the first that is not says that it has begun. An upper bound.
  if (!request.cmcd.session.empty() && !request.cmcd.startup && !session.startup_s)
    session.startup_s = seconds(session.last - session.first);
  if (request.cmcd.starved) {
    ++session.rebuffers;
    ++group.rebuffers;
  }
  if (request.cmcd.duration_ms && request.cmcd.object == 'v') {
    const double watched = static_cast<double>(*request.cmcd.duration_ms) / 1000;
    session.watch_s += watched;
    group.watch_s += watched;
  }
}

void AudienceBook::report(std::string_view ip, std::string_view user_agent, const Beacon& beacon) {
  std::lock_guard lock(mutex_);
  Session& session = find(beacon.session, ip, user_agent);
  if (session.over || (session.reports && beacon.number <= session.latest.number)) return;  // overtaken by a later one
  // One that we hear of in its middle (we were away, or it was): its sums until now were counted then, or are lost.
  if (!session.reports && beacon.number > 1) {
    session.latest = beacon;
    session.startup_s = beacon.startup_ms ? std::optional(*beacon.startup_ms / 1000) : std::nullopt;
  } else if (!session.reports) {
    // What its requests told was of the same time: the reports go on from there.
    session.latest.watch_ms = session.watch_s * 1000;
    session.latest.rebuffers = session.rebuffers;
  }
  session.reports = true;
  take_sums(session, beacon);
  if (beacon.ended) close(session);
}

void AudienceBook::take_sums(Session& session, const Beacon& beacon) {
  AudienceGroup& group = groups_[session.group];
  const Beacon before = std::exchange(session.latest, beacon);
  session.latest.watch_ms = std::max(before.watch_ms, beacon.watch_ms);
  session.latest.rebuffers = std::max(before.rebuffers, beacon.rebuffers);
  if (beacon.startup_ms && !before.startup_ms) {
    session.startup_s = *beacon.startup_ms / 1000;
    group.startup.add(*session.startup_s);
    window_.started(session.last, *session.startup_s);
  }
  if (beacon.latency_ms) group.latency.add(*beacon.latency_ms / 1000);
  // Nobody has watched longer than there was time for.
  const double most = seconds(session.last - session.first) + kMostLate;
  const double watched = std::min(grown(before.watch_ms, beacon.watch_ms) / 1000, most);
  const double waited = std::min(grown(before.rebuffer_ms, beacon.rebuffer_ms) / 1000, most);
  session.watch_s += watched;
  group.watch_s += watched;
  session.rebuffer_s += waited;
  group.rebuffer_s += waited;
  window_.played(session.last, watched, waited);
  const auto count = [](std::int64_t grew, std::int64_t& own, std::int64_t& all) {
    constexpr std::int64_t kMostAtOnce = 1000;
    own += std::min(grew, kMostAtOnce);
    all += std::min(grew, kMostAtOnce);
  };
  count(grown(before.rebuffers, beacon.rebuffers), session.rebuffers, group.rebuffers);
  count(grown(before.switches, beacon.switches), session.switches, group.switches);
  count(grown(before.errors, beacon.errors), session.errors, group.errors);
  if (beacon.failed && !session.counted_failure) {
    session.counted_failure = true;
    ++group.failed;
    window_.failed(session.last);
  }
}

SessionRecord AudienceBook::record_of(const Session& session) const {
  const AudienceGroup& group = groups_[session.group];
  SessionRecord record;
  record.began = session.began;
  record.ended = session.began + (session.last - session.first);
  record.region = group.region;
  record.device = group.device;
  record.browser = session.browser;
  record.mode = session.reports ? session.latest.mode : "unknown";
  record.startup_s = session.startup_s;
  if (session.latest.latency_ms) record.latency_s = *session.latest.latency_ms / 1000;
  record.watch_s = session.watch_s;
  record.rebuffers = session.rebuffers;
  record.rebuffer_s = session.rebuffer_s;
  record.switches = session.switches;
  record.errors = session.errors;
  record.failed = session.counted_failure;
  return record;
}

void AudienceBook::close(Session& session) {
  if (std::exchange(session.over, true)) return;
  AudienceGroup& group = groups_[session.group];
  --group.viewers;
  // What requests alone told is known only now; a page has said it before.
  const Instant now = clock_.now();
  window_.ended(now);
  if (!session.reports && session.startup_s) {
    group.startup.add(*session.startup_s);
    window_.started(now, *session.startup_s);
  }
  recent_.push_back(record_of(session));
  if (recent_.size() > kRecent) recent_.pop_front();
  ended_(recent_.back());
}

void AudienceBook::forget(Sessions::iterator session) {
  close(*session);
  places_.erase(session->key);
  sessions_.erase(session);
}

void AudienceBook::expire(Instant now) {
  while (!sessions_.empty() && now - sessions_.back().last > kSilent) forget(std::prev(sessions_.end()));
}

void AudienceBook::end_all() {
  std::lock_guard lock(mutex_);
  while (!sessions_.empty()) forget(std::prev(sessions_.end()));
}

AudienceFigures AudienceBook::figures() {
  std::lock_guard lock(mutex_);
  expire(clock_.now());
  AudienceFigures out;
  out.groups = groups_;
  std::vector<double> latencies;
  std::vector<double> startups;
  double watched = 0;
  double waited = 0;
  int looked_at = 0;
  int failed = 0;
  const auto take = [&](const auto& session, bool gave_up) {
    if (session.startup_s) startups.push_back(*session.startup_s);
    watched += session.watch_s;
    waited += session.rebuffer_s;
    failed += gave_up ? 1 : 0;
    ++looked_at;
  };
  for (const SessionRecord& record : recent_) take(record, record.failed);
  for (const Session& session : sessions_) {
    if (session.over) continue;
    ++out.viewers;
    take(session, session.counted_failure);
    if (session.latest.latency_ms) latencies.push_back(*session.latest.latency_ms / 1000);
  }
  out.recent = window_.figures(clock_.now(), out.viewers);
  out.latency_s = median(std::move(latencies));
  out.startup_s = median(std::move(startups));
  out.rebuffer_ratio = watched + waited > 0 ? waited / (watched + waited) : 0;
  out.error_ratio = looked_at > 0 ? static_cast<double>(failed) / static_cast<double>(looked_at) : 0;
  std::sort(out.groups.begin(), out.groups.end(), [](const AudienceGroup& a, const AudienceGroup& b) {
    return std::tie(a.region, a.device) < std::tie(b.region, b.device);
  });
  return out;
}

}  // namespace mainstay::remote
