#include "engine/show/layers.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <functional>
#include <set>

namespace mainstay::show {

namespace {

// In the order of the variant.
constexpr std::array<std::string_view, std::variant_size_v<Transition>> kWords = {"cut",   "fade", "dip",    "wipe",
                                                                                  "slide", "push", "stinger"};
// Those that need nothing to be said of them; their words come first.
const std::array<Transition, 6> kBuiltIn = {CutTransition{},  FadeTransition{},  DipTransition{},
                                            WipeTransition{}, SlideTransition{}, PushTransition{}};

}  // namespace

bool is_color(std::string_view text) {
  return text.size() == 7 && text[0] == '#' && text.find_first_not_of("0123456789abcdefABCDEF", 1) == text.npos;
}

std::vector<std::string> layer_names(const Scene& scene) {
  std::set<std::string, std::less<>> taken;
  for (const Layer& layer : scene.layers) {
    if (!layer.name.empty()) taken.insert(layer.name);
  }
  std::vector<std::string> names;
  for (const Layer& layer : scene.layers) {
    std::string name = layer.name;
    if (name.empty()) {
      name = layer.source;
      for (int n = 2; taken.contains(name); ++n) name = fmt::format("{} {}", layer.source, n);
      taken.insert(name);
    }
    names.push_back(std::move(name));
  }
  return names;
}

bool has_own_size(const Source& source) {
  return std::holds_alternative<ImageSource>(source) || std::holds_alternative<SvgSource>(source) ||
         std::holds_alternative<TextSource>(source) || std::holds_alternative<ClockSource>(source) ||
         std::holds_alternative<CountdownSource>(source) || std::holds_alternative<TickerSource>(source);
}

bool is_silent(const Source& source) {
  if (const auto* bars = std::get_if<BarsSource>(&source)) return bars->tone_hz == 0;
  return has_own_size(source) || std::holds_alternative<ColorSource>(source) ||
         std::holds_alternative<SlideshowSource>(source) || std::holds_alternative<SceneSource>(source) ||
         std::holds_alternative<MultiviewSource>(source) || std::holds_alternative<ScreenSource>(source) ||
         std::holds_alternative<CameraSource>(source);
}

bool shows(const Scene& scene, std::string_view source, bool visible_only) {
  return std::any_of(scene.layers.begin(), scene.layers.end(),
                     [&](const Layer& layer) { return layer.source == source && (layer.visible || !visible_only); });
}

const std::string* nested_scene(const Show& show, const Layer& layer) {
  const auto source = show.sources.find(layer.source);
  if (source == show.sources.end()) return nullptr;
  const auto* nested = std::get_if<SceneSource>(&source->second);
  return nested != nullptr ? &nested->scene : nullptr;
}

namespace {

/// Calls `see` with each layer of `scene` and of what lies in it, until it says true. `seen`: the scenes that were
/// looked through already, so that scenes of many layers of the same scenes cost no more than there are scenes.
bool any_layer(const Show& show, const Scene& scene, bool visible_only, std::set<std::string>& seen,
               const std::function<bool(const Layer&)>& see) {
  return std::any_of(scene.layers.begin(), scene.layers.end(), [&](const Layer& layer) {
    if (visible_only && !layer.visible) return false;
    if (see(layer)) return true;
    const std::string* const nested = nested_scene(show, layer);
    const auto inner = nested != nullptr ? show.scenes.find(*nested) : show.scenes.end();
    return inner != show.scenes.end() && seen.insert(*nested).second &&
           any_layer(show, inner->second, visible_only, seen, see);
  });
}

}  // namespace

bool shows_within(const Show& show, const Scene& scene, std::string_view source, bool visible_only) {
  std::set<std::string> seen;
  return any_layer(show, scene, visible_only, seen, [&](const Layer& layer) { return layer.source == source; });
}

void see_sources(const Show& show, const Scene& scene, std::set<std::string>& seen) {
  std::set<std::string> scenes;
  any_layer(show, scene, true, scenes, [&](const Layer& layer) { return seen.insert(layer.source), false; });
}

bool lies_within(const Show& show, const Scene& outer, std::string_view scene, bool visible_only) {
  std::set<std::string> seen;
  return any_layer(show, outer, visible_only, seen, [&](const Layer& layer) {
    const std::string* const nested = nested_scene(show, layer);
    return nested != nullptr && *nested == scene;
  });
}

std::vector<MultiviewCell> multiview_cells(const Show& show, const MultiviewSource& multiview) {
  if (!multiview.cells.empty()) return multiview.cells;
  const int large = std::min({2, multiview.rows, multiview.columns});
  std::vector<MultiviewCell> cells{{.shows = CellShows::program, .name = {}, .label = {}, .span = large},
                                   {.shows = CellShows::preview, .name = {}, .label = {}, .span = large}};
  const int room = multiview.rows * multiview.columns - 2 * large * large;
  for (const auto& [name, scene] : show.scenes) {
    if (static_cast<int>(cells.size()) - 2 >= room) break;
    cells.push_back({.shows = CellShows::scene, .name = name, .label = {}, .span = 1});
  }
  return cells;
}

std::string label_of(const MultiviewCell& cell) {
  if (!cell.label.empty()) return cell.label;
  if (cell.shows == CellShows::program) return "Program";
  return cell.shows == CellShows::preview ? "Preview" : cell.name;
}

const std::vector<std::string>& built_in_transitions() {
  static const std::vector<std::string> names(kWords.begin(), kWords.begin() + kBuiltIn.size());
  return names;
}

std::optional<Transition> find_transition(const Show& show, const std::string& name) {
  if (const auto declared = show.transitions.find(name); declared != show.transitions.end()) return declared->second;
  const auto end = kWords.begin() + kBuiltIn.size();
  const auto word = std::find(kWords.begin(), end, name);
  if (word == end) return std::nullopt;
  return kBuiltIn[static_cast<std::size_t>(word - kWords.begin())];
}

std::string_view kind_of(const Transition& transition) {
  return kWords[transition.index()];
}

Millis duration_of(const Transition& transition) {
  return std::visit(
      [](const auto& t) {
        if constexpr (requires { t.duration; })
          return t.duration;
        else
          return Millis{0};
      },
      transition);
}

void set_duration(Transition& transition, Millis duration) {
  std::visit(
      [&](auto& t) {
        if constexpr (requires { t.duration; }) t.duration = duration;
      },
      transition);
}

NamedTransition transition_to(const Show& show, const std::string& scene) {
  const auto found = show.scenes.find(scene);
  NamedTransition out{show.transition, {}};
  if (found != show.scenes.end() && !found->second.transition.empty()) out.name = found->second.transition;
  out.transition = find_transition(show, out.name).value_or(FadeTransition{});
  if (found != show.scenes.end() && found->second.transition_ms)
    set_duration(out.transition, *found->second.transition_ms);
  return out;
}

}  // namespace mainstay::show
