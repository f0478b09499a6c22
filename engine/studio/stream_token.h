// Tokens that let a viewer in: who has one may fetch this stream until it expires. "v1.EXPIRES.SIGNATURE", where the
// signature is HMAC-SHA256 (RFC 2104) over the stream's name and the time, so that neither can be changed, and a token
// of one stream opens no other.
// Functions without state.
// Thread-safety: from any thread.
#pragma once

#include <string>
#include <string_view>

#include "engine/core/time.h"

namespace mainstay {

/// Good for the whole second of `expires` and before. Safe in a URL as it is.
std::string make_stream_token(std::string_view secret, std::string_view stream, UtcInstant expires);

enum class TokenVerdict { good, missing, forged, expired };
/// Takes as long for a wrong signature as for a right one.
TokenVerdict check_stream_token(std::string_view token, std::string_view secret, std::string_view stream,
                                UtcInstant now);
/// What to tell the viewer, in a line.
const char* to_string(TokenVerdict verdict);

}  // namespace mainstay
