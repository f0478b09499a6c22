// What a player says of itself with each request: Common Media Client Data (CTA-5004, version 1), in the query or in
// headers.
// Functions without state; a value.
// Thread-safety: from any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "engine/remote/http.h"

namespace mainstay::remote {

/// A session's name as players make them: 1 to 64 letters, digits, "-_.". Empty: what was given is none.
std::string session_name(std::string_view text);

struct Cmcd {
  std::string session;  ///< sid; empty: none was given
  char object = 0;      ///< ot, its first letter: m(anifest), a(udio), v(ideo), av as 'v', i(nit), …
  std::optional<std::int64_t> buffer_ms;    ///< bl
  std::optional<std::int64_t> duration_ms;  ///< d
  std::optional<std::int64_t> kbps;         ///< br
  bool starved = false;                     ///< bs: it stood still before this request
  bool startup = false;                     ///< su: needed to begin, or to go on
};

/// Keys that are unknown or malformed are left out; a key given twice counts as given last.
Cmcd parse_cmcd(std::string_view text);
/// Of a request: `CMCD=` in its query, or the four header fields.
Cmcd cmcd_of(const HttpRequest& request);

}  // namespace mainstay::remote
