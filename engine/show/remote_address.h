// What an address to listen on means for who can reach it.
// Functions without state.
// Thread-safety: from any thread.
#pragma once

#include <string_view>

namespace mainstay::show {

/// True when only this machine can reach HOST:PORT: 127.x.y.z, ::1, localhost, or no host.
bool is_loopback(std::string_view listen);
/// True when both name the same port.
bool same_port(std::string_view a, std::string_view b);

}  // namespace mainstay::show
