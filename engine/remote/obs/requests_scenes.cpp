// Scenes, and which of them is on air and in preview.
#include <fmt/format.h>

#include <cmath>

#include "engine/remote/obs/lookup.h"
#include "engine/show/suggest.h"

namespace mainstay::obs {

namespace {

Json text_or_null(const std::string& text) {
  return text.empty() ? Json(nullptr) : Json(text);
}

Json uuid_or_null(const ShowView& view, const std::string& scene) {
  return scene.empty() ? Json(nullptr) : Json(view.scene_uuid(scene));
}

void get_scene_list(const CallPtr& call) {
  with_show(call, [call](const ShowView& view) {
    const std::string scene = program_scene(call->services.studio.snapshot(), view);
    call->succeed({{"currentProgramSceneName", text_or_null(scene)},
                   {"currentProgramSceneUuid", uuid_or_null(view, scene)},
                   {"currentPreviewSceneName", text_or_null(view.preview())},
                   {"currentPreviewSceneUuid", uuid_or_null(view, view.preview())},
                   {"scenes", view.scene_list()}});
  });
}

void get_current_program_scene(const CallPtr& call) {
  with_show(call, [call](const ShowView& view) {
    const std::string scene = program_scene(call->services.studio.snapshot(), view);
    call->succeed({{"sceneName", text_or_null(scene)},
                   {"sceneUuid", uuid_or_null(view, scene)},
                   {"currentProgramSceneName", text_or_null(scene)},
                   {"currentProgramSceneUuid", uuid_or_null(view, scene)}});
  });
}

void set_current_program_scene(const CallPtr& call) {
  with_scene(call, [call](const ShowView&, const std::string& scene) {
    command(call, "program.auto", {{"scene", scene}});  // by the transition, as OBS does
  });
}

void get_current_preview_scene(const CallPtr& call) {
  with_show(call, [call](const ShowView& view) {
    if (!view.studio_mode()) return call->fail(RequestStatus::invalid_resource_state, "Studio mode is off.");
    const std::string scene = view.preview();
    call->succeed({{"sceneName", text_or_null(scene)},
                   {"sceneUuid", uuid_or_null(view, scene)},
                   {"currentPreviewSceneName", text_or_null(scene)},
                   {"currentPreviewSceneUuid", uuid_or_null(view, scene)}});
  });
}

void create_scene(const CallPtr& call) {
  const std::string name = call->text("sceneName");
  with_show(call, [call, name](const ShowView& view) {
    if (view.has_scene(name))
      return call->fail(RequestStatus::resource_exists, fmt::format("A scene is called {}.", show::in_quotes(name)));
    command_value(call, "scene.add", {{"name", name}}, [call, uuid = view.scene_uuid(name)](const Json&) {
      call->succeed({{"sceneUuid", uuid}});
    });
  });
}

void get_override(const CallPtr& call) {
  with_scene(call, [call](const ShowView& view, const std::string& scene) {
    const Json& entry = view.document()["scenes"][scene];
    call->succeed({{"transitionName", entry.contains("transition") ? entry["transition"] : Json(nullptr)},
                   {"transitionDuration", entry.contains("transition_ms") ? entry["transition_ms"] : Json(nullptr)}});
  });
}

// What is not given stays; null takes it out.
void set_override(const CallPtr& call) {
  with_scene(call, [call](const ShowView&, const std::string& scene) {
    Json values = Json::object();
    if (call->data.contains("transitionName")) values["transition"] = call->data["transitionName"];
    if (call->data.contains("transitionDuration")) {
      const Json& duration = call->data["transitionDuration"];
      values["transition_ms"] = duration.is_number() ? Json(std::llround(duration.get<double>())) : Json(nullptr);
    }
    command(call, "scene.set", {{"name", scene}, {"values", std::move(values)}});
  });
}

}  // namespace

void add_scene_requests(RequestTable& table) {
  table.add({"GetSceneList", Role::view, {}, get_scene_list});
  table.add({"GetGroupList", Role::view, {}, [](const CallPtr& call) { call->succeed({{"groups", Json::array()}}); }});
  table.add({"GetCurrentProgramScene", Role::view, {}, get_current_program_scene});
  table.add({"SetCurrentProgramScene", Role::operate, name_or_uuid("scene"), set_current_program_scene});
  table.add({"GetCurrentPreviewScene", Role::view, {}, get_current_preview_scene});
  table.add({"SetCurrentPreviewScene", Role::operate, name_or_uuid("scene"), [](const CallPtr& call) {
               with_scene(call, [call](const ShowView&, const std::string& scene) {
                 command(call, "preview.set", {{"scene", scene}});
               });
             }});
  table.add({"CreateScene", Role::operate, {required("sceneName")}, create_scene});
  table.add({"RemoveScene", Role::operate, name_or_uuid("scene"), [](const CallPtr& call) {
               with_scene(call, [call](const ShowView&, const std::string& scene) {
                 command(call, "scene.remove", {{"name", scene}});
               });
             }});
  table.add({"SetSceneName", Role::operate, name_or_uuid("scene", {required("newSceneName")}), [](const CallPtr& call) {
               with_scene(call, [call](const ShowView&, const std::string& scene) {
                 command(call, "scene.rename", {{"name", scene}, {"to", call->text("newSceneName")}});
               });
             }});
  table.add({"GetSceneSceneTransitionOverride", Role::view, name_or_uuid("scene"), get_override});
  table.add(
      {"SetSceneSceneTransitionOverride", Role::operate,
       name_or_uuid("scene", {optional_field("transitionName"),
                              {.name = "transitionDuration", .type = FieldType::number, .min = 50, .max = 20000}}),
       set_override});
}

}  // namespace mainstay::obs
