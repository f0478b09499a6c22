#include "engine/studio/registry_json.h"

namespace mainstay {

namespace {

const char* word_for(show::FieldKind kind) {
  constexpr const char* kWords[] = {"boolean", "integer", "number", "text", "word", "rate", "object", "any"};
  return kWords[static_cast<int>(kind)];
}

}  // namespace

Json to_json(const show::FieldInfo& field) {
  Json json;
  if (!field.key.empty()) json["name"] = field.key;
  json["type"] = word_for(field.kind);
  if (field.shape == show::FieldShape::list) json["list"] = true;
  if (field.shape == show::FieldShape::map) json["map"] = true;
  if (field.required) json["required"] = true;
  if (field.min && field.kind != show::FieldKind::text) json["min"] = *field.min;
  if (field.max && field.kind != show::FieldKind::text) json["max"] = *field.max;
  if (!field.unit.empty()) json["unit"] = field.unit;
  if (!field.words.empty()) json["words"] = field.words;
  if (!field.default_json.empty()) json["default"] = Json::parse(field.default_json, nullptr, false);
  json["help"] = field.help;
  return json;
}

Json to_json(const CommandInfo& info) {
  Json params = Json::array();
  for (const show::FieldInfo& field : info.params.fields) params.push_back(to_json(field));
  return {{"name", info.name},
          {"help", info.help},
          {"role", to_string(info.role)},
          {"when", to_string(info.when)},
          {"changes_show", info.changes_show},
          {"params", std::move(params)},
          {"result", info.result.help.empty() ? Json(nullptr) : to_json(info.result)}};
}

}  // namespace mainstay
