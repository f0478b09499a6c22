// The show as clients of obs-websocket see it: studio mode and transitions.
#include <algorithm>

#include "engine/remote/obs/show_view.h"
#include "engine/remote/obs/vocabulary.h"
#include "engine/show/document.h"
#include "engine/show/layers.h"

namespace mainstay::obs {

namespace {

const Json kNothing;

const Json& value_at(const Json& json, const char* key) {
  const auto found = json.is_object() ? json.find(key) : json.end();
  return json.is_object() && found != json.end() ? *found : kNothing;
}

/// A transition as the document has it, with what it leaves out.
Json with_defaults(const std::string& type) {
  Json whole = Json::object();
  for (const show::FieldInfo& field : show::show_info().fields) {
    if (field.key != "transitions") continue;
    for (const show::ObjectInfo* object : field.objects) {
      if (object->name != type) continue;
      for (const show::FieldInfo& each : object->fields) {
        if (!each.default_json.empty()) whole[each.key] = Json::parse(each.default_json);
      }
    }
  }
  return whole;
}

TransitionView view_of(const std::string& name, const Json& declared) {
  const Json& type = value_at(declared, "type");
  const std::string kind = type.is_string() ? type.get<std::string>() : name;
  Json whole = with_defaults(kind);
  if (declared.is_object()) {
    for (const auto& [key, value] : declared.items()) whole[key] = value;
  }
  TransitionView out{name, obs_transition_kind(kind), Json::object(), std::nullopt};
  for (const auto& [key, value] : whole.items()) {
    if (key == "duration_ms" && value.is_number()) {
      out.duration_ms = value.get<int>();
    } else if (key != "type") {
      out.settings[key] = value;
    }
  }
  return out;
}

}  // namespace

bool ShowView::studio_mode() const {
  const Json& on = value_at(document_, "studio_mode");
  return !on.is_boolean() || on.get<bool>();
}

std::string ShowView::preview() const {
  const Json& preview = value_at(document_, "preview");
  return studio_mode() && preview.is_string() ? preview.get<std::string>() : std::string();
}

std::string ShowView::transition() const {
  const Json& name = value_at(document_, "transition");
  return name.is_string() ? name.get<std::string>() : show::Show().transition;
}

std::vector<TransitionView> ShowView::transitions() const {
  std::vector<TransitionView> out;
  const Json& declared = value_at(document_, "transitions");
  if (declared.is_object()) {
    for (const auto& [name, transition] : declared.items()) out.push_back(view_of(name, transition));
  }
  for (const std::string& name : show::built_in_transitions()) {
    if (!declared.is_object() || !declared.contains(name)) out.push_back(view_of(name, kNothing));
  }
  return out;
}

TransitionView ShowView::current_transition() const {
  const std::string name = transition();
  const std::vector<TransitionView> all = transitions();
  const auto found = std::find_if(all.begin(), all.end(), [&](const TransitionView& one) { return one.name == name; });
  return found == all.end() ? view_of("cut", kNothing) : *found;
}

Json ShowView::transition_entry(const TransitionView& transition) const {
  return {{"transitionName", transition.name},
          {"transitionUuid", transition_uuid(transition.name)},
          {"transitionKind", transition.kind},
          {"transitionFixed", !transition.duration_ms.has_value()},
          {"transitionConfigurable", !transition.settings.empty()}};
}

}  // namespace mainstay::obs
