// What requests name, found in the show: scenes, inputs, items, outputs, each by name or UUID. What is not found, or
// not named, is answered.
// Functions without state.
// Thread-safety: the thread of the hub's sessions.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "engine/remote/obs/request_table.h"
#include "engine/remote/obs/show_view.h"

namespace mainstay::obs {

/// Reads the show, then goes on. No show open: an empty one.
void with_show(const CallPtr& call, std::function<void(const ShowView&)> then);
/// Reads the show and finds the scene that `sceneName` or `sceneUuid` names.
void with_scene(const CallPtr& call, std::function<void(const ShowView&, const std::string& scene)> then);
/// … and its item with `sceneItemId`.
void with_item(const CallPtr& call,
               std::function<void(const ShowView&, const std::string& scene, const ItemView& item)> then);
/// The input that `inputName` or `inputUuid` names.
void with_input(const CallPtr& call, std::function<void(const ShowView&, const std::string& input)> then);
/// A scene or an input that `sourceName` or `sourceUuid` names.
struct SourceName {
  std::string name;
  bool is_scene = false;
};
void with_source(const CallPtr& call, std::function<void(const ShowView&, const SourceName& source)> then);
/// The output that `outputName` names.
void with_output(const CallPtr& call, std::function<void(const ShowView&, const OutputView& output)> then);

/// sceneName and sceneUuid; inputName and inputUuid; sourceName and sourceUuid: either will do.
std::vector<RequestField> name_or_uuid(const std::string& what, std::vector<RequestField> others = {});

}  // namespace mainstay::obs
