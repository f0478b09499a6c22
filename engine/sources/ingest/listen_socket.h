// A TCP port to listen on, and the connections it takes: file descriptors, non-blocking, closed on exec.
// Owned by whoever holds the descriptor; close() it.
// Thread-safety: plain functions.
#pragma once

#include <cstdint>
#include <string>

#include "engine/core/result.h"

namespace mainstay {

/// Errc::io when the port is taken or may not be used, Errc::invalid when `host` is no address of this machine.
Result<int> listen_on(const std::string& host, std::uint16_t port);

/// The port a listening descriptor is bound to.
std::uint16_t bound_port(int fd);

struct AcceptedPeer {
  int fd = -1;
  std::string address;  ///< "127.0.0.1:53211"
};

/// The next waiting connection. Errc::again when there is none.
Result<AcceptedPeer> accept_from(int fd);

}  // namespace mainstay
