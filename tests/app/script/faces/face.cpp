#include "tests/app/script/faces/face.h"

#include <future>

#include "app/script/script_host.h"
#include "engine/remote/client.h"
#include "engine/remote/json_rpc.h"
#include "engine/remote/remote_studio.h"
#include "engine/studio/command_registry.h"
#include "tests/engine/remote/test_client.h"

namespace mainstay::faces {

namespace {

CallResult broken(const std::string& why) {
  return CallResult::failure(CallErrc::failed, "the face itself is broken: " + why);
}

CallErrc code_named(const std::string& word) {
  for (int code = 0; code <= static_cast<int>(CallErrc::cancelled); ++code) {
    if (word == to_string(static_cast<CallErrc>(code))) return static_cast<CallErrc>(code);
  }
  return CallErrc::failed;
}

CallResult error_of(const Json& json) {
  std::vector<show::ShowError> errors;
  for (const Json& error : json["errors"]) errors.push_back({error["pointer"], error["message"]});
  return CallResult::failure(code_named(json["code"]), json["message"], std::move(errors));
}

std::uint16_t port_of(const std::string& address) {
  return static_cast<std::uint16_t>(std::stoi(address.substr(address.rfind(':') + 1)));
}

CallResult by_script(World& world, const Call& call, Role role) {
  script::Options options;
  options.folder = world.folder();
  options.caller.role = role;
  std::string printed;
  options.print = [&](std::string_view line) { printed += line; };
  const std::string params = call.params.is_null()     ? ""
                             : call.params.is_object() ? call.params.dump()
                                                       : "..." + call.params.dump();
  script::ScriptHost host({world.clock(), world.clock(), world.log(), world.studio()}, options);
  const auto outcome =
      host.run({"try {\n  const r = " + call.command + "(" + params +
                    ");\n  print(JSON.stringify({value: r === undefined ? null : r}));\n} catch (e) {\n"
                    "  if (!(e instanceof CommandError)) throw e;\n"
                    "  print(JSON.stringify({error: {code: e.code, message: e.message, errors: "
                    "e.errors}}));\n}",
                "face.js", false});
  if (!outcome || !outcome->ok()) return broken(outcome ? outcome->message : "stuck");
  const Json answer = Json::parse(printed, nullptr, false);
  if (!answer.is_object()) return broken(printed);
  if (answer.contains("error")) return error_of(answer["error"]);
  return {answer["value"], std::nullopt};
}

CallResult by_web_socket(World& world, const Call& call, Role role) {
  remote::RemoteStudio::Options options{.target = *remote::parse_target(world.api())};
  options.connection.token = World::token(role);
  remote::RemoteStudio port(world.studio().registry(), world.clock(), world.log(), options);
  if (const Status connected = port.connect(); !connected) return broken(connected.error().describe());
  std::promise<CallResult> answer;
  port.call(call.command, call.params, {}, [&](CallResult result) { answer.set_value(std::move(result)); });
  return answer.get_future().get();
}

CallResult by_post(World& world, const Call& call, Role role) {
  remote::RawClient client(port_of(world.api()));
  const std::string body = remote::rpc_request(call.command, call.params, 1);
  client.send("POST /api HTTP/1.1\r\nHost: " + world.api() + "\r\nAuthorization: Bearer " + World::token(role) +
              "\r\nContent-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
              body);
  const auto answer = remote::read_rpc_answer(remote::body_of(client.response()));
  return answer ? *answer : broken(answer.error().describe());
}

// As `mainstay call` reads its words.
CallResult by_command_line(World& world, const Call& call, Role role) {
  std::vector<std::string> words;
  for (const auto& [key, value] : call.params.items()) {
    // A text that is none in JSON goes as it is, as people type it.
    const bool plain = value.is_string() && Json::parse(value.get<std::string>(), nullptr, false).is_discarded();
    const std::string text = plain ? value.get<std::string>() : value.dump();
    words.push_back(call.params.is_array() ? text : key + "=" + text);
  }
  const auto params = remote::parse_call_words(words);
  if (!params) return broken(params.error().describe());
  const auto target = remote::parse_target("http://" + World::token(role) + "@" + world.api());
  const auto answer = remote::call_remote(*target, call.command, *params, {}, world.clock());
  return answer ? *answer : broken(answer.error().describe());
}

CallResult by_obs(World& world, const Call& call, Role) {
  remote::WsClient client(port_of(world.obs()), "/");
  client.receive();  // Hello
  client.send(R"({"op":1,"d":{"rpcVersion":1,"eventSubscriptions":0}})");
  client.receive();  // Identified
  Json request{{"vendorName", "mainstay"}, {"requestType", call.command}};
  if (!call.params.is_null()) request["requestData"] = call.params;
  client.send(
      Json{{"op", 6}, {"d", {{"requestType", "CallVendorRequest"}, {"requestId", "1"}, {"requestData", request}}}}
          .dump());
  const Json answer = Json::parse(client.receive().value_or("null"), nullptr, false);
  if (!answer.is_object() || answer["op"] != 7) return broken(answer.dump());
  const Json& status = answer["d"]["requestStatus"];
  const Json& data = answer["d"]["responseData"]["responseData"];
  if (status["result"] == true) return {data, std::nullopt};
  CallResult failed = error_of(data["error"]);
  return status["comment"] == failed.error->message ? failed : broken(status.dump());
}

auto in_process(mainstay::Face face) {
  return [face](World& world, const Call& call, Role role) { return world.call(call, {face, role, "a test"}); };
}

}  // namespace

const std::vector<Face>& all_faces() {
  static const std::vector<Face> faces{
      {.name = "window", .positional = true, .call = in_process(mainstay::Face::window)},
      {.name = "macro", .positional = true, .call = in_process(mainstay::Face::macro)},
      {.name = "script", .positional = true, .call = by_script},
      {.name = "WebSocket", .positional = true, .call = by_web_socket},
      {.name = "HTTP POST", .positional = true, .call = by_post},
      {.name = "mainstay call", .positional = true, .call = by_command_line},
      {.name = "obs-websocket",
       .most = Role::operate,
       .reason = "whoever knows the one password of OBS steers the show, but does not rewrite it",
       .call = by_obs,
       .says =
           [](const Json& value) {  // response data is an object there
             return value.is_object() ? value : value.is_null() ? Json::object() : Json{{"result", value}};
           }},
  };
  return faces;
}

}  // namespace mainstay::faces
