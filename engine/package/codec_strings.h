// What playlists say of a stream's codec: RFC 6381 strings, read from its parameter sets.
// Functions without state.
// Thread-safety: from any thread.
#pragma once

#include <string>

#include "engine/media/packet.h"

namespace mainstay::package {

/// "avc1.640028", "hvc1.1.6.L120.90", "av01.0.08M.08", "mp4a.40.2", "opus"; empty when the parameter sets say too
/// little.
std::string codec_string(const StreamInfo& stream);

}  // namespace mainstay::package
