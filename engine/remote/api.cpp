#include "engine/remote/api.h"

#include "engine/remote/json_rpc.h"
#include "engine/remote/openrpc.h"
#include "engine/studio/command_registry.h"

namespace mainstay::remote {

namespace {

// JSON-RPC asks that clients say so; browsers then ask first, so that no page calls without leave.
bool is_json(std::string_view content_type) {
  constexpr std::string_view kJson = "application/json";
  if (content_type.size() < kJson.size()) return false;
  for (std::size_t i = 0; i < kJson.size(); ++i) {
    if ((content_type[i] | 0x20) != (kJson[i] | 0x20)) return false;
  }
  return content_type.size() == kJson.size() || content_type[kJson.size()] == ';' || content_type[kJson.size()] == ' ';
}

void post_call(StudioPort& studio, const HttpRequest& request, const Responder& respond) {
  if (!is_json(request.header("content-type")))
    return respond(HttpResponse::refusal(415, "a call has the Content-Type application/json"));
  const Caller caller = request.caller(Face::api);
  const auto dispatch = [&](RpcCall call, Reply reply) {
    if (call.method == kSubscribe || call.method == kUnsubscribe) {
      return reply(
          CallResult::failure(CallErrc::wrong_state, call.method + " needs a WebSocket; over HTTP, ask event.list"));
    }
    studio.call(std::move(call.method), std::move(call.params), caller, std::move(reply));
  };
  handle_rpc(request.body, dispatch, [respond](std::optional<std::string> answer) {
    respond(answer ? HttpResponse::json(200, *std::move(answer)) : HttpResponse{204, "", {}});
  });
}

Json health_of(const StudioPort& studio) {
  const Snapshot now = studio.snapshot();
  return {
      {"status", "ok"}, {"phase", to_string(now.phase)}, {"show", now.show_name}, {"elapsed_s", seconds(now.elapsed)}};
}

}  // namespace

std::shared_ptr<const Router> make_api_router(StudioPort& studio, std::shared_ptr<EventFeed> feed,
                                              std::shared_ptr<const Access> access) {
  auto router = std::make_shared<Router>();
  router->gate([access](HttpRequest& request, bool web_socket) { return access->admit(request, web_socket); });
  router->finish([access](const HttpRequest& request, HttpResponse& response) { access->finish(request, response); });
  router->http("POST", "/api",
               [&studio](HttpRequest request, Responder respond) { post_call(studio, request, respond); });
  const auto description = std::make_shared<const std::string>(openrpc(studio.registry()).dump());
  router->http("GET", "/api/describe", [description](HttpRequest, Responder respond) {
    respond({200, "application/json", description});
  });
  router->http("GET", "/api/health", [&studio](HttpRequest, Responder respond) {
    respond(HttpResponse::json(200, health_of(studio).dump(-1, ' ', false, Json::error_handler_t::replace)));
  });
  router->web_socket({"/api", {}, [&studio, feed](const WsOpening& opening) {
                        return make_api_session(studio, feed, opening.request.caller(Face::api));
                      }});
  return router;
}

}  // namespace mainstay::remote
