#include "engine/remote/obs/input_defaults.h"

#include <algorithm>

namespace mainstay::obs {

namespace {

const std::vector<const show::ObjectInfo*>& kinds() {
  static const std::vector<const show::ObjectInfo*> all = [] {
    const auto& fields = show::show_info().fields;
    const auto sources =
        std::find_if(fields.begin(), fields.end(), [](const show::FieldInfo& field) { return field.key == "sources"; });
    return sources == fields.end() ? std::vector<const show::ObjectInfo*>() : sources->objects;
  }();
  return all;
}

}  // namespace

std::vector<std::string> input_kinds() {
  std::vector<std::string> out;
  for (const show::ObjectInfo* kind : kinds()) out.push_back(kind->name);
  return out;
}

std::optional<Json> input_defaults(std::string_view kind) {
  for (const show::ObjectInfo* info : kinds()) {
    if (info->name != kind) continue;
    Json defaults = Json::object();
    for (const show::FieldInfo& field : info->fields) {
      if (!field.default_json.empty()) defaults[field.key] = Json::parse(field.default_json);
    }
    return defaults;
  }
  return std::nullopt;
}

}  // namespace mainstay::obs
