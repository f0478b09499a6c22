// JSON text to a JSON value, within limits and with errors an operator understands: shows, and what clients send.
// Functions without state.
// Thread-safety: from any thread.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "engine/show/parse.h"
#include "engine/show/section.h"

namespace mainstay::show {

struct JsonText {
  std::optional<Json> value;  ///< none when the text is not JSON or breaks a limit
  std::vector<ShowError> errors;
};

/// Strict JSON (RFC 8259), at most kMaxShowNesting deep, no text longer than kMaxShowText, no key twice in an object.
/// Messages hold no part of the text but keys.
JsonText parse_json(std::string_view text);

}  // namespace mainstay::show
