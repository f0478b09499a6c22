// Scene items: the layers of a scene.
#include <fmt/format.h>

#include "engine/remote/obs/lookup.h"
#include "engine/show/suggest.h"

namespace mainstay::obs {

namespace {

void get_scene_item_list(const CallPtr& call) {
  with_scene(call, [call](const ShowView& view, const std::string& scene) {
    Json list = Json::array();
    for (const ItemView& item : view.items(scene)) list.push_back(view.item_entry(item));
    call->succeed({{"sceneItems", std::move(list)}});
  });
}

// `searchOffset`: which of the items of that source, from the bottom; -1: the topmost.
void get_scene_item_id(const CallPtr& call) {
  with_scene(call, [call](const ShowView& view, const std::string& scene) {
    const std::string source = call->text("sourceName");
    int offset = call->given("searchOffset") ? static_cast<int>(call->data["searchOffset"].get<double>()) : 0;
    const bool last = offset < 0;
    int found = 0;
    for (const ItemView& item : view.items(scene)) {
      if ((item.scene.empty() ? item.source : item.scene) != source) continue;
      found = item.id;
      if (!last && offset-- == 0) return call->succeed({{"sceneItemId", item.id}});
    }
    if (last && found != 0) return call->succeed({{"sceneItemId", found}});
    call->fail(RequestStatus::resource_not_found,
               fmt::format("The scene {} has no such item of {}.", show::in_quotes(scene), show::in_quotes(source)));
  });
}

/// A request that tells one thing of an item.
Handler item_getter(std::function<Json(const ShowView&, const ItemView&)> get) {
  return [get = std::move(get)](const CallPtr& call) {
    with_item(call, [call, get](const ShowView& view, const std::string&, const ItemView& item) {
      call->succeed(get(view, item));
    });
  };
}

}  // namespace

void add_scene_item_requests(RequestTable& table) {
  const auto item_fields = name_or_uuid("scene", {required("sceneItemId", FieldType::number)});
  table.add({"GetSceneItemList", Role::view, name_or_uuid("scene"), get_scene_item_list});
  table.add({"GetSceneItemId", Role::view,
             name_or_uuid("scene", {required("sourceName"),
                                    {.name = "searchOffset", .type = FieldType::number, .min = -1, .max = 1e6}}),
             get_scene_item_id});
  table.add({"GetSceneItemSource", Role::view, item_fields,
             item_getter([](const ShowView& view, const ItemView& item) { return view.item_source(item); })});
  table.add({"GetSceneItemEnabled", Role::view, item_fields, item_getter([](const ShowView&, const ItemView& item) {
               return Json{{"sceneItemEnabled", item.enabled}};
             })});
  table.add({"GetSceneItemLocked", Role::view, item_fields, item_getter([](const ShowView&, const ItemView& item) {
               return Json{{"sceneItemLocked", item.locked}};
             })});
  table.add({"GetSceneItemIndex", Role::view, item_fields, item_getter([](const ShowView&, const ItemView& item) {
               return Json{{"sceneItemIndex", item.index}};
             })});
  table.add(
      {"GetSceneItemTransform", Role::view, item_fields, item_getter([](const ShowView& view, const ItemView& item) {
         return Json{{"sceneItemTransform", view.transform(item)}};
       })});
  table.add(
      {"GetSceneItemBlendMode", Role::view, item_fields, item_getter([](const ShowView& view, const ItemView& item) {
         return Json{{"sceneItemBlendMode", view.item_entry(item)["sceneItemBlendMode"]}};
       })});
}

}  // namespace mainstay::obs
