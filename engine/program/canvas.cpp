#include "engine/program/canvas.h"

#include <algorithm>

namespace mainstay {

void Canvas::show(const std::string& name, const show::Scene& scene,
                  const std::function<Found(const std::string&)>& find) {
  name_ = name;
  layers_.clear();
  heard_.clear();
  for (const show::Layer& layer : scene.layers) {
    const Found input = find(layer.source);
    if (input.slot < 0) continue;  // not made yet; a name that is unknown was refused by the check of the show
    if (layer.visible) layers_.push_back({layer, input});
    if (!hears(input.slot)) heard_.push_back(input.slot);
  }
}

bool Canvas::hears(int slot) const {
  return std::find(heard_.begin(), heard_.end(), slot) != heard_.end();
}

FramePtr Canvas::compose(std::span<const FramePtr> frames, const std::function<LayerPicture()>& slate) {
  pictures_.clear();
  bool missing = false;
  for (const ShownLayer& shown : layers_) {
    if (const FramePtr& frame = frames[static_cast<std::size_t>(shown.input.slot)])
      pictures_.push_back({frame, shown.layer, shown.input.own_size});
    else
      missing = true;
  }
  if (pictures_.empty() && missing) pictures_.push_back(slate());
  return compositor_.compose(pictures_);
}

}  // namespace mainstay
