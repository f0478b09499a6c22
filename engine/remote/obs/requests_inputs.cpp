// Inputs: the sources of the show.
#include <fmt/format.h>

#include <algorithm>

#include "engine/remote/obs/input_defaults.h"
#include "engine/remote/obs/lookup.h"
#include "engine/show/section.h"
#include "engine/show/suggest.h"

namespace mainstay::obs {

namespace {

void get_input_list(const CallPtr& call) {
  with_show(call, [call](const ShowView& view) {
    const std::string kind = call->text("inputKind");
    Json list = Json::array();
    for (const std::string& input : view.inputs()) {
      if (kind.empty() || view.input_kind(input) == kind) list.push_back(view.input_entry(input));
    }
    call->succeed({{"inputs", std::move(list)}});
  });
}

// There are no inputs that belong to no scene, as OBS has them.
void get_special_inputs(const CallPtr& call) {
  Json none = Json::object();
  for (const char* name : {"desktop1", "desktop2", "mic1", "mic2", "mic3", "mic4"}) none[name] = nullptr;
  call->succeed(std::move(none));
}

void get_input_default_settings(const CallPtr& call) {
  const std::string kind = call->text("inputKind");
  const auto defaults = input_defaults(kind);
  if (!defaults) {
    return call->fail(RequestStatus::invalid_input_kind,
                      fmt::format("There is no kind of input called {}.", show::in_quotes(kind)));
  }
  call->succeed({{"defaultInputSettings", *defaults}});
}

void get_input_settings(const CallPtr& call) {
  with_input(call, [call](const ShowView& view, const std::string& input) {
    call->succeed({{"inputSettings", view.input_settings(input)}, {"inputKind", view.input_kind(input)}});
  });
}

// One revision, whatever is set. `overlay` false: what is not given goes back to its default.
void set_input_settings(const CallPtr& call) {
  with_input(call, [call](const ShowView& view, const std::string& input) {
    const Json& settings = call->data["inputSettings"];
    const bool overlay = !call->given("overlay") || call->data["overlay"].get<bool>();
    const std::string pointer = show::pointer_to("/sources", input);
    Json patch = Json::array();
    if (!overlay) {
      const Json before = view.input_settings(input);
      for (const auto& [key, value] : before.items()) {
        if (!settings.contains(key)) patch.push_back({{"op", "remove"}, {"path", show::pointer_to(pointer, key)}});
      }
    }
    for (const auto& [key, value] : settings.items()) {
      if (key == "type") continue;
      patch.push_back({{"op", "add"}, {"path", show::pointer_to(pointer, key)}, {"value", value}});
    }
    if (patch.empty()) return call->succeed();
    command(call, "show.patch", {{"patch", std::move(patch)}, {"message", "settings of " + input}});
  });
}

// Active: seen on air, also in a scene that lies in another. Showing: there or in preview.
void get_source_active(const CallPtr& call) {
  with_source(call, [call](const ShowView& view, const SourceName& source) {
    const Snapshot snapshot = call->services.studio.snapshot();
    bool active = false;
    bool showing = false;
    if (snapshot.phase == Phase::on_air && source.is_scene) {
      active = view.scenes_seen(program_scene(snapshot, view)).contains(source.name);
      if (snapshot.program.transition)
        active = active || view.scenes_seen(snapshot.program.transition->from).contains(source.name);
      showing = view.scenes_seen(view.preview()).contains(source.name);
    } else if (snapshot.phase == Phase::on_air) {
      for (const SourceSnapshot& one : snapshot.sources) {
        if (one.name != source.name) continue;
        active = one.on_air;
        showing = one.on_preview;
      }
    }
    call->succeed({{"videoActive", active}, {"videoShowing", active || showing}});
  });
}

}  // namespace

void add_input_requests(RequestTable& table) {
  table.add({"GetInputList", Role::view, {optional_field("inputKind")}, get_input_list});
  table.add(
      {"GetInputKindList", Role::view, {optional_field("unversioned", FieldType::boolean)}, [](const CallPtr& call) {
         call->succeed({{"inputKinds", input_kinds()}});
       }});
  table.add({"GetSpecialInputs", Role::view, {}, get_special_inputs});
  table.add({"GetInputDefaultSettings", Role::view, {required("inputKind")}, get_input_default_settings});
  table.add({"GetInputSettings", Role::view, name_or_uuid("input"), get_input_settings});
  table.add({"SetInputSettings", Role::admin,
             name_or_uuid("input", {required("inputSettings", FieldType::object),
                                    optional_field("overlay", FieldType::boolean)}),
             set_input_settings});
  table.add({"GetSourceActive", Role::view, name_or_uuid("source"), get_source_active});
}

}  // namespace mainstay::obs
