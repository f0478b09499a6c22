// Internal to engine/remote: a WebSocket connection, from its upgrade to its end.
// Owned by the server; the session's WsPeer keeps a harmless rest of it alive.
// Thread-safety: start_web_socket() on the server's thread.
#pragma once

#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>
#include <memory>
#include <string>

#include "engine/remote/net.h"

namespace mainstay::remote {

struct WsStart {
  HubRef hub;
  std::shared_ptr<ListenerState> listener;
  PeerAddress peer;
  std::string client;  ///< its User-Agent, for the log
  std::unique_ptr<WsSession> session;
  std::string subprotocol;
  beast::http::request<beast::http::string_body> request;
};

void start_web_socket(NetStream stream, WsStart start);

}  // namespace mainstay::remote
