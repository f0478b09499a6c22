#include "engine/remote/obs/show_view.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "engine/ffi/crypto/crypto.h"
#include "engine/remote/obs/vocabulary.h"
#include "engine/show/layers.h"

namespace mainstay::obs {

namespace {

const Json kNothing;

// What stands under the key, or null.
const Json& at(const Json& json, std::string_view key) {
  if (!json.is_object()) return kNothing;
  const auto found = json.find(std::string(key));
  return found == json.end() ? kNothing : *found;
}

std::string text_at(const Json& json, std::string_view key, std::string otherwise = {}) {
  const Json& value = at(json, key);
  return value.is_string() ? value.get<std::string>() : std::move(otherwise);
}

double number_at(const Json& json, std::string_view key, double otherwise) {
  const Json& value = at(json, key);
  return value.is_number() ? value.get<double>() : otherwise;
}

std::vector<std::string> keys_of(const Json& json) {
  std::vector<std::string> out;
  if (json.is_object()) {
    for (const auto& [key, value] : json.items()) out.push_back(key);
  }
  return out;
}

bool contains(const std::vector<std::string>& list, std::string_view name) {
  return std::find(list.begin(), list.end(), name) != list.end();
}

std::string kind_of_url(const std::string& url) {
  return url.substr(0, url.find(':')) == "srt" ? "srt_output" : "rtmp_output";
}

// A leg is an object, or a plain URL in its place.
std::string leg_url(const Json& leg) {
  return leg.is_string() ? leg.get<std::string>() : text_at(leg, "url");
}

// 31 bits, never 0, made from what tells the layer apart.
int item_id(const std::string& key, const std::set<int>& taken) {
  const ffi::Sha1 digest = ffi::sha1("item\n" + key);
  std::uint32_t id = 0;
  for (int i = 0; i < 4; ++i) id = id << 8 | digest[static_cast<std::size_t>(i)];
  id &= 0x7FFFFFFF;
  while (id == 0 || taken.contains(static_cast<int>(id))) id = (id + 1) & 0x7FFFFFFF;
  return static_cast<int>(id);
}

// What commands call the layers.
std::vector<std::string> layer_names(const Json& layers) {
  show::Scene scene;
  for (const Json& layer : layers) {
    scene.layers.push_back({.source = layer.is_string() ? layer.get<std::string>() : text_at(layer, "source")});
    scene.layers.back().name = text_at(layer, "name");
  }
  return show::layer_names(scene);
}

bool flag_at(const Json& json, std::string_view key, bool otherwise) {
  const Json& value = at(json, key);
  return value.is_boolean() ? value.get<bool>() : otherwise;
}

}  // namespace

std::string uuid_of(std::string_view show, std::string_view kind, std::string_view name) {
  static constexpr std::string_view kSpace = "mainstay obs";
  ffi::Sha1 d = ffi::sha1(fmt::format("{}\n{}\n{}\n{}", kSpace, show, kind, name));
  d[6] = static_cast<std::uint8_t>((d[6] & 0x0F) | 0x50);  // version 5
  d[8] = static_cast<std::uint8_t>((d[8] & 0x3F) | 0x80);  // variant of RFC 9562
  std::string out;
  for (std::size_t i = 0; i < 16; ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) out += '-';
    out += fmt::format("{:02x}", d[i]);
  }
  return out;
}

ShowView::ShowView(Json document) : document_(std::move(document)) {
  name_ = text_at(document_, "name", "Untitled");
  on_air_ = text_at(document_, "on_air");
  scenes_ = keys_of(at(document_, "scenes"));
  for (std::string& name : keys_of(at(document_, "sources"))) {
    const Json& source = at(at(document_, "sources"), name);
    if (text_at(source, "type") == "scene")
      nested_[name] = text_at(source, "scene");
    else
      inputs_.push_back(std::move(name));
  }
}

bool ShowView::has_scene(std::string_view scene) const {
  return contains(scenes_, scene);
}

bool ShowView::has_input(std::string_view input) const {
  return contains(inputs_, input);
}

std::string ShowView::scene_by_uuid(std::string_view uuid) const {
  for (const std::string& scene : scenes_) {
    if (scene_uuid(scene) == uuid) return scene;
  }
  return {};
}

std::string ShowView::input_by_uuid(std::string_view uuid) const {
  for (const std::string& input : inputs_) {
    if (input_uuid(input) == uuid) return input;
  }
  return {};
}

std::string ShowView::input_kind(std::string_view input) const {
  return text_at(at(at(document_, "sources"), input), "type");
}

Json ShowView::input_settings(std::string_view input) const {
  Json settings = at(at(document_, "sources"), input);
  if (!settings.is_object()) return Json::object();
  settings.erase("type");
  return settings;
}

std::vector<std::string> ShowView::inputs_seen(std::string_view scene) const {
  if (scenes_.empty()) return inputs_.empty() ? inputs_ : std::vector<std::string>{inputs_.front()};
  std::vector<std::string> out;
  for (const std::string& seen : scenes_seen(has_scene(scene) ? scene : scenes_.front())) {
    for (const ItemView& item : items(seen)) {
      if (item.enabled && has_input(item.source) && !contains(out, item.source)) out.push_back(item.source);
    }
  }
  return out;
}

std::set<std::string> ShowView::scenes_seen(std::string_view scene) const {
  std::set<std::string> out;
  std::vector<std::string> next{std::string(scene)};
  while (!next.empty()) {
    const std::string one = std::move(next.back());
    next.pop_back();
    if (!has_scene(one) || !out.insert(one).second) continue;
    for (const ItemView& item : items(one)) {
      if (item.enabled && !item.scene.empty()) next.push_back(item.scene);
    }
  }
  return out;
}

std::vector<ItemView> ShowView::items(std::string_view scene) const {
  std::vector<ItemView> out;
  const Json& layers = at(at(at(document_, "scenes"), scene), "layers");
  if (!layers.is_array()) return out;
  const std::vector<std::string> names = layer_names(layers);
  std::map<std::string, int> uses;
  std::set<int> taken;
  for (const Json& layer : layers) {
    ItemView item;
    item.index = static_cast<int>(out.size());
    item.source = layer.is_string() ? layer.get<std::string>() : text_at(layer, "source");
    if (const auto nested = nested_.find(item.source); nested != nested_.end()) item.scene = nested->second;
    item.name = names[out.size()];
    const std::string own = text_at(layer, "name");
    item.id = item_id(own.empty() ? fmt::format("{}\n{}", item.source, uses[item.source]++) : "name\n" + own, taken);
    taken.insert(item.id);
    item.enabled = flag_at(layer, "visible", true);
    item.locked = flag_at(layer, "locked", false);
    item.layer = layer;
    out.push_back(std::move(item));
  }
  return out;
}

std::vector<OutputView> ShowView::outputs() const {
  std::vector<OutputView> out;
  const Json& destinations = at(document_, "destinations");
  for (const std::string& name : keys_of(destinations)) {
    for (const char* role : {"main", "backup"}) {
      const Json& leg = at(at(destinations, name), role);
      if (leg.is_null()) continue;
      const std::string url = leg_url(leg);
      out.push_back({name + "/" + role, kind_of_url(url), name, role, url});
    }
  }
  if (!at(document_, "record").is_null()) out.push_back({"record", "file_output", {}, {}, {}});
  return out;
}

Json ShowView::scene_list() const {
  Json list = Json::array();
  for (std::size_t i = scenes_.size(); i-- > 0;) {
    list.push_back(
        {{"sceneIndex", scenes_.size() - 1 - i}, {"sceneName", scenes_[i]}, {"sceneUuid", scene_uuid(scenes_[i])}});
  }
  return list;
}

Json ShowView::input_entry(std::string_view input) const {
  const std::string kind = input_kind(input);
  return {{"inputName", std::string(input)},
          {"inputUuid", input_uuid(input)},
          {"inputKind", kind},
          {"unversionedInputKind", kind},
          {"inputKindCaps", kind == "color" ? 1 : 3}};  // OBS_SOURCE_VIDEO, and OBS_SOURCE_AUDIO where it has sound
}

Json ShowView::transform(const ItemView& item) const {
  static const std::map<std::string, std::string> kBounds = {{"contain", "OBS_BOUNDS_SCALE_INNER"},
                                                             {"cover", "OBS_BOUNDS_SCALE_OUTER"},
                                                             {"stretch", "OBS_BOUNDS_STRETCH"},
                                                             {"none", "OBS_BOUNDS_NONE"}};
  constexpr int kTopLeft = 5;  // OBS_ALIGN_LEFT | OBS_ALIGN_TOP
  const Json& program = at(document_, "program");
  double width = number_at(item.layer, "width", 0);
  double height = number_at(item.layer, "height", 0);
  if (width <= 0) width = number_at(program, "width", 1920);
  if (height <= 0) height = number_at(program, "height", 1080);
  const Json& crop = at(item.layer, "crop");
  const auto bounds = kBounds.find(text_at(item.layer, "fit", "contain"));
  return {{"sourceWidth", width},
          {"sourceHeight", height},
          {"positionX", number_at(item.layer, "x", 0)},
          {"positionY", number_at(item.layer, "y", 0)},
          {"rotation", number_at(item.layer, "rotate", 0)},
          {"scaleX", 1.0},
          {"scaleY", 1.0},
          {"width", width},
          {"height", height},
          {"alignment", kTopLeft},
          {"boundsType", bounds == kBounds.end() ? "OBS_BOUNDS_NONE" : bounds->second},
          {"boundsAlignment", 0},
          {"boundsWidth", width},
          {"boundsHeight", height},
          {"cropLeft", number_at(crop, "left", 0)},
          {"cropTop", number_at(crop, "top", 0)},
          {"cropRight", number_at(crop, "right", 0)},
          {"cropBottom", number_at(crop, "bottom", 0)},
          {"cropToBounds", false}};
}

Json ShowView::item_source(const ItemView& item) const {
  if (!item.scene.empty()) return {{"sourceName", item.scene}, {"sourceUuid", scene_uuid(item.scene)}};
  return {{"sourceName", item.source}, {"sourceUuid", input_uuid(item.source)}};
}

Json ShowView::item_entry(const ItemView& item) const {
  const bool is_scene = !item.scene.empty();
  const Json source = item_source(item);
  return {{"sceneItemId", item.id},
          {"sceneItemIndex", item.index},
          {"sceneItemEnabled", item.enabled},
          {"sceneItemLocked", item.locked},
          {"sceneItemTransform", transform(item)},
          {"sceneItemBlendMode", obs_blend(text_at(item.layer, "blend", "normal"))},
          {"sourceName", source["sourceName"]},
          {"sourceUuid", source["sourceUuid"]},
          {"sourceType", is_scene ? "OBS_SOURCE_TYPE_SCENE" : "OBS_SOURCE_TYPE_INPUT"},
          {"inputKind", is_scene ? Json() : Json(input_kind(item.source))},
          {"isGroup", is_scene ? Json(false) : Json()}};
}

std::string program_scene(const Snapshot& snapshot, const ShowView& view) {
  if (snapshot.phase == Phase::on_air && !snapshot.program.scene.empty()) return snapshot.program.scene;
  return view.on_air();
}

}  // namespace mainstay::obs
