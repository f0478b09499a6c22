// Internal to engine/studio: what commands that edit scenes, layers and their filters have in common.
// Functions without state.
// Thread-safety: from the control thread.
#pragma once

#include <optional>
#include <string>

#include "engine/studio/commands.h"

namespace mainstay {

show::FieldInfo revision_result();
show::FieldSpec scene_spec();
show::FieldSpec layer_spec();

CallResult no_scene(const std::string& name);
CallResult nothing_open();

/// A layer that a command names.
struct FoundLayer {
  const show::Show* show = nullptr;
  const show::Layer* layer = nullptr;
  int index = 0;
  std::string pointer;  ///< of the layer
};

/// The answer instead, when there is no such layer.
std::optional<CallResult> find_layer(const OpenShowPtr& open, const std::string& scene, const std::string& layer,
                                     FoundLayer& found);
std::optional<CallResult> locked(const FoundLayer& found, const std::string& layer);

/// Keys of `values` in place of those that `object` has; null takes one out. False when `values` is no object.
bool merge(Json& object, const Json& values);
Status merge_at(Json& document, const std::string& pointer, const Json& values);

}  // namespace mainstay
