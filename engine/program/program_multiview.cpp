// Multiviews: made for whoever looks at them, behind the program's own frame, or as a layer of a scene.
#include <algorithm>
#include <utility>

#include "engine/program/program.h"
#include "engine/show/layers.h"

namespace mainstay {

/// The multiviews of the plan: those of the show by their names, the window's own without one.
void Program::use_multiviews() {
  std::map<std::string, std::unique_ptr<Looked>> kept = std::move(looked_);
  looked_.clear();
  const auto use = [&](const std::string& name, std::shared_ptr<const ProgramComposed> what) {
    auto& looked = looked_[name];
    if (const auto known = kept.find(name); known != kept.end())
      looked = std::move(known->second);
    else
      looked = std::make_unique<Looked>(options_.format.width, options_.format.height);
    looked->what = std::move(what);
    looked->painter.use(*looked->what->multiview);
    std::erase_if(looked->scenes, [&](const auto& scene) { return !looked->what->scenes.contains(scene.first); });
    for (const auto& [scene, layers] : looked->what->scenes) {
      auto& canvas = looked->scenes[scene];
      if (!canvas) canvas = std::make_unique<Canvas>(options_.format.width, options_.format.height, layer_filters());
      canvas->show(scene, layers, [this](const std::string& input) { return find_input(input); });
    }
  };
  for (const Slot& slot : slots_) {
    if (slot.input.composed && slot.input.composed->multiview) use(slot.input.name, slot.input.composed);
  }
  if (plan_->multiview) use({}, plan_->multiview);
  std::lock_guard lock(picture_mutex_);
  std::erase_if(multiview_pictures_, [&](const auto& one) { return !looked_.contains(one.first); });
  for (const auto& [name, looked] : looked_) multiview_pictures_.try_emplace(name);
}

/// Whether what the scene is called is seen in `canvas`, as itself or within.
bool Program::shows_scene(const Canvas& canvas, const std::string& scene, int depth) const {
  if (canvas.name() == scene) return true;
  if (depth > show::kDeepestNesting) return false;
  return std::any_of(canvas.composed().begin(), canvas.composed().end(), [&](int i) {
    const auto& inner = slots_[static_cast<std::size_t>(i)].canvas;
    return inner && shows_scene(*inner, scene, depth + 1);
  });
}

CellTally Program::tally_of(const show::MultiviewCell& cell) const {
  const int slot = cell.shows == show::CellShows::source ? index_of(cell.name) : -1;
  const auto shown_by = [&](const std::unique_ptr<Canvas>& canvas) {
    if (!canvas) return false;
    return cell.shows == show::CellShows::scene ? shows_scene(*canvas, cell.name, 0) : canvas->sees(slot);
  };
  switch (cell.shows) {
    case show::CellShows::program:
      return CellTally::program;
    case show::CellShows::preview:
      return CellTally::preview;
    default:
      break;
  }
  if (shown_by(on_air_) || shown_by(leaving_)) return CellTally::program;
  return shown_by(preview_) ? CellTally::preview : CellTally::none;
}

FramePtr Program::cell_picture(Looked& looked, const show::MultiviewCell& cell) {
  switch (cell.shows) {
    case show::CellShows::program:
      return shown_picture_;
    case show::CellShows::preview:
      return preview_ ? compose(*preview_) : nullptr;
    case show::CellShows::source: {
      const int slot = index_of(cell.name);
      return slot < 0 ? nullptr : frames_[static_cast<std::size_t>(slot)];
    }
    case show::CellShows::scene:
      break;
  }
  // Scenes that are made anyway are not made twice.
  for (const std::unique_ptr<Canvas>* made : {&on_air_, &preview_}) {
    if (*made && (*made)->name() == cell.name) return compose(**made);
  }
  const auto own = looked.scenes.find(cell.name);
  return own == looked.scenes.end() ? nullptr : compose(*own->second);
}

/// One that lies in a scene that it shows gives its last picture there.
FramePtr Program::paint(Looked& looked) {
  const bool due = !looked.picture || ++looked.waited >= looked.what->multiview->every;
  if (!due || looked.painting) return looked.picture;
  looked.painting = true;
  looked.waited = 0;
  std::vector<CellView> views;
  for (const show::MultiviewCell& cell : looked.what->multiview->cells) {
    CellView view{cell_picture(looked, cell), tally_of(cell), nullptr};
    if (looked.what->labels && looked.what->multiview->labels)
      view.label = looked.what->labels->find(show::label_of(cell));
    views.push_back(std::move(view));
  }
  looked.picture = looked.painter.paint(views);
  looked.painting = false;
  return looked.picture;
}

/// For those who look. Gives way to the program: a tick that is late makes none.
void Program::render_multiviews() {
  if (!on_time_) return;
  for (const auto& [name, looked] : looked_) {
    bool watched = false;
    {
      std::lock_guard lock(picture_mutex_);
      const std::int64_t asked = multiview_pictures_[name].asked;
      watched = asked >= 0 && rendered_.load() - asked <= options_.format.rate.frames_in(Seconds(1));
    }
    const bool shown = std::exchange(looked->made, false);  // as a layer, in this tick
    FramePtr picture = shown ? looked->picture : watched ? paint(*looked) : nullptr;
    if (!shown && !watched) looked->picture = nullptr;
    std::lock_guard lock(picture_mutex_);
    multiview_pictures_[name].picture = watched ? std::move(picture) : nullptr;
  }
}

FramePtr Program::multiview_picture(const std::string& name) const {
  std::lock_guard lock(picture_mutex_);
  const auto found = multiview_pictures_.find(name);
  if (found == multiview_pictures_.end()) return nullptr;
  found->second.asked = rendered_.load();
  return found->second.picture;
}

}  // namespace mainstay
