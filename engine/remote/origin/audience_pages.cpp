#include "engine/remote/origin/audience_pages.h"

#include <cmath>

#include "engine/ffi/prometheus/metrics_text.h"

namespace mainstay::remote {

namespace {

using show::Json;

Json rounded(double value) {
  return std::round(value * 1000) / 1000;
}

Json rounded(const std::optional<double>& value) {
  return value ? rounded(*value) : Json(nullptr);
}

Json seconds_json(const SecondsHistogram& histogram) {
  return {{"count", histogram.count()},
          {"mean", histogram.count() > 0 ? rounded(histogram.mean()) : Json(nullptr)},
          {"p50", rounded(histogram.quantile(0.5))},
          {"p95", rounded(histogram.quantile(0.95))}};
}

Json group_json(const AudienceGroup& group) {
  const double played = group.watch_s + group.rebuffer_s;
  return {{"viewers", group.viewers},
          {"sessions", group.sessions},
          {"failed", group.failed},
          {"startup_s", seconds_json(group.startup)},
          {"latency_s", seconds_json(group.latency)},
          {"watch_s", rounded(group.watch_s)},
          {"rebuffers", group.rebuffers},
          {"rebuffer_s", rounded(group.rebuffer_s)},
          {"rebuffer_ratio", rounded(played > 0 ? group.rebuffer_s / played : 0)},
          {"switches", group.switches},
          {"errors", group.errors},
          {"browsers", group.browsers}};
}

Json recent_json(const RecentFigures& recent) {
  return {{"window_s", rounded(recent.window_s)},
          {"sessions", recent.sessions},
          {"startup_p95_s", rounded(recent.startup_p95_s)},
          {"rebuffer_ratio", rounded(recent.rebuffer_ratio)},
          {"error_ratio", rounded(recent.error_ratio)}};
}

Json groups_json(const AudienceFigures& figures, std::string AudienceGroup::*by) {
  std::map<std::string, AudienceGroup> sums;
  for (const AudienceGroup& group : figures.groups) sums[group.*by].add(group);
  Json out = Json::object();
  for (const auto& [name, group] : sums) out[name] = group_json(group);
  return out;
}

void add_histogram(ffi::MetricsText& text, const char* name, const char* help, const ffi::MetricsText::Labels& labels,
                   const SecondsHistogram& histogram) {
  std::array<std::int64_t, SecondsHistogram::kBounds.size()> up_to{};
  for (std::size_t i = 0; i < up_to.size(); ++i) up_to[i] = histogram.up_to(i);
  text.histogram(name, help, labels, SecondsHistogram::kBounds, up_to, histogram.count(), histogram.sum());
}

void add_group(ffi::MetricsText& text, const AudienceGroup& group) {
  const ffi::MetricsText::Labels labels{{"region", group.region}, {"device", group.device}};
  text.gauge("mainstay_player_viewers", "Viewers now.", labels, group.viewers);
  for (const auto& [browser, sessions] : group.browsers) {
    ffi::MetricsText::Labels with_browser = labels;
    with_browser.emplace_back("browser", browser);
    text.counter("mainstay_player_sessions_total", "Sessions that began.", with_browser, static_cast<double>(sessions));
  }
  text.counter("mainstay_player_failed_sessions_total", "Sessions whose player gave up.", labels,
               static_cast<double>(group.failed));
  add_histogram(text, "mainstay_player_startup_seconds", "From the page's opening to the first picture.", labels,
                group.startup);
  add_histogram(text, "mainstay_player_latency_seconds", "How far behind live players are, with each of their reports.",
                labels, group.latency);
  text.counter("mainstay_player_watch_seconds_total", "Time watched.", labels, group.watch_s);
  text.counter("mainstay_player_rebuffers_total", "Times that a player stood still for want of data.", labels,
               static_cast<double>(group.rebuffers));
  text.counter("mainstay_player_rebuffer_seconds_total", "Time in which players stood still.", labels,
               group.rebuffer_s);
  text.counter("mainstay_player_rendition_switches_total", "Changes of rendition.", labels,
               static_cast<double>(group.switches));
  text.counter("mainstay_player_errors_total", "Errors that players met.", labels, static_cast<double>(group.errors));
}

}  // namespace

std::string metrics_page(const AudienceFigures& figures, const ServerCounters& server) {
  ffi::MetricsText text;
  for (const AudienceGroup& group : figures.groups) add_group(text, group);
  const RecentFigures& recent = figures.recent;
  text.gauge("mainstay_player_recent_sessions", "Sessions of the last minutes.", {},
             static_cast<double>(recent.sessions));
  if (recent.startup_p95_s)
    text.gauge("mainstay_player_recent_startup_p95_seconds", "Startup of all but the slowest twentieth, lately.", {},
               *recent.startup_p95_s);
  text.gauge("mainstay_player_recent_rebuffer_ratio", "Waiting in waiting and watching, lately.", {},
             recent.rebuffer_ratio);
  text.gauge("mainstay_player_recent_error_ratio", "Sessions that failed, of those lately there.", {},
             recent.error_ratio);
  text.gauge("mainstay_origin_connections", "Connections to the origin now.", {},
             static_cast<double>(server.connections));
  text.counter("mainstay_origin_requests_total", "Requests answered.", {}, static_cast<double>(server.requests));
  text.counter("mainstay_origin_sent_bytes_total", "Bytes of bodies sent.", {}, static_cast<double>(server.bytes));
  text.counter("mainstay_origin_refused_connections_total", "Connections over the limit.", {},
               static_cast<double>(server.refused));
  return text.str();
}

Json players_json(const AudienceFigures& figures) {
  return {{"viewers", figures.viewers},
          {"latency_s", rounded(figures.latency_s)},
          {"startup_s", rounded(figures.startup_s)},
          {"rebuffer_ratio", rounded(figures.rebuffer_ratio)},
          {"error_ratio", rounded(figures.error_ratio)},
          {"recent", recent_json(figures.recent)},
          {"all", group_json(figures.all())},
          {"regions", groups_json(figures, &AudienceGroup::region)},
          {"devices", groups_json(figures, &AudienceGroup::device)}};
}

}  // namespace mainstay::remote
