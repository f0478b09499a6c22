// Inputs that the program makes of others: scenes in scenes.
#include <algorithm>

#include "engine/program/program.h"
#include "engine/sources/composed_source.h"

namespace mainstay {

/// What a layer that names this input shows, and what of the inputs is seen and heard by it.
Canvas::Found Program::find_input(const std::string& name) const {
  Canvas::Found found{.slot = index_of(name)};
  if (found.slot < 0) return found;
  const Input& input = slots_[static_cast<std::size_t>(found.slot)].input;
  found.own_size = input.own_size;
  found.composed = input.composed != nullptr;
  if (!found.composed) return found;
  std::vector<bool> met(slots_.size());
  within(found.slot, false, met, found.heard);
  met.assign(slots_.size(), false);
  within(found.slot, true, met, found.seen);
  return found;
}

/// The slots that lie in a composed one, however deep. What a multiview shows is looked at, neither shown nor heard.
void Program::within(int slot, bool visible_only, std::vector<bool>& met, std::vector<int>& out) const {
  const auto at = static_cast<std::size_t>(slot);
  if (met[at]) return;
  met[at] = true;
  const auto& composed = slots_[at].input.composed;
  if (!composed) return out.push_back(slot);
  for (const show::Layer& layer : composed->scene.layers) {
    if (visible_only && !layer.visible) continue;
    if (const int inner = index_of(layer.source); inner >= 0) within(inner, visible_only, met, out);
  }
}

void Program::use_nested() {
  for (Slot& slot : slots_) {
    if (!slot.input.composed || slot.input.composed->multiview) {
      slot.canvas = nullptr;
      continue;
    }
    if (!slot.canvas) {
      slot.canvas = std::make_unique<Canvas>(options_.format.width, options_.format.height, layer_filters(),
                                             Compositor::Ground::nothing);
    }
    slot.canvas->show(slot.input.composed->scene_name, slot.input.composed->scene,
                      [this](const std::string& input) { return find_input(input); });
  }
}

/// The pictures of the scenes that lie in this one, inner ones first, those that nobody asked for yet in this tick.
void Program::make_nested(const Canvas& canvas) {
  for (const int i : canvas.composed()) {
    Slot& slot = slots_[static_cast<std::size_t>(i)];
    if (slot.made) continue;
    if (const auto looked = looked_.find(slot.input.name); looked != looked_.end()) {
      slot.made = true;
      frames_[static_cast<std::size_t>(i)] = paint(*looked->second);
      looked->second->made = true;
      continue;
    }
    if (!slot.canvas) continue;
    slot.made = true;  // first: the check of a show lets no scene lie in itself, but a plan need not come from one
    make_nested(*slot.canvas);
    frames_[static_cast<std::size_t>(i)] = slot.canvas->compose(frames_, nullptr, tick_);
    if (auto* source = dynamic_cast<ComposedSource*>(slot.input.source.get())) source->count();
  }
}

FramePtr Program::compose(Canvas& canvas) {
  make_nested(canvas);
  return canvas.compose(
      frames_, [this] { return slate(); }, tick_);
}

}  // namespace mainstay
