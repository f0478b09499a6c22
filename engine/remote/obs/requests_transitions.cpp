// Transitions and studio mode.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "engine/remote/obs/lookup.h"
#include "engine/show/suggest.h"

namespace mainstay::obs {

namespace {

void get_transition_kind_list(const CallPtr& call) {
  with_show(call, [call](const ShowView& view) {
    Json kinds = Json::array();
    for (const TransitionView& one : view.transitions()) {
      if (std::find(kinds.begin(), kinds.end(), Json(one.kind)) == kinds.end()) kinds.push_back(one.kind);
    }
    call->succeed({{"transitionKinds", std::move(kinds)}});
  });
}

void get_scene_transition_list(const CallPtr& call) {
  with_show(call, [call](const ShowView& view) {
    const TransitionView current = view.current_transition();
    Json list = Json::array();
    for (const TransitionView& one : view.transitions()) list.push_back(view.transition_entry(one));
    call->succeed({{"currentSceneTransitionName", current.name},
                   {"currentSceneTransitionUuid", view.transition_uuid(current.name)},
                   {"currentSceneTransitionKind", current.kind},
                   {"transitions", std::move(list)}});
  });
}

void get_current_scene_transition(const CallPtr& call) {
  with_show(call, [call](const ShowView& view) {
    const TransitionView current = view.current_transition();
    Json data = view.transition_entry(current);
    data["transitionDuration"] = current.duration_ms ? Json(*current.duration_ms) : Json(nullptr);
    data["transitionSettings"] = current.settings.empty() ? Json(nullptr) : current.settings;
    call->succeed(std::move(data));
  });
}

void set_current_scene_transition(const CallPtr& call) {
  const std::string name = call->text("transitionName");
  with_show(call, [call, name](const ShowView& view) {
    const std::vector<TransitionView> all = view.transitions();
    if (std::none_of(all.begin(), all.end(), [&](const TransitionView& one) { return one.name == name; })) {
      return call->fail(RequestStatus::resource_not_found,
                        fmt::format("No transition is called {}.", show::in_quotes(name)));
    }
    command(call, "transition.choose", {{"name", name}});
  });
}

void set_duration(const CallPtr& call) {
  with_show(call, [call](const ShowView& view) {
    const TransitionView current = view.current_transition();
    if (!current.duration_ms)
      return call->fail(RequestStatus::invalid_resource_state, "The transition is a cut, which has no duration.");
    const auto ms = std::llround(call->data["transitionDuration"].get<double>());
    command(call, "transition.choose", {{"name", current.name}, {"duration_ms", ms}});
  });
}

// `overlay` false: what is not given goes back to its default.
void set_settings(const CallPtr& call) {
  with_show(call, [call](const ShowView& view) {
    const TransitionView current = view.current_transition();
    if (current.settings.empty())
      return call->fail(RequestStatus::invalid_resource_state, "The transition has no settings.");
    const bool overlay = !call->given("overlay") || call->data["overlay"].get<bool>();
    Json values = Json::object();
    if (!overlay) {
      for (const auto& [key, value] : current.settings.items()) values[key] = nullptr;
    }
    for (const auto& [key, value] : call->data["transitionSettings"].items()) {
      if (key != "type" && key != "duration_ms") values[key] = value;
    }
    command(call, "transition.set", {{"name", current.name}, {"values", std::move(values)}});
  });
}

void get_cursor(const CallPtr& call) {
  const Snapshot snapshot = call->services.studio.snapshot();
  call->succeed({{"transitionCursor", snapshot.program.transition ? snapshot.program.transition->position : 1.0}});
}

/// Only in studio mode.
void in_studio_mode(const CallPtr& call, std::function<void(const ShowView&)> then) {
  with_show(call, [call, then = std::move(then)](const ShowView& view) {
    if (!view.studio_mode()) return call->fail(RequestStatus::invalid_resource_state, "Studio mode is off.");
    then(view);
  });
}

void set_bar(const CallPtr& call) {
  in_studio_mode(call, [call](const ShowView&) {
    const double position = call->data["position"].get<double>();
    const bool release = !call->given("release") || call->data["release"].get<bool>();
    // Released on its way, the bar of OBS goes on by itself.
    const bool goes_on = release && position > 0 && position < 1;
    if (!goes_on) return command(call, "program.transition", {{"position", position}});
    command_value(call, "program.transition", {{"position", position}},
                  [call](const Json&) { command(call, "program.auto", Json::object()); });
  });
}

}  // namespace

void add_transition_requests(RequestTable& table) {
  table.add({"GetTransitionKindList", Role::view, {}, get_transition_kind_list});
  table.add({"GetSceneTransitionList", Role::view, {}, get_scene_transition_list});
  table.add({"GetCurrentSceneTransition", Role::view, {}, get_current_scene_transition});
  table.add({"SetCurrentSceneTransition", Role::operate, {required("transitionName")}, set_current_scene_transition});
  table.add({"SetCurrentSceneTransitionDuration",
             Role::operate,
             {{.name = "transitionDuration", .type = FieldType::number, .required = true, .min = 50, .max = 20000}},
             set_duration});
  table.add({"SetCurrentSceneTransitionSettings",
             Role::operate,
             {required("transitionSettings", FieldType::object), optional_field("overlay", FieldType::boolean)},
             set_settings});
  table.add({"GetCurrentSceneTransitionCursor", Role::view, {}, get_cursor});
  table.add({"TriggerStudioModeTransition", Role::operate, {}, [](const CallPtr& call) {
               in_studio_mode(call, [call](const ShowView&) { command(call, "program.auto", Json::object()); });
             }});
  table.add({"SetTBarPosition",
             Role::operate,
             {{.name = "position", .type = FieldType::number, .required = true, .min = 0, .max = 1},
              optional_field("release", FieldType::boolean)},
             set_bar});
  table.add(
      {"GetStudioModeEnabled", Role::view, {}, [](const CallPtr& call) {
         with_show(call, [call](const ShowView& view) { call->succeed({{"studioModeEnabled", view.studio_mode()}}); });
       }});
  table.add({"SetStudioModeEnabled",
             Role::operate,
             {required("studioModeEnabled", FieldType::boolean)},
             [](const CallPtr& call) {
               command(call, "preview.studio_mode", {{"on", call->data["studioModeEnabled"].get<bool>()}});
             }});
}

}  // namespace mainstay::obs
