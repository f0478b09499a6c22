// Internal to engine/remote: what both clients of an API share, the one call over HTTP and the lasting WebSocket.
// Functions without state.
// Thread-safety: from any thread; endpoints_of() blocks it.
#pragma once

#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "engine/remote/client.h"
#include "engine/remote/net.h"

namespace mainstay::remote {

/// "127.0.0.1:4480"
std::string place_of(const Target& target);
/// The same as HTTP's header "Host" wants it.
std::string host_header(const Target& target);
/// The token to show, and empty for none: the options' wins over the URL's.
const std::string& token_of(const Target& target, const CallOptions& options);

Result<std::vector<tcp::endpoint>> endpoints_of(const Target& target, Clock& clock, Instant deadline,
                                                std::stop_token stop);
/// Errc::invalid: the authorities cannot be used.
Result<std::shared_ptr<asio::ssl::context>> client_tls(const CallOptions& options);
/// Who has to be at the other end; before the handshake.
void expect_server(NetStream& stream, const Target& target, const CallOptions& options);

/// Errc::io in words: `what` is "cannot connect to", "no answer from", …
Error connection_error(const Target& target, const char* what, const error_code& error);
/// An answer of HTTP that is none of the API: Errc::invalid, or Errc::io for one that will pass.
Error refused(const Target& target, int status, const std::string& answer);

}  // namespace mainstay::remote
