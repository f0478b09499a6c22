// What a viewer asks of a playlist: the delivery directives of RFC 8216bis 6.2.5, and its name for a resource.
// Functions without state.
// Thread-safety: from any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "engine/core/result.h"
#include "engine/package/shelf.h"

namespace mainstay::remote {

/// The directives of a query; other keys are not looked at. Errc::invalid: a directive that is malformed, is given
/// twice, or a part without its segment (6.2.5.2: the answer is 400).
Result<package::Reload> parse_reload(std::string_view query);

/// Whether this can be the path of a resource: letters, digits, "-_." and single slashes between them, no part that
/// begins with a dot. Nothing else is ever looked for, in memory or on a disk.
bool is_resource_path(std::string_view path);

}  // namespace mainstay::remote
