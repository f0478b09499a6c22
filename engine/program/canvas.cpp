#include "engine/program/canvas.h"

#include <algorithm>
#include <utility>

#include "engine/show/layers.h"

namespace mainstay {

namespace {

bool has(const std::vector<int>& slots, int slot) {
  return std::find(slots.begin(), slots.end(), slot) != slots.end();
}

void add(std::vector<int>& slots, int slot) {
  if (!has(slots, slot)) slots.push_back(slot);
}

void add(std::vector<int>& slots, const std::vector<int>& more) {
  for (const int slot : more) add(slots, slot);
}

}  // namespace

/// With the filters that it had before, if it had any: they remember what they made.
Canvas::ShownLayer Canvas::shown(const show::Layer& layer, std::string name, std::vector<ShownLayer>& before) const {
  ShownLayer out{.layer = layer, .name = std::move(name)};
  out.layer.filters.clear();
  if (layer.filters.empty()) return out;
  const auto known = std::find_if(before.begin(), before.end(), [&](const ShownLayer& one) {
    return one.filters && one.name == out.name && one.layer.source == layer.source;
  });
  auto chain =
      known != before.end() ? std::move(known->filters) : std::make_unique<FilterChain>(filters_.rate, filters_.files);
  chain->use(layer.filters);
  if (chain->empty()) return out;
  out.filters = std::move(chain);
  out.crop = std::exchange(out.layer.crop, {});
  return out;
}

void Canvas::show(const std::string& name, const show::Scene& scene,
                  const std::function<Found(const std::string&)>& find) {
  std::vector<ShownLayer> before = std::exchange(layers_, {});
  if (name_ != name) before.clear();
  name_ = name;
  const std::vector<std::string> names = show::layer_names(scene);
  heard_.clear();
  seen_.clear();
  composed_.clear();
  for (std::size_t i = 0; i < scene.layers.size(); ++i) {
    const show::Layer& layer = scene.layers[i];
    const Found input = find(layer.source);
    if (input.slot < 0) continue;  // not made yet; a name that is unknown was refused by the check of the show
    const std::vector<int> itself{input.slot};
    add(heard_, input.composed ? input.heard : itself);
    if (!layer.visible) continue;
    ShownLayer& one = layers_.emplace_back(shown(layer, names[i], before));
    one.slot = input.slot;
    one.own_size = input.own_size;
    add(seen_, input.composed ? input.seen : itself);
    if (input.composed) add(composed_, input.slot);
  }
}

bool Canvas::hears(int slot) const {
  return has(heard_, slot);
}

bool Canvas::sees(int slot) const {
  return has(seen_, slot);
}

FramePtr Canvas::compose(std::span<const FramePtr> frames, const std::function<LayerPicture()>& slate,
                         std::int64_t tick) {
  pictures_.clear();
  bool missing = false;
  for (const ShownLayer& one : layers_) {
    const FramePtr& frame = frames[static_cast<std::size_t>(one.slot)];
    if (!frame) missing = true;
    if (FramePtr picture = one.filters ? one.filters->apply(frame, one.crop, tick) : frame)
      pictures_.push_back({std::move(picture), one.layer, one.own_size});
  }
  if (pictures_.empty() && missing) {
    if (!slate) return nullptr;
    pictures_.push_back(slate());
  }
  return compositor_.compose(pictures_);
}

void Canvas::keep_up(std::span<const FramePtr> frames, std::int64_t tick) {
  for (const ShownLayer& one : layers_) {
    // What the program composes is not made in such a tick.
    if (one.filters && !has(composed_, one.slot))
      one.filters->keep_up(frames[static_cast<std::size_t>(one.slot)], one.crop, tick);
  }
}

}  // namespace mainstay
