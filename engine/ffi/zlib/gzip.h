// Compressed copies of texts that go out over HTTP (zlib).
// Functions without state.
// Thread-safety: from any thread.
#pragma once

#include <string>
#include <string_view>

namespace mainstay::ffi {

/// RFC 1952, without a time or name in it: equal texts give equal bytes. Empty when there is no memory for it.
std::string gzip(std::string_view text);

}  // namespace mainstay::ffi
