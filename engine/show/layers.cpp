#include "engine/show/layers.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

namespace mainstay::show {

namespace {

// In the order of the variant.
const std::array<Transition, std::variant_size_v<Transition>> kKinds = {
    CutTransition{}, FadeTransition{}, DipTransition{}, WipeTransition{}, SlideTransition{}, PushTransition{}};
constexpr std::array<std::string_view, std::variant_size_v<Transition>> kWords = {"cut",  "fade",  "dip",
                                                                                  "wipe", "slide", "push"};

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

bool shows(const Scene& scene, std::string_view source, bool visible_only) {
  return std::any_of(scene.layers.begin(), scene.layers.end(),
                     [&](const Layer& layer) { return layer.source == source && (layer.visible || !visible_only); });
}

const std::vector<std::string>& built_in_transitions() {
  static const std::vector<std::string> names(kWords.begin(), kWords.end());
  return names;
}

std::optional<Transition> find_transition(const Show& show, const std::string& name) {
  if (const auto declared = show.transitions.find(name); declared != show.transitions.end()) return declared->second;
  const auto word = std::find(kWords.begin(), kWords.end(), name);
  if (word == kWords.end()) return std::nullopt;
  return kKinds[static_cast<std::size_t>(word - kWords.begin())];
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
