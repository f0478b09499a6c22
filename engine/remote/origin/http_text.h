// Small texts of HTTP: dates, ranges, lists of ETags, accepted codings (RFC 9110).
// Functions without state.
// Thread-safety: from any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "engine/core/time.h"

namespace mainstay::remote {

/// "Sun, 29 Nov 2026 10:06:00 GMT" (IMF-fixdate, 5.6.7).
std::string http_date(UtcInstant at);
/// Only IMF-fixdate; what is none is as if the field were not there.
std::optional<UtcInstant> parse_http_date(std::string_view text);

/// What part of `size` bytes a Range asks for (14.2).
struct ByteRange {
  enum class Kind { whole, part, unsatisfiable };
  Kind kind = Kind::whole;
  std::uint64_t first = 0;
  std::uint64_t count = 0;
};
/// Whole: it asks for none, for several at once, or is malformed: such a field is ignored.
ByteRange parse_range(std::string_view field, std::uint64_t size);

/// Whether `etag` (with its quotes) stands in the list of If-None-Match ("*" stands for any); weakly compared.
bool names_etag(std::string_view list, std::string_view etag);

/// Whether a client takes gzip (12.5.3).
bool accepts_gzip(std::string_view accept_encoding);

}  // namespace mainstay::remote
