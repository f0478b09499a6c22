// Internal to engine/remote: one WebSocket connection to a server, from the first packet to the end.
// Shared by whoever opened it and by what is under way on it.
// Thread-safety: everything on the thread of its io_context.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/remote/client_net.h"

namespace mainstay::remote {

class WsLink {
 public:
  struct Handlers {
    std::function<void()> opened;                ///< first, once; not when it cannot be opened
    std::function<void(std::string_view)> text;  ///< a message; it lives during the call
    std::function<void(Error)> ended;            ///< last, once. Errc::invalid: refused, trying again changes nothing
  };

  virtual ~WsLink() = default;

  /// Connects to one of `endpoints`, with TLS when `tls` is there. `options.timeout` is for all of it.
  static std::shared_ptr<WsLink> open(asio::io_context& io, const Target& target, const CallOptions& options,
                                      std::vector<tcp::endpoint> endpoints, std::shared_ptr<asio::ssl::context> tls,
                                      Handlers handlers);

  /// Messages go out in the order of the calls.
  virtual void send(std::string text) = 0;
  /// In the protocol's way; ends with `ended`.
  virtual void close() = 0;
  /// At once; ends with `ended` and this error.
  virtual void abort(Error why) = 0;
};

}  // namespace mainstay::remote
