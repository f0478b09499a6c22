// Internal to engine/remote: the text in front of a response's body. Written straight into one buffer: a message object
// of the library costs an allocation for each field, a thousand viewers of low latency six thousand answers a second.
// Functions without state.
// Thread-safety: from any thread.
#pragma once

#include <string>

#include "engine/remote/http.h"

namespace mainstay::remote {

/// Status line, fields and the empty line, into `out`, which keeps its memory. `keep_alive`: the connection stays open.
void write_head(const HttpResponse& response, bool keep_alive, std::string& out);

/// Whether an answer of this status has no body, whatever it was given (RFC 9110, 6.4.1).
constexpr bool has_no_body(int status) {
  return status < 200 || status == 204 || status == 304;
}

}  // namespace mainstay::remote
