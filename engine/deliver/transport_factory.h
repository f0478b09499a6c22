// From a destination's configuration to its legs' connections: the one place that knows which scheme is which
// transport. Functions without state. Thread-safety: from any thread.
#pragma once

#include <memory>
#include <string>

#include "engine/deliver/destination.h"
#include "engine/show/show.h"

namespace mainstay {

/// srt://, rtmp:// or rtmps://. `resolved`: with its secrets in place; `who` speaks in the log ("leg platform/main").
/// Errc::invalid when the address or a field is wrong, without the secrets.
Result<TransportFactory> make_transport_factory(const show::LegConfig& resolved, Clock& clock, Log& log,
                                                const std::string& who);

/// Time an attempt may take until the leg ends it: what the transport itself allows, and a little.
Nanos connect_limit(const show::LegConfig& config);

/// How a destination is made, or changed while it runs.
struct DestinationPlan {
  DestinationOptions options;
  TransportFactory main;
  TransportFactory backup;  ///< empty: none
};

/// `resolved`: with its secrets in place; `selection`: the renditions it sends. Errc::invalid names the leg.
Result<DestinationPlan> plan_destination(const std::string& name, const show::Destination& resolved,
                                         const Selection& selection, Clock& clock, Log& log);

}  // namespace mainstay
