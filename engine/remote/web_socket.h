// A WebSocket connection as its protocol sees it: what comes in (WsSession, written by the protocol) and what goes out
// (WsPeer, provided by the server).
// Owned: the session by its connection; the peer is shared, and outlives the connection harmlessly.
// Thread-safety: sessions are made, called and destroyed on the server's thread, and must not block it. WsPeer: all
// members from any thread.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/remote/http.h"

namespace mainstay::remote {

/// A message made once and shared by all that send it.
using Message = std::shared_ptr<const std::string>;

inline Message make_message(std::string text) {
  return std::make_shared<const std::string>(std::move(text));
}

/// Close codes of RFC 6455, 7.4.1; protocols have their own from 4000 on.
enum WsClose : std::uint16_t {
  kWsNormal = 1000,
  kWsGoingAway = 1001,
  kWsProtocolError = 1002,
  kWsUnsupportedData = 1003,
  kWsPolicy = 1008,
  kWsTooBig = 1009,
  kWsInternal = 1011,
};

class WsPeer {
 public:
  virtual ~WsPeer() = default;

  /// Messages go out in the order of the calls. One that the send queue has no room for drops the client: it does not
  /// read. After the end of the connection, or a close(), they are ignored. Text must be UTF-8.
  virtual void send_text(Message message) = 0;
  virtual void send_binary(Message message) = 0;
  /// Ends the connection once what was sent before is out; `reason` has at most 123 bytes (longer ones are cut).
  virtual void close(std::uint16_t code, std::string reason) = 0;
  /// Reading stops after the message at hand, until resume(): for a session that has enough to do.
  virtual void pause() = 0;
  virtual void resume() = 0;
  /// Bytes handed over and not yet taken by the system.
  virtual std::size_t queued_bytes() const = 0;
};

class WsSession {
 public:
  virtual ~WsSession() = default;

  /// First, once.
  virtual void on_open(std::shared_ptr<WsPeer> peer) = 0;
  /// `text` is valid UTF-8 and lives during the call.
  virtual void on_text(std::string_view text) = 0;
  virtual void on_binary(std::string_view bytes) = 0;
  /// Last, once. 1006: the connection ended without a close frame.
  virtual void on_close(std::uint16_t code, std::string_view reason) = 0;
};

/// A client that asks for a session.
struct WsOpening {
  HttpRequest request;      ///< passed the gate; `role` says what it may do
  std::string subprotocol;  ///< what of WsRoute::subprotocols was agreed on; empty: none
};

struct WsRoute {
  std::string path;                            ///< "/api"; "*": any
  std::vector<std::string> subprotocols = {};  ///< those known; the client's first choice among them is confirmed to it
  std::function<std::unique_ptr<WsSession>(const WsOpening&)> open;
};

}  // namespace mainstay::remote
