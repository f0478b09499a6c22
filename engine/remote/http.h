// What HTTP is to the rest of the remote faces: requests and responses as plain values.
// Owned by whoever holds them.
// Thread-safety: as any value.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "engine/remote/http_fields.h"
#include "engine/studio/command.h"

namespace mainstay::remote {

/// Who is at the other end.
struct PeerAddress {
  std::string text;       ///< "127.0.0.1:50312", "[::1]:50312", for the log
  std::string ip;         ///< without the port; an IPv4 address never as an IPv6 one
  bool loopback = false;  ///< this machine
};

struct HttpRequest {
  std::string method;  ///< "GET", "POST", …
  std::string path;    ///< percent signs resolved; starts with a slash
  std::string query;   ///< what follows the '?', as it came; may hold a token: never log it
  HttpFields headers;  ///< names in lower case
  std::string body;
  PeerAddress peer;
  bool tls = false;
  Role role = Role::view;  ///< what the client may do; the router's gate says so

  /// The first header of this name (lower case); empty when there is none.
  std::string_view header(std::string_view name) const { return headers.get(name); }
  /// The value of a query key, percent signs resolved.
  std::optional<std::string> parameter(std::string_view key) const;
  /// The client as the caller of a command: the name is its User-Agent.
  Caller caller(Face face) const;
};

/// "%2F" as "/"; what is not well formed stays as it is. `plus`: '+' is a space, as in queries.
std::string percent_decoded(std::string_view text, bool plus = false);

/// Bytes that somebody keeps alive: shared, never copied.
struct Body {
  std::shared_ptr<const void> owner;
  std::string_view bytes;

  Body() = default;
  Body(std::string text) {  // NOLINT: implicit, a text is a body
    auto kept = std::make_shared<const std::string>(std::move(text));
    bytes = *kept;
    owner = std::move(kept);
  }
  Body(std::shared_ptr<const std::string> text) : bytes(*text) { owner = std::move(text); }  // NOLINT
};

/// A body that is still being made: each call asks for its next piece, which comes on any thread.
struct Piece {
  Body body = {};        ///< may be empty
  bool is_last = false;  ///< the body is whole with it
  bool broken = false;   ///< it will never be whole: the connection ends, so that nobody takes it for the whole
};
using Pieces = std::function<void(std::function<void(Piece)>)>;

struct HttpResponse {
  int status = 200;
  std::string content_type;  ///< empty: none
  Body body;
  HttpFields headers = {};
  bool close = false;  ///< end the connection after it
  Pieces more = {};    ///< what follows `body`, sent as it comes (chunked, RFC 9112 7.1)

  static HttpResponse json(int status, std::string text) { return {status, "application/json", std::move(text)}; }
  /// An answer to what was wrong, in one line: what it was, and what to do.
  static HttpResponse refusal(int status, std::string message);
};

}  // namespace mainstay::remote
