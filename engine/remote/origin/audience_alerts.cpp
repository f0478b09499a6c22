#include "engine/remote/origin/audience_alerts.h"

#include <fmt/format.h>

namespace mainstay::remote {

namespace {

constexpr double kWell = 0.8;  // of a limit: what lies around it would be raised and cleared again and again

constexpr std::array<const char*, 3> kNames{"startup", "rebuffering", "errors"};

}  // namespace

std::string AudienceAlerts::message_of(Kind kind, const AudienceAlert& alert, bool raised, const RecentFigures& now) {
  const auto per_cent = [](double share) { return fmt::format("{:.1f} %", share * 100); };
  const std::string of = fmt::format("of {} sessions in {:.0f} s", now.sessions, now.window_s);
  switch (kind) {
    case startup:
      return fmt::format("{}: {:.1f} s to the first picture (95th percentile {}), limit {:.1f} s",
                         raised ? "viewers wait long at the start" : "viewers start well again", alert.value, of,
                         alert.limit);
    case rebuffering:
      return fmt::format("{}: {} of the time ({}), limit {}",
                         raised ? "viewers' players stand still" : "viewers' players go on well again",
                         per_cent(alert.value), of, per_cent(alert.limit));
    default:
      return fmt::format("{}: {} ({}), limit {}", raised ? "viewers' players give up" : "viewers' players hold again",
                         per_cent(alert.value), of, per_cent(alert.limit));
  }
}

std::vector<AudienceAlerts::Change> AudienceAlerts::see(Instant at, const RecentFigures& now) {
  const std::array<double, kinds> limits{limits_.startup_p95_s, limits_.rebuffer_ratio, limits_.error_ratio};
  const std::array<double, kinds> values{now.startup_p95_s.value_or(0), now.rebuffer_ratio, now.error_ratio};
  const Nanos when = at.time_since_epoch();
  std::vector<Change> changes;
  for (int i = 0; i < kinds; ++i) {
    const auto kind = static_cast<Kind>(i);
    Watched& watched = watched_[kind];
    const double limit = limits[kind];
    // What a few say is no figure; and when they are gone, nobody is served badly.
    const bool counts = limit > 0 && now.sessions >= limits_.least_sessions;
    const bool wrong = counts && values[kind] > (watched.condition.is_raised() ? kWell * limit : limit);
    watched.last = {kNames[kind], values[kind], limit};
    const Condition::Change change = limit > 0 ? watched.condition.see(when, wrong ? std::optional(when) : std::nullopt,
                                                                       limits_.after, limits_.clear)
                                               : watched.condition.forget();
    if (change == Condition::Change::none) continue;
    const bool raised = change == Condition::Change::raised;
    changes.push_back({watched.last, raised, message_of(kind, watched.last, raised, now)});
  }
  return changes;
}

std::vector<AudienceAlerts::Change> AudienceAlerts::forget() {
  std::vector<Change> changes;
  for (Watched& watched : watched_) {
    if (watched.condition.forget() == Condition::Change::cleared)
      changes.push_back({watched.last, false, "it is not looked at any more"});
  }
  return changes;
}

std::vector<AudienceAlert> AudienceAlerts::raised() const {
  std::vector<AudienceAlert> out;
  for (const Watched& watched : watched_) {
    if (watched.condition.is_raised()) out.push_back(watched.last);
  }
  return out;
}

}  // namespace mainstay::remote
