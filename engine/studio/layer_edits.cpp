#include "engine/studio/layer_edits.h"

#include <algorithm>

#include "engine/show/layers.h"

namespace mainstay {

show::FieldInfo revision_result() {
  return returns(show::FieldKind::object, "{revision}: the number of the show's revision.");
}

show::FieldSpec scene_spec() {
  return {.help = "The scene.", .required = true};
}

show::FieldSpec layer_spec() {
  return {.help = "The layer's name: its own, else its source's.", .required = true};
}

CallResult no_scene(const std::string& name) {
  return CallResult::failure(CallErrc::not_found, fmt::format("no scene is called '{}'", name));
}

CallResult nothing_open() {
  return CallResult::failure(CallErrc::wrong_state, "no show is open");
}

std::optional<CallResult> find_layer(const OpenShowPtr& open, const std::string& scene, const std::string& layer,
                                     FoundLayer& found) {
  if (!open) return nothing_open();
  const auto in = open->show.scenes.find(scene);
  if (in == open->show.scenes.end()) return no_scene(scene);
  const std::vector<std::string> names = show::layer_names(in->second);
  const auto at = std::find(names.begin(), names.end(), layer);
  if (at == names.end()) {
    return CallResult::failure(CallErrc::not_found, fmt::format("scene '{}' has no layer called '{}'", scene, layer));
  }
  found.show = &open->show;
  found.index = static_cast<int>(at - names.begin());
  found.layer = &in->second.layers[static_cast<std::size_t>(found.index)];
  found.pointer = fmt::format("{}/layers/{}", show::pointer_to("/scenes", scene), found.index);
  return std::nullopt;
}

std::optional<CallResult> locked(const FoundLayer& found, const std::string& layer) {
  if (!found.layer->locked) return std::nullopt;
  return CallResult::failure(CallErrc::wrong_state, fmt::format("layer '{}' is locked: unlock it first", layer));
}

bool merge(Json& object, const Json& values) {
  if (!values.is_object()) return values.is_null();
  for (const auto& [key, value] : values.items()) {
    if (value.is_null())
      object.erase(key);
    else
      object[key] = value;
  }
  return true;
}

Status merge_at(Json& document, const std::string& pointer, const Json& values) {
  const Json* const found = show::find_at(document, pointer);
  Json object = found != nullptr ? *found : Json::object();
  if (!merge(object, values)) return make_error(Errc::invalid, "values: an object of keys and values is wanted");
  return show::set_at(document, pointer, std::move(object));
}

}  // namespace mainstay
