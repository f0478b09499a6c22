// The RTMP and RTMPS connection of a leg: packets in, FLV messages out, with the server's health beside them.
// Made by the factory for each attempt, owned by the leg.
// Thread-safety: as Transport: abort() from any thread, everything else from the leg's thread.
#pragma once

#include <memory>
#include <string>

#include "engine/core/log.h"
#include "engine/deliver/transport.h"
#include "engine/show/show.h"

namespace mainstay {

/// Checks the address and the key once (Errc::invalid says what is wrong, without showing either) and gives the maker
/// of the leg's transports. Secrets in `resolved` are resolved; they are added to the log's redactor. `who` names the
/// leg in the log: "leg platform/main". `clock` and `log` outlive the transports. The transports of one factory share
/// its name look-ups and its certificate authorities: use each on the leg's thread only.
Result<TransportFactory> make_rtmp_transport(const show::LegConfig& resolved, Clock& clock, Log& log, std::string who);

}  // namespace mainstay
