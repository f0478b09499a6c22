// A leg's connection over SRT: MPEG-TS in datagrams of 7 packets, paced, with a watchdog on the receiver.
// The factory is owned by the leg; it makes a transport for each attempt.
// Thread-safety: as Transport; the factory from one thread at a time. Needs a ffi::SrtLibrary that outlives both.
//
// URL: srt://HOST:PORT[?OPTION=VALUE&…], the options as in engine/ffi/srt/srt_options.h. A field of the configuration
// that is not at its default wins over the URL. mode=listener waits for the receiver to call, and keeps its port from
// one attempt to the next, so that a receiver may call during a back-off; its port is given up by an orderly close().
#pragma once

#include <string>

#include "engine/core/clock.h"
#include "engine/core/log.h"
#include "engine/core/result.h"
#include "engine/deliver/transport.h"
#include "engine/ffi/srt/srt_options.h"
#include "engine/show/show.h"

namespace mainstay {

/// `resolved`: with its secrets in place. `who` speaks in the log ("leg platform/backup"). Errc::invalid when the URL
/// or a field is wrong, without the secrets.
Result<TransportFactory> make_srt_transport(const show::LegConfig& resolved, Clock& clock, Log& log, std::string who);

/// What a leg's configuration comes to: the URL's options under the fields of the configuration.
Result<ffi::SrtOptions> srt_leg_options(const show::LegConfig& resolved);

/// Bytes a second of `streams` as MPEG-TS, with what packetising and tables add.
std::int64_t ts_bytes_per_s(const std::vector<StreamInfoPtr>& streams);

}  // namespace mainstay
