#include "engine/remote/openrpc.h"

#include "engine/remote/json_rpc.h"
#include "engine/studio/event_types.h"

namespace mainstay::remote {

namespace {

using show::FieldInfo;
using show::FieldKind;
using show::FieldShape;
using show::ObjectInfo;

std::string description_of(const FieldInfo& field) {
  if (field.unit.empty()) return field.help;
  return field.help + (field.help.empty() ? "" : " ") + "In " + field.unit + ".";
}

void add_range(const FieldInfo& field, Json& schema) {
  if (field.min) schema["minimum"] = *field.min;
  if (field.max) schema["maximum"] = *field.max;
}

Json object_schema(const ObjectInfo& object) {
  Json properties = Json::object();
  Json required = Json::array();
  if (object.alternative) {
    properties["type"] = {{"const", object.name}};
    required.push_back("type");
  }
  for (const FieldInfo& field : object.fields) {
    properties[field.key] = json_schema(field);
    if (field.required) required.push_back(field.key);
  }
  Json schema{{"type", "object"}, {"properties", std::move(properties)}, {"additionalProperties", false}};
  if (!required.empty()) schema["required"] = std::move(required);
  if (!object.help.empty()) schema["description"] = object.help;
  if (object.shorthand.empty()) return schema;
  return {{"oneOf", Json::array({std::move(schema), Json{{"type", "string"}}})}};
}

Json single_schema(const FieldInfo& field) {
  Json schema = Json::object();
  switch (field.kind) {
    case FieldKind::boolean:
      schema["type"] = "boolean";
      break;
    case FieldKind::integer:
      schema["type"] = "integer";
      add_range(field, schema);
      if (field.multiple_of > 1) schema["multipleOf"] = field.multiple_of;
      if (!field.numbers.empty()) schema["enum"] = field.numbers;
      break;
    case FieldKind::number:
      schema["type"] = "number";
      add_range(field, schema);
      break;
    case FieldKind::text:
      schema["type"] = "string";
      break;
    case FieldKind::word:
      schema["type"] = "string";
      schema["enum"] = field.words;
      break;
    case FieldKind::rate:
      schema["type"] = Json::array({"string", "number"});
      break;
    case FieldKind::object:
      if (field.objects.size() == 1) return object_schema(*field.objects[0]);
      schema["type"] = "object";
      for (const ObjectInfo* object : field.objects) schema["oneOf"].push_back(object_schema(*object));
      break;
    case FieldKind::any:
      break;
  }
  return schema;
}

Json parameter(const FieldInfo& field) {
  return {{"name", field.key},
          {"description", description_of(field)},
          {"required", field.required},
          {"schema", json_schema(field)}};
}

Json error_reference(CallErrc code) {
  return {{"$ref", std::string("#/components/errors/") + to_string(code)}};
}

Json method_of(const CommandInfo& info) {
  Json params = Json::array();
  for (const FieldInfo& field : info.params.fields) params.push_back(parameter(field));
  Json errors = Json::array();
  for (const CallErrc code : {CallErrc::invalid_params, CallErrc::denied, CallErrc::wrong_state, CallErrc::not_found,
                              CallErrc::busy, CallErrc::failed, CallErrc::cancelled})
    errors.push_back(error_reference(code));
  if (info.changes_show) errors.push_back(error_reference(CallErrc::invalid_show));
  return {{"name", info.name},
          {"summary", info.help},
          {"paramStructure", "either"},
          {"params", std::move(params)},
          {"result", {{"name", "result"}, {"description", info.result.help}, {"schema", json_schema(info.result)}}},
          {"errors", std::move(errors)},
          {"x-role", to_string(info.role)},
          {"x-when", to_string(info.when)},
          {"x-changes-show", info.changes_show}};
}

// Of sessions, not of the studio: declared here.
Json subscription_method() {
  FieldInfo after;
  after.key = "after";
  after.kind = FieldKind::integer;
  after.min = 0;
  after.help = "The number of the last event that the client knows: those after it come first. Absent: from now on.";
  FieldInfo types;
  types.key = "types";
  types.kind = FieldKind::word;
  types.shape = FieldShape::list;
  types.help = "Types of event to send; absent or empty: all.";
  for (const EventType& type : event_types()) types.words.push_back(type.name);
  return {{"name", kSubscribe},
          {"summary",
           "Sends events as notifications \"event\", over a WebSocket only. Where some are gone from the history "
           "already, a notification \"events.gap\" {\"from\", \"to\"} says so."},
          {"paramStructure", "either"},
          {"params", Json::array({parameter(after), parameter(types)})},
          {"result",
           {{"name", "result"},
            {"schema",
             {{"type", "object"},
              {"properties", {{"last", {{"type", "integer"}, {"description", "The latest event's number."}}}}},
              {"required", Json::array({"last"})}}}}},
          {"x-role", "view"},
          {"x-when", "always"},
          {"x-changes-show", false}};
}

Json unsubscription_method() {
  return {{"name", kUnsubscribe},    {"summary", "Ends the subscription."},
          {"params", Json::array()}, {"result", {{"name", "result"}, {"schema", {{"type", "null"}}}}},
          {"x-role", "view"},        {"x-when", "always"},
          {"x-changes-show", false}};
}

Json error_components() {
  constexpr std::pair<CallErrc, const char*> kErrors[] = {
      {CallErrc::unknown_command, "There is no such command."},
      {CallErrc::invalid_params, "The parameters are wrong: data.errors says which."},
      {CallErrc::invalid_show, "The show would not be valid: data.errors has the pointers."},
      {CallErrc::denied, "The caller's role does not allow it."},
      {CallErrc::wrong_state, "Not now."},
      {CallErrc::not_found, "What it names is not there."},
      {CallErrc::busy, "Too much is waiting: try again."},
      {CallErrc::failed, "It was tried and failed."},
      {CallErrc::cancelled, "The studio ended first."}};
  Json errors = Json::object();
  for (const auto& [code, message] : kErrors)
    errors[to_string(code)] = {{"code", rpc_code(code)}, {"message", message}};
  return errors;
}

Json events() {
  Json list = Json::array();
  for (const EventType& type : event_types()) {
    Json data = Json::object();
    for (const auto& [key, help] : type.data) data[key] = help;
    list.push_back({{"name", type.name}, {"summary", type.help}, {"subject", type.subject}, {"data", std::move(data)}});
  }
  return list;
}

}  // namespace

Json json_schema(const FieldInfo& field) {
  Json schema = single_schema(field);
  if (field.shape == FieldShape::list) {
    schema = {{"type", "array"}, {"items", std::move(schema)}, {"maxItems", field.max_items}};
  } else if (field.shape == FieldShape::map) {
    schema = {{"type", "object"}, {"additionalProperties", std::move(schema)}, {"maxProperties", field.max_items}};
  }
  if (const std::string text = description_of(field); !text.empty()) schema["description"] = text;
  if (!field.default_json.empty()) schema["default"] = Json::parse(field.default_json);
  return schema;
}

Json openrpc(const CommandRegistry& registry) {
  Json methods = Json::array();
  for (const CommandInfo* info : registry.commands()) methods.push_back(method_of(*info));
  methods.push_back(subscription_method());
  methods.push_back(unsubscription_method());
  return {{"openrpc", "1.3.2"},
          {"info",
           {{"title", "Mainstay"},
            {"version", "1"},
            {"description",
             "Commands of a Mainstay. JSON-RPC 2.0 over HTTP POST (Content-Type application/json) and WebSocket, both "
             "at /api."}}},
          {"servers", Json::array({Json{{"name", "this"}, {"url", "/api"}}})},
          {"methods", std::move(methods)},
          {"components", {{"errors", error_components()}}},
          {"x-events", events()}};
}

}  // namespace mainstay::remote
