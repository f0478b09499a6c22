#include "engine/remote/obs/lookup.h"

#include <fmt/format.h>

#include <utility>

#include "engine/show/suggest.h"

namespace mainstay::obs {

namespace {

// What `…Name` or `…Uuid` of the call names; the name wins. Empty, and answered, when neither does.
std::string named(const CallPtr& call, const std::string& what, const std::function<bool(const std::string&)>& exists,
                  const std::function<std::string(const std::string&)>& by_uuid) {
  const std::string name_field = what + "Name";
  const std::string uuid_field = what + "Uuid";
  const std::string name = call->text(name_field.c_str());
  const std::string uuid = call->text(uuid_field.c_str());
  if (name.empty() && uuid.empty()) {
    call->fail(RequestStatus::missing_field, fmt::format("`{}` or `{}` is missing.", name_field, uuid_field));
    return {};
  }
  std::string found = !name.empty() ? (exists(name) ? name : std::string()) : by_uuid(uuid);
  if (found.empty()) {
    call->fail(RequestStatus::resource_not_found,
               fmt::format("No {} is called {}.", what, show::in_quotes(name.empty() ? uuid : name)));
  }
  return found;
}

}  // namespace

void with_show(const CallPtr& call, std::function<void(const ShowView&)> then) {
  command(call, "show.get", Json::object(), [call, then = std::move(then)](const CallResult& result) {
    if (result.error && result.error->code != CallErrc::wrong_state) return call->answer(to_answer(*result.error));
    then(result.ok() ? ShowView(result.value) : ShowView());
  });
}

void with_scene(const CallPtr& call, std::function<void(const ShowView&, const std::string&)> then) {
  with_show(call, [call, then = std::move(then)](const ShowView& view) {
    const std::string scene = named(
        call, "scene", [&](const std::string& name) { return view.has_scene(name); },
        [&](const std::string& uuid) { return view.scene_by_uuid(uuid); });
    if (!scene.empty()) then(view, scene);
  });
}

void with_item(const CallPtr& call, std::function<void(const ShowView&, const std::string&, const ItemView&)> then) {
  with_scene(call, [call, then = std::move(then)](const ShowView& view, const std::string& scene) {
    const double id = call->data["sceneItemId"].get<double>();
    for (const ItemView& item : view.items(scene)) {
      if (item.id == id) return then(view, scene, item);
    }
    call->fail(RequestStatus::resource_not_found,
               fmt::format("The scene {} has no item {:.0f}.", show::in_quotes(scene), id));
  });
}

void with_input(const CallPtr& call, std::function<void(const ShowView&, const std::string&)> then) {
  with_show(call, [call, then = std::move(then)](const ShowView& view) {
    const std::string input = named(
        call, "input", [&](const std::string& name) { return view.has_input(name); },
        [&](const std::string& uuid) { return view.input_by_uuid(uuid); });
    if (!input.empty()) then(view, input);
  });
}

void with_source(const CallPtr& call, std::function<void(const ShowView&, const SourceName&)> then) {
  with_show(call, [call, then = std::move(then)](const ShowView& view) {
    bool is_scene = false;
    const std::string name = named(
        call, "source",
        [&](const std::string& wanted) {
          is_scene = view.has_scene(wanted);
          return is_scene || view.has_input(wanted);
        },
        [&](const std::string& uuid) {
          std::string scene = view.scene_by_uuid(uuid);
          is_scene = !scene.empty();
          return is_scene ? scene : view.input_by_uuid(uuid);
        });
    if (!name.empty()) then(view, {name, is_scene});
  });
}

void with_output(const CallPtr& call, std::function<void(const ShowView&, const OutputView&)> then) {
  with_show(call, [call, then = std::move(then)](const ShowView& view) {
    const std::string name = call->text("outputName");
    for (const OutputView& output : view.outputs()) {
      if (output.name == name) return then(view, output);
    }
    call->fail(RequestStatus::resource_not_found, fmt::format("No output is called {}.", show::in_quotes(name)));
  });
}

std::vector<RequestField> name_or_uuid(const std::string& what, std::vector<RequestField> others) {
  std::vector<RequestField> out = {optional_field(what + "Name"), optional_field(what + "Uuid")};
  for (RequestField& one : others) out.push_back(std::move(one));
  return out;
}

}  // namespace mainstay::obs
