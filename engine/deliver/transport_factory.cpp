#include "engine/deliver/transport_factory.h"

#include <algorithm>
#include <functional>

#include "engine/deliver/rtmp_transport.h"
#include "engine/deliver/srt_transport.h"
#include "engine/show/url.h"

namespace mainstay {

namespace {

// The name look-up comes before the connection, and what the transports do at their own deadline takes a moment.
constexpr Nanos kConnectMargin = Seconds(2);

Error for_leg(Error error, const std::string& destination, const char* role) {
  return wrap(std::move(error), fmt::format("destination \"{}\", {}", destination, role));
}

}  // namespace

Result<TransportFactory> make_transport_factory(const show::LegConfig& resolved, Clock& clock, Log& log,
                                                const std::string& who) {
  MAINSTAY_TRY(const show::Url url, show::parse_url(resolved.url));
  if (url.scheme == "srt") return make_srt_transport(resolved, clock, log, who);
  if (url.scheme == "rtmp" || url.scheme == "rtmps") return make_rtmp_transport(resolved, clock, log, who);
  return make_error(Errc::invalid, "\"{}://\" is no address of an ingest: use srt://, rtmp:// or rtmps://", url.scheme);
}

Nanos connect_limit(const show::LegConfig& config) {
  return config.connect_timeout + kConnectMargin;
}

Result<DestinationPlan> plan_destination(const std::string& name, const show::Destination& resolved,
                                         const Selection& selection, Clock& clock, Log& log) {
  DestinationPlan plan;
  DestinationOptions& options = plan.options;
  options.name = name;
  options.mode = resolved.mode;
  options.return_mode = resolved.return_mode;
  options.return_hold = resolved.return_hold;
  options.leg.selection = selection;
  options.leg.connect_limit = connect_limit(resolved.main);
  options.main_url = show::redact_url(resolved.main.url);
  // Two destinations that lose the same network do not come back in step.
  options.seed = std::hash<std::string>{}(name) ^ static_cast<std::uint64_t>(clock.now().time_since_epoch().count());
  auto main = make_transport_factory(resolved.main, clock, log, fmt::format("leg {}/main", name));
  if (!main) return for_leg(main.error(), name, "main");
  plan.main = std::move(*main);
  if (resolved.backup) {
    options.leg.connect_limit = std::max(options.leg.connect_limit, connect_limit(*resolved.backup));
    options.backup_url = show::redact_url(resolved.backup->url);
    auto backup = make_transport_factory(*resolved.backup, clock, log, fmt::format("leg {}/backup", name));
    if (!backup) return for_leg(backup.error(), name, "backup");
    plan.backup = std::move(*backup);
  }
  return plan;
}

}  // namespace mainstay
