// What a listener serves: routes to handlers, behind a gate that says who may come in.
// Filled by its maker, then shared with the server and never changed.
// Thread-safety: const members from any thread; the server calls them on its own.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/remote/responder.h"
#include "engine/remote/web_socket.h"

namespace mainstay::remote {

class Router {
 public:
  /// Must not block.
  using Handler = std::function<void(HttpRequest, Responder)>;
  /// Lets the request in (and sets its role), or answers it. `web_socket`: it asks for an upgrade.
  using Gate = std::function<std::optional<HttpResponse>(HttpRequest&, bool web_socket)>;

  Router& gate(Gate gate);
  /// `path` as it is, or with a '*' at its end for all that start so. GET answers HEAD too.
  Router& http(std::string method, std::string path, Handler handler);
  Router& web_socket(WsRoute route);
  /// Added to each response that a handler of this router gives.
  using Finish = std::function<void(const HttpRequest&, HttpResponse&)>;
  Router& finish(Finish finish);

  /// Answers 404 and 405 itself.
  void handle(HttpRequest request, Responder respond) const;

  /// An upgrade: a session, or why not.
  struct Upgrade {
    std::unique_ptr<WsSession> session;
    std::string subprotocol;
    HttpResponse refusal;  ///< when there is no session
  };
  Upgrade upgrade(HttpRequest request) const;

 private:
  struct Route {
    std::string path;
    bool prefix = false;
    std::map<std::string, Handler> methods;
    bool matches(std::string_view asked) const;
  };
  const Route* find(std::string_view path) const;

  Gate gate_;
  Finish finish_;
  std::vector<Route> routes_;
  std::vector<WsRoute> web_sockets_;
};

}  // namespace mainstay::remote
