// Scenes, layers and transitions as the document means them: names that are not written out, sizes that follow from the
// source, and which transition takes a scene on air.
// Functions without state.
// Thread-safety: from any thread.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "engine/show/show.h"

namespace mainstay::show {

/// "#rrggbb"
bool is_color(std::string_view text);

/// The name of each layer, bottom first: its own, or its source's; further ones of a name get a number ("logo 2").
std::vector<std::string> layer_names(const Scene& scene);

/// Whether pictures of this source have a size that is meant (a logo), unlike a video's, which is to fill its place.
bool has_own_size(const Source& source);
/// Whether a source of this kind never has a sound of its own.
bool is_silent(const Source& source);

/// Scenes in scenes: a layer shows a scene, that one's layers show others, so many at most.
inline constexpr int kDeepestNesting = 8;

/// Whether one of the scene's layers has this source.
bool shows(const Scene& scene, std::string_view source, bool visible_only = false);
/// The same, through the scenes that lie in it. What a multiview shows is not meant: that is looked at, not shown.
bool shows_within(const Show& show, const Scene& scene, std::string_view source, bool visible_only = false);
/// Adds the sources of all visible layers, of the scene and of what lies in it.
void see_sources(const Show& show, const Scene& scene, std::set<std::string>& seen);
/// Whether `scene` is shown by `outer` or within it. A scene does not lie in itself.
bool lies_within(const Show& show, const Scene& outer, std::string_view scene, bool visible_only = false);
/// The scene that a layer shows; null when it shows a source of another kind.
const std::string* nested_scene(const Show& show, const Layer& layer);
/// What a multiview's cells show: as declared, else program, preview and as many scenes as there is room for.
std::vector<MultiviewCell> multiview_cells(const Show& show, const MultiviewSource& multiview);
/// What is written under a cell.
std::string label_of(const MultiviewCell& cell);

/// The transitions that are there without being declared, by their kinds' names: "cut", "fade", …
const std::vector<std::string>& built_in_transitions();
/// The declared one of that name, else the built-in one.
std::optional<Transition> find_transition(const Show& show, const std::string& name);
/// "fade", …
std::string_view kind_of(const Transition& transition);
/// 0 for a cut.
Millis duration_of(const Transition& transition);
void set_duration(Transition& transition, Millis duration);

struct NamedTransition {
  std::string name;
  Transition transition;
};
/// By which `scene` comes on air: its own, else the show's, with the duration it asks for.
NamedTransition transition_to(const Show& show, const std::string& scene);

}  // namespace mainstay::show
