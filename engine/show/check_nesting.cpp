// What the program puts together: scenes in scenes, multiviews.
#include <algorithm>
#include <map>
#include <vector>

#include "engine/show/check_parts.h"
#include "engine/show/layers.h"
#include "engine/show/section.h"
#include "engine/show/suggest.h"

namespace mainstay::show {

namespace {

template <class T>
std::vector<std::string> names_of(const std::map<std::string, T>& things) {
  std::vector<std::string> names;
  for (const auto& [name, thing] : things) names.push_back(name);
  return names;
}

void check_cells(const Show& show, const MultiviewSource& multiview, const std::string& pointer, Findings& findings) {
  const auto known = [&](const auto& things, const std::string& name, const char* what, const std::string& at) {
    if (name.empty()) {
      findings.add(at, "name the {} that the cell shows", what);
    } else if (!things.contains(name)) {
      findings.add(at, "there is no {} {}{}", what, in_quotes(name), hint(name, names_of(things)));
    }
  };
  for (std::size_t i = 0; i < multiview.cells.size(); ++i) {
    const MultiviewCell& cell = multiview.cells[i];
    const std::string at = fmt::format("{}/cells/{}", pointer, i);
    if (cell.shows == CellShows::scene) known(show.scenes, cell.name, "scene", at + "/name");
    if (cell.shows == CellShows::source) known(show.sources, cell.name, "source", at + "/name");
    if (cell.span > std::min(multiview.rows, multiview.columns)) {
      findings.add(at + "/span", "{} cells are more than the multiview has ({} by {})", cell.span, multiview.columns,
                   multiview.rows);
    }
  }
}

/// Follows scenes into scenes.
class Nesting {
 public:
  Nesting(const Show& show, Findings& findings) : show_(show), findings_(findings) {}

  /// How deep scenes lie in this one; 0: none does.
  int depth_of(const std::string& name, const Scene& scene) {
    if (const auto known = depths_.find(name); known != depths_.end()) return known->second;
    way_.push_back(name);
    int deepest = 0;
    for (std::size_t i = 0; i < scene.layers.size(); ++i) {
      const std::string* const inner = nested_scene(show_, scene.layers[i]);
      const auto found = inner != nullptr ? show_.scenes.find(*inner) : show_.scenes.end();
      if (found == show_.scenes.end()) continue;
      const std::string at = fmt::format("{}/layers/{}/source", pointer_to("/scenes", name), i);
      if (const auto begin = std::find(way_.begin(), way_.end(), *inner); begin != way_.end()) {
        std::string round;
        for (auto each = begin; each != way_.end(); ++each) round += in_quotes(*each) + " shows ";
        findings_.add(at, "a scene cannot lie in itself: {}{}", round, in_quotes(*inner));
        continue;
      }
      const int depth = depth_of(*inner, found->second);
      if (depth == kDeepestNesting)
        findings_.add(at, "scenes lie in each other {} deep at most, here it would be one more", kDeepestNesting);
      deepest = std::max(deepest, depth + 1);
    }
    way_.pop_back();
    return depths_[name] = std::min(deepest, kDeepestNesting + 1);
  }

 private:
  const Show& show_;
  Findings& findings_;
  std::map<std::string, int> depths_;
  std::vector<std::string> way_;
};

}  // namespace

void check_nesting(const Show& show, Findings& findings) {
  for (const auto& [name, source] : show.sources) {
    const std::string at = pointer_to("/sources", name);
    if (const auto* nested = std::get_if<SceneSource>(&source);
        nested != nullptr && !show.scenes.contains(nested->scene)) {
      findings.add(at + "/scene", "there is no scene {}{}", in_quotes(nested->scene),
                   hint(nested->scene, names_of(show.scenes)));
    }
    if (const auto* multiview = std::get_if<MultiviewSource>(&source)) check_cells(show, *multiview, at, findings);
  }
  Nesting nesting(show, findings);
  for (const auto& [name, scene] : show.scenes) nesting.depth_of(name, scene);
  const auto slate = show.sources.find(show.program.slate);
  if (slate != show.sources.end() &&
      (std::holds_alternative<SceneSource>(slate->second) || std::holds_alternative<MultiviewSource>(slate->second)))
    findings.add("/program/slate", "a slate is a source of its own, not a scene or multiview");
}

}  // namespace mainstay::show
