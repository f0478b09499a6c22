#include "engine/remote/router.h"

#include <algorithm>

namespace mainstay::remote {

namespace {

// The client's first choice that the route knows (RFC 6455, 4.2.2).
std::string agreed(std::string_view offered, const std::vector<std::string>& known) {
  while (!offered.empty()) {
    const std::size_t end = std::min(offered.find(','), offered.size());
    std::string_view name = offered.substr(0, end);
    while (!name.empty() && (name.front() == ' ' || name.front() == '\t')) name.remove_prefix(1);
    while (!name.empty() && (name.back() == ' ' || name.back() == '\t')) name.remove_suffix(1);
    if (std::find(known.begin(), known.end(), name) != known.end()) return std::string(name);
    offered.remove_prefix(std::min(end + 1, offered.size()));
  }
  return {};
}

}  // namespace

Router& Router::gate(Gate gate) {
  gate_ = std::move(gate);
  return *this;
}

Router& Router::finish(Finish finish) {
  finish_ = std::move(finish);
  return *this;
}

Router& Router::http(std::string method, std::string path, Handler handler) {
  const bool prefix = path.ends_with('*');
  if (prefix) path.pop_back();
  auto route = std::find_if(routes_.begin(), routes_.end(),
                            [&](const Route& r) { return r.path == path && r.prefix == prefix; });
  if (route == routes_.end()) route = routes_.insert(routes_.end(), Route{std::move(path), prefix, {}});
  route->methods[std::move(method)] = std::move(handler);
  return *this;
}

Router& Router::web_socket(WsRoute route) {
  web_sockets_.push_back(std::move(route));
  return *this;
}

bool Router::Route::matches(std::string_view asked) const {
  return prefix ? asked.starts_with(path) : asked == path;
}

// The longest that matches: "/hls/x" before "/hls/*" before "*".
const Router::Route* Router::find(std::string_view path) const {
  const Route* best = nullptr;
  for (const Route& route : routes_) {
    if (!route.matches(path)) continue;
    const bool better = best == nullptr || route.path.size() > best->path.size() ||
                        (route.path.size() == best->path.size() && !route.prefix);
    if (better) best = &route;
  }
  return best;
}

void Router::handle(HttpRequest request, Responder respond) const {
  if (finish_) {
    auto about = std::make_shared<HttpRequest>(request);
    about->body.clear();
    respond.finish([about, finish = finish_](HttpResponse& response) { finish(*about, response); });
  }
  if (gate_) {
    if (auto refused = gate_(request, false)) return respond(*std::move(refused));
  }
  const Route* route = find(request.path);
  if (route == nullptr) return respond(HttpResponse::refusal(404, "there is nothing here"));
  auto handler = route->methods.find(request.method);
  if (handler == route->methods.end() && request.method == "HEAD") handler = route->methods.find("GET");
  if (handler == route->methods.end()) {
    std::string allowed;
    for (const auto& [method, h] : route->methods) allowed += (allowed.empty() ? "" : ", ") + method;
    HttpResponse response = HttpResponse::refusal(405, "use " + allowed + " here");
    response.headers.add("Allow", allowed);
    return respond(std::move(response));
  }
  handler->second(std::move(request), std::move(respond));
}

Router::Upgrade Router::upgrade(HttpRequest request) const {
  if (gate_) {
    if (auto refused = gate_(request, true)) return {nullptr, {}, *std::move(refused)};
  }
  for (const WsRoute& route : web_sockets_) {
    if (route.path != "*" && route.path != request.path) continue;
    const std::string subprotocol = agreed(request.header("sec-websocket-protocol"), route.subprotocols);
    auto session = route.open({std::move(request), subprotocol});
    if (session == nullptr) return {nullptr, {}, HttpResponse::refusal(503, "no further client can be served now")};
    return {std::move(session), subprotocol, {}};
  }
  return {nullptr, {}, HttpResponse::refusal(404, "there is no WebSocket here")};
}

}  // namespace mainstay::remote
