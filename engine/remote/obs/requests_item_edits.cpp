// Scene items changed: placed, shown, locked, ordered, made and taken away.
#include <fmt/format.h>

#include <cmath>
#include <tuple>
#include <utility>

#include "engine/remote/obs/filter_view.h"
#include "engine/remote/obs/lookup.h"
#include "engine/remote/obs/vocabulary.h"
#include "engine/show/suggest.h"

namespace mainstay::obs {

namespace {

/// A request that sets keys of an item's layer: `values` of the item, or none with the answer given.
using Values = std::function<std::optional<Json>(const CallPtr&, const ShowView&, const ItemView&)>;

Handler item_setter(Values values) {
  return [values = std::move(values)](const CallPtr& call) {
    with_item(call, [call, values](const ShowView& view, const std::string& scene, const ItemView& item) {
      auto wanted = values(call, view, item);
      if (!wanted) return;
      if (wanted->empty()) return call->succeed();
      command(call, "layer.set", {{"scene", scene}, {"layer", item.name}, {"values", std::move(*wanted)}});
    });
  };
}

/// A number of the transform, rounded; none when it is not there.
std::optional<int> whole(const Json& transform, const char* key) {
  const auto found = transform.find(key);
  if (found == transform.end() || !found->is_number()) return std::nullopt;
  const double value = found->get<double>();
  if (!(std::abs(value) < 1e6)) return std::nullopt;
  return static_cast<int>(std::lround(value));
}

double factor(const Json& transform, const char* key) {
  const auto found = transform.find(key);
  return found != transform.end() && found->is_number() ? found->get<double>() : 1.0;
}

std::optional<Json> refuse(const CallPtr& call, std::string why) {
  call->fail(RequestStatus::invalid_field, std::move(why));
  return std::nullopt;
}

/// Scale is told of the box the item has: twice as wide is a box twice as wide.
void put_scale(const Json& given, const Json& now, Json& values) {
  for (const auto& [scale, size, key] : {std::tuple{"scaleX", "width", "width"}, {"scaleY", "height", "height"}}) {
    const double by = factor(given, scale);
    if (by == 1.0 || !(by > 0) || !(by < 1000)) continue;
    values[key] = static_cast<int>(std::lround(now[size].get<double>() * by));
    values["fit"] = "stretch";
  }
}

std::optional<Json> transform_values(const CallPtr& call, const ShowView& view, const ItemView& item) {
  static const std::pair<const char*, const char*> kPlain[] = {
      {"positionX", "x"}, {"positionY", "y"}, {"boundsWidth", "width"}, {"boundsHeight", "height"}};
  static const std::pair<const char*, const char*> kCrop[] = {
      {"cropLeft", "left"}, {"cropTop", "top"}, {"cropRight", "right"}, {"cropBottom", "bottom"}};
  const Json& given = call->data["sceneItemTransform"];
  Json values = Json::object();
  for (const auto& [theirs, ours] : kPlain) {
    if (const auto value = whole(given, theirs)) values[ours] = *value;
  }
  Json crop = item.layer.is_object() && item.layer.contains("crop") ? item.layer["crop"] : Json::object();
  bool crops = false;
  for (const auto& [theirs, ours] : kCrop) {
    const auto value = whole(given, theirs);
    if (!value) continue;
    crop[ours] = *value;
    crops = true;
  }
  if (crops) values["crop"] = crop;
  if (const auto degrees = whole(given, "rotation")) {
    const int turned = (*degrees % 360 + 360) % 360;
    if (turned % 90 != 0) return refuse(call, "`rotation` is a multiple of 90 here.");
    values["rotate"] = turned;
  }
  if (const auto type = given.find("boundsType"); type != given.end() && type->is_string()) {
    const auto fit = fit_of(type->get<std::string>());
    if (!fit) return refuse(call, fmt::format("`boundsType` {} is not supported.", type->dump()));
    values["fit"] = *fit;
  }
  if (const auto alignment = whole(given, "alignment"); alignment && *alignment != 5)
    return refuse(call, "`alignment` is 5 (the left upper corner) here.");
  put_scale(given, view.transform(item), values);
  return values;
}

std::optional<Json> blend_values(const CallPtr& call, const ShowView&, const ItemView&) {
  const auto blend = blend_of(call->text("sceneItemBlendMode"));
  if (!blend) return refuse(call, "`sceneItemBlendMode` is NORMAL, ADDITIVE, SCREEN or MULTIPLY here (OBS_BLEND_…).");
  return Json{{"blend", *blend}};
}

void set_index(const CallPtr& call) {
  with_item(call, [call](const ShowView&, const std::string& scene, const ItemView& item) {
    const auto index = std::llround(call->data["sceneItemIndex"].get<double>());
    command(call, "layer.move", {{"scene", scene}, {"layer", item.name}, {"position", index}});
  });
}

/// A layer made on top of a scene, answered with its id.
void add_layer(const CallPtr& call, const std::string& scene, Json params) {
  params["scene"] = scene;
  command_value(call, "layer.add", std::move(params), [call, scene](const Json&) {
    with_show(call, [call, scene](const ShowView& view) {
      const std::vector<ItemView> items = view.items(scene);
      if (items.empty()) return call->fail(RequestStatus::processing_failed, "The item is gone again.");
      call->succeed({{"sceneItemId", items.back().id}});
    });
  });
}

void create_item(const CallPtr& call) {
  with_scene(call, [call](const ShowView& view, const std::string& scene) {
    std::string source = call->text("sourceName");
    if (source.empty()) source = view.input_by_uuid(call->text("sourceUuid"));
    if (source.empty()) source = view.scene_by_uuid(call->text("sourceUuid"));
    const bool is_scene = !view.has_input(source) && view.has_scene(source);
    if (!is_scene && !view.has_input(source)) {
      return call->fail(RequestStatus::resource_not_found,
                        fmt::format("No source is called {}.", show::in_quotes(source)));
    }
    const bool enabled = !call->given("sceneItemEnabled") || call->data["sceneItemEnabled"].get<bool>();
    Json values = Json::object();
    if (!enabled) values["visible"] = false;
    // Filters belong to the input for these clients: a further item of it has them too.
    if (Json filters = written_filters(view, source); !filters.empty()) values["filters"] = std::move(filters);
    add_layer(call, scene, {{is_scene ? "nested" : "source", source}, {"values", std::move(values)}});
  });
}

void duplicate_item(const CallPtr& call) {
  with_item(call, [call](const ShowView& view, const std::string& scene, const ItemView& item) {
    std::string to = call->text("destinationSceneName");
    if (to.empty() && call->given("destinationSceneUuid")) to = view.scene_by_uuid(call->text("destinationSceneUuid"));
    if (to.empty()) to = scene;
    if (!view.has_scene(to)) {
      return call->fail(RequestStatus::resource_not_found, fmt::format("No scene is called {}.", show::in_quotes(to)));
    }
    Json values = item.layer.is_object() ? item.layer : Json::object();
    values.erase("name");
    values.erase("source");
    add_layer(call, to, {{"source", item.source}, {"values", std::move(values)}});
  });
}

}  // namespace

void add_scene_item_edits(RequestTable& table) {
  const auto fields = [](std::vector<RequestField> more) {
    more.insert(more.begin(), required("sceneItemId", FieldType::number));
    return name_or_uuid("scene", std::move(more));
  };
  const auto flag = [](const char* theirs, const char* ours) {
    return item_setter([theirs, ours](const CallPtr& call, const ShowView&, const ItemView&) {
      return std::optional(Json{{ours, call->data[theirs].get<bool>()}});
    });
  };
  table.add({"SetSceneItemTransform", Role::operate, fields({required("sceneItemTransform", FieldType::object)}),
             item_setter(transform_values)});
  table.add({"SetSceneItemEnabled", Role::operate, fields({required("sceneItemEnabled", FieldType::boolean)}),
             flag("sceneItemEnabled", "visible")});
  table.add({"SetSceneItemLocked", Role::operate, fields({required("sceneItemLocked", FieldType::boolean)}),
             flag("sceneItemLocked", "locked")});
  table.add({"SetSceneItemIndex", Role::operate,
             fields({{.name = "sceneItemIndex", .type = FieldType::number, .required = true, .min = 0, .max = 63}}),
             set_index});
  table.add(
      {"SetSceneItemBlendMode", Role::operate, fields({required("sceneItemBlendMode")}), item_setter(blend_values)});
  table.add({"CreateSceneItem", Role::operate,
             name_or_uuid("scene", {optional_field("sourceName"), optional_field("sourceUuid"),
                                    optional_field("sceneItemEnabled", FieldType::boolean)}),
             create_item});
  table.add({"RemoveSceneItem", Role::operate, fields({}), [](const CallPtr& call) {
               with_item(call, [call](const ShowView&, const std::string& scene, const ItemView& item) {
                 command(call, "layer.remove", {{"scene", scene}, {"layer", item.name}});
               });
             }});
  table.add({"DuplicateSceneItem", Role::operate,
             fields({optional_field("destinationSceneName"), optional_field("destinationSceneUuid")}), duplicate_item});
}

}  // namespace mainstay::obs
