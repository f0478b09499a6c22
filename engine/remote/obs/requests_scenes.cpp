// Scenes and transitions. There is one transition, the cut.
#include "engine/remote/obs/lookup.h"

namespace mainstay::obs {

namespace {

constexpr const char* kCut = "Cut";
constexpr const char* kCutKind = "cut_transition";

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
                   {"currentPreviewSceneName", nullptr},
                   {"currentPreviewSceneUuid", nullptr},
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
    command(call, "program.cut", {{"scene", scene}});
  });
}

std::string cut_uuid() {
  return uuid_of("", "transition", kCut);
}

void get_scene_transition_list(const CallPtr& call) {
  Json cut{{"transitionName", kCut},
           {"transitionUuid", cut_uuid()},
           {"transitionKind", kCutKind},
           {"transitionFixed", true},
           {"transitionConfigurable", false}};
  call->succeed({{"currentSceneTransitionName", kCut},
                 {"currentSceneTransitionUuid", cut_uuid()},
                 {"currentSceneTransitionKind", kCutKind},
                 {"transitions", Json::array({std::move(cut)})}});
}

void get_current_scene_transition(const CallPtr& call) {
  call->succeed({{"transitionName", kCut},
                 {"transitionUuid", cut_uuid()},
                 {"transitionKind", kCutKind},
                 {"transitionFixed", true},
                 {"transitionDuration", nullptr},
                 {"transitionConfigurable", false},
                 {"transitionSettings", nullptr}});
}

}  // namespace

void add_scene_requests(RequestTable& table) {
  table.add({"GetSceneList", Role::view, {}, get_scene_list});
  table.add({"GetGroupList", Role::view, {}, [](const CallPtr& call) { call->succeed({{"groups", Json::array()}}); }});
  table.add({"GetCurrentProgramScene", Role::view, {}, get_current_program_scene});
  table.add({"SetCurrentProgramScene", Role::operate, name_or_uuid("scene"), set_current_program_scene});
  table.add({"GetTransitionKindList", Role::view, {}, [](const CallPtr& call) {
               call->succeed({{"transitionKinds", Json::array({kCutKind})}});
             }});
  table.add({"GetSceneTransitionList", Role::view, {}, get_scene_transition_list});
  table.add({"GetCurrentSceneTransition", Role::view, {}, get_current_scene_transition});
}

}  // namespace mainstay::obs
