#include "engine/program/canvas.h"

#include <algorithm>

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

void Canvas::show(const std::string& name, const show::Scene& scene,
                  const std::function<Found(const std::string&)>& find) {
  name_ = name;
  layers_.clear();
  heard_.clear();
  seen_.clear();
  composed_.clear();
  for (const show::Layer& layer : scene.layers) {
    const Found input = find(layer.source);
    if (input.slot < 0) continue;  // not made yet; a name that is unknown was refused by the check of the show
    const std::vector<int> itself{input.slot};
    add(heard_, input.composed ? input.heard : itself);
    if (!layer.visible) continue;
    layers_.push_back({layer, input.slot, input.own_size});
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

FramePtr Canvas::compose(std::span<const FramePtr> frames, const std::function<LayerPicture()>& slate) {
  pictures_.clear();
  bool missing = false;
  for (const ShownLayer& shown : layers_) {
    if (const FramePtr& frame = frames[static_cast<std::size_t>(shown.slot)])
      pictures_.push_back({frame, shown.layer, shown.own_size});
    else
      missing = true;
  }
  if (pictures_.empty() && missing) {
    if (!slate) return nullptr;
    pictures_.push_back(slate());
  }
  return compositor_.compose(pictures_);
}

}  // namespace mainstay
