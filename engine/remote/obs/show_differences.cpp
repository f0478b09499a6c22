// Two shows compared, as clients of obs-websocket are told.
#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "engine/remote/obs/filter_view.h"
#include "engine/remote/obs/input_defaults.h"
#include "engine/remote/obs/translator.h"
#include "engine/remote/obs/volume.h"

namespace mainstay::obs {

namespace {

using Out = std::vector<ObsEvent>;

void compare_names(const ShowView& before, const ShowView& after, Out& out) {
  const std::string& name = after.name();
  out.push_back({"CurrentSceneCollectionChanging", intent::kConfig, {{"sceneCollectionName", before.name()}}});
  out.push_back({"SceneCollectionListChanged", intent::kConfig, {{"sceneCollections", Json::array({name})}}});
  out.push_back({"CurrentSceneCollectionChanged", intent::kConfig, {{"sceneCollectionName", name}}});
  out.push_back({"ProfileListChanged", intent::kConfig, {{"profiles", Json::array({name})}}});
  out.push_back({"CurrentProfileChanged", intent::kConfig, {{"profileName", name}}});
}

void compare_inputs(const ShowView& before, const ShowView& after, Out& out) {
  for (const std::string& input : before.inputs()) {
    if (after.has_input(input) && after.input_kind(input) == before.input_kind(input)) continue;
    out.push_back({"InputRemoved", intent::kInputs, {{"inputName", input}, {"inputUuid", before.input_uuid(input)}}});
  }
  for (const std::string& input : after.inputs()) {
    const Json settings = after.input_settings(input);
    if (before.has_input(input) && after.input_kind(input) == before.input_kind(input)) {
      if (settings != before.input_settings(input)) {
        out.push_back({"InputSettingsChanged",
                       intent::kInputs,
                       {{"inputName", input}, {"inputUuid", after.input_uuid(input)}, {"inputSettings", settings}}});
      }
      continue;
    }
    Json data = after.input_entry(input);
    data["inputSettings"] = settings;
    data["defaultInputSettings"] = input_defaults(after.input_kind(input)).value_or(Json::object());
    out.push_back({"InputCreated", intent::kInputs, std::move(data)});
  }
}

// Where the sound of inputs goes; levels are told as they move (mixer.changed).
void compare_sound(const ShowView& before, const ShowView& after, Out& out) {
  for (const std::string& input : after.inputs()) {
    if (!before.has_input(input)) continue;
    const Json data{{"inputName", input}, {"inputUuid", after.input_uuid(input)}};
    if (const Json tracks = audio_tracks(after, input); tracks != audio_tracks(before, input)) {
      out.push_back({"InputAudioTracksChanged", intent::kInputs, data});
      out.back().data["inputAudioTracks"] = tracks;
    }
    if (const std::string type = monitor_type(after, input); type != monitor_type(before, input)) {
      out.push_back({"InputAudioMonitorTypeChanged", intent::kInputs, data});
      out.back().data["monitorType"] = type;
    }
  }
}

bool same_but_name(const FilterView& a, const FilterView& b) {
  return a.kind == b.kind && a.enabled == b.enabled && a.settings == b.settings;
}

const FilterView* find(const std::vector<FilterView>& filters, const std::string& name) {
  const auto found =
      std::find_if(filters.begin(), filters.end(), [&](const FilterView& filter) { return filter.name == name; });
  return found == filters.end() ? nullptr : &*found;
}

/// A filter in the place of one whose name is gone, and which says the same, has another name.
void compare_filter_names(const std::string& input, std::vector<FilterView>& was, const std::vector<FilterView>& is,
                          Out& out) {
  for (std::size_t i = 0; i < std::min(was.size(), is.size()); ++i) {
    if (was[i].name == is[i].name || !same_but_name(was[i], is[i])) continue;
    if (find(is, was[i].name) != nullptr || find(was, is[i].name) != nullptr) continue;
    out.push_back({"SourceFilterNameChanged",
                   intent::kFilters,
                   {{"sourceName", input}, {"oldFilterName", was[i].name}, {"filterName", is[i].name}}});
    was[i].name = is[i].name;
  }
}

void compare_filter(const std::string& input, const FilterView& was, const FilterView& is, Out& out) {
  if (was.enabled != is.enabled)
    out.push_back({"SourceFilterEnableStateChanged",
                   intent::kFilters,
                   {{"sourceName", input}, {"filterName", is.name}, {"filterEnabled", is.enabled}}});
  if (was.settings != is.settings)
    out.push_back({"SourceFilterSettingsChanged",
                   intent::kFilters,
                   {{"sourceName", input}, {"filterName", is.name}, {"filterSettings", is.settings}}});
}

void compare_filters(const ShowView& before, const ShowView& after, const std::string& input, Out& out) {
  std::vector<FilterView> was = input_filters(before, input);
  const std::vector<FilterView> is = input_filters(after, input);
  if (was == is) return;
  compare_filter_names(input, was, is, out);
  std::vector<std::string> order_was;
  std::vector<std::string> order_is;
  for (const FilterView& filter : was) {
    const FilterView* const now = find(is, filter.name);
    if (now != nullptr && now->kind == filter.kind) {
      order_was.push_back(filter.name);
      continue;
    }
    out.push_back({"SourceFilterRemoved", intent::kFilters, {{"sourceName", input}, {"filterName", filter.name}}});
  }
  for (std::size_t i = 0; i < is.size(); ++i) {
    const FilterView* const before_it = find(was, is[i].name);
    if (before_it != nullptr && before_it->kind == is[i].kind) {
      order_is.push_back(is[i].name);
      compare_filter(input, *before_it, is[i], out);
      continue;
    }
    out.push_back({"SourceFilterCreated",
                   intent::kFilters,
                   {{"sourceName", input},
                    {"filterName", is[i].name},
                    {"filterKind", is[i].kind},
                    {"filterIndex", i},
                    {"filterSettings", is[i].settings},
                    {"defaultFilterSettings", filter_defaults(is[i].kind).value_or(Json::object())}}});
  }
  if (order_was == order_is) return;
  Json list = Json::array();
  for (const FilterView& filter : is) list.push_back(filter_entry(filter, list.size()));
  out.push_back({"SourceFilterListReindexed", intent::kFilters, {{"sourceName", input}, {"filters", std::move(list)}}});
}

Json scene_of(const ShowView& view, const std::string& scene) {
  return {{"sceneName", scene}, {"sceneUuid", view.scene_uuid(scene)}};
}

Json item_of(const ShowView& view, const std::string& scene, const ItemView& item) {
  Json data = scene_of(view, scene);
  data.update(view.item_source(item));
  data["sceneItemId"] = item.id;
  return data;
}

std::map<int, ItemView> by_id(const std::vector<ItemView>& items) {
  std::map<int, ItemView> out;
  for (const ItemView& item : items) out[item.id] = item;
  return out;
}

// One item that both have.
void compare_item(const ShowView& before, const ShowView& after, const std::string& scene, const ItemView& was,
                  const ItemView& is, Out& out) {
  if (was.enabled != is.enabled) {
    Json data = scene_of(after, scene);
    data["sceneItemId"] = is.id;
    data["sceneItemEnabled"] = is.enabled;
    out.push_back({"SceneItemEnableStateChanged", intent::kSceneItems, std::move(data)});
  }
  if (was.locked != is.locked) {
    Json data = scene_of(after, scene);
    data["sceneItemId"] = is.id;
    data["sceneItemLocked"] = is.locked;
    out.push_back({"SceneItemLockStateChanged", intent::kSceneItems, std::move(data)});
  }
  Json transform = after.transform(is);
  if (transform != before.transform(was)) {
    Json data = scene_of(after, scene);
    data["sceneItemId"] = is.id;
    data["sceneItemTransform"] = std::move(transform);
    out.push_back({"SceneItemTransformChanged", intent::kSceneItemTransformChanged, std::move(data)});
  }
}

void compare_items(const ShowView& before, const ShowView& after, const std::string& scene, Out& out) {
  const std::vector<ItemView> list = after.items(scene);
  const std::map<int, ItemView> was = by_id(before.items(scene));
  const std::map<int, ItemView> is = by_id(list);
  for (const auto& [id, item] : was) {
    if (!is.contains(id)) out.push_back({"SceneItemRemoved", intent::kSceneItems, item_of(before, scene, item)});
  }
  for (const ItemView& item : list) {
    if (was.contains(item.id)) continue;
    Json data = item_of(after, scene, item);
    data["sceneItemIndex"] = item.index;
    out.push_back({"SceneItemCreated", intent::kSceneItems, std::move(data)});
  }
  std::vector<int> order_was;
  std::vector<int> order_is;
  for (const ItemView& item : before.items(scene)) {
    if (is.contains(item.id)) order_was.push_back(item.id);
  }
  for (const ItemView& item : list) {
    const auto found = was.find(item.id);
    if (found == was.end()) continue;
    order_is.push_back(item.id);
    compare_item(before, after, scene, found->second, item, out);
  }
  if (order_was == order_is) return;
  Json data = scene_of(after, scene);
  data["sceneItems"] = Json::array();
  for (const ItemView& item : list) {
    data["sceneItems"].push_back({{"sceneItemId", item.id}, {"sceneItemIndex", item.index}});
  }
  out.push_back({"SceneItemListReindexed", intent::kSceneItems, std::move(data)});
}

void compare_scenes(const ShowView& before, const ShowView& after, Out& out) {
  const auto tell = [&out](const char* type, const ShowView& view, const std::string& scene) {
    Json data = scene_of(view, scene);
    data["isGroup"] = false;
    out.push_back({type, intent::kScenes, std::move(data)});
  };
  for (const std::string& scene : before.scenes()) {
    if (!after.has_scene(scene)) tell("SceneRemoved", before, scene);
  }
  for (const std::string& scene : after.scenes()) {
    if (!before.has_scene(scene)) tell("SceneCreated", after, scene);
    compare_items(before, after, scene, out);
  }
  if (before.scenes() != after.scenes()) {
    out.push_back({"SceneListChanged", intent::kScenes, {{"scenes", after.scene_list()}}});
  }
}

void compare_mix(const ShowView& before, const ShowView& after, Out& out) {
  if (before.studio_mode() != after.studio_mode())
    out.push_back({"StudioModeStateChanged", intent::kUi, {{"studioModeEnabled", after.studio_mode()}}});
  if (before.preview() != after.preview() && !after.preview().empty()) {
    out.push_back({"CurrentPreviewSceneChanged", intent::kScenes, scene_of(after, after.preview())});
  }
  const TransitionView was = before.current_transition();
  const TransitionView is = after.current_transition();
  if (was.name != is.name) {
    out.push_back({"CurrentSceneTransitionChanged",
                   intent::kTransitions,
                   {{"transitionName", is.name}, {"transitionUuid", after.transition_uuid(is.name)}}});
  }
  if (is.duration_ms && was.duration_ms != is.duration_ms) {
    out.push_back(
        {"CurrentSceneTransitionDurationChanged", intent::kTransitions, {{"transitionDuration", *is.duration_ms}}});
  }
}

}  // namespace

// Another name is another show to these clients, with other UUIDs: they read all of it again.
std::vector<ObsEvent> show_differences(const ShowView& before, const ShowView& after) {
  Out out;
  if (before.name() != after.name()) {
    compare_names(before, after, out);
    return out;
  }
  compare_inputs(before, after, out);
  compare_sound(before, after, out);
  compare_scenes(before, after, out);
  for (const std::string& input : after.inputs()) {
    if (before.has_input(input)) compare_filters(before, after, input, out);
  }
  compare_mix(before, after, out);
  return out;
}

}  // namespace mainstay::obs
