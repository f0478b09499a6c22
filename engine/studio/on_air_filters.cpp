// What filters read from files, while a show is on air: told as events, and in snapshots.
#include "engine/show/layer_filters.h"
#include "engine/show/layers.h"
#include "engine/studio/on_air.h"

namespace mainstay {

namespace {

/// Every filter of the show under its name: SCENE/LAYER/FILTER.
template <class See>
void each_filter(const show::Show& show, const See& see) {
  for (const auto& [scene_name, scene] : show.scenes) {
    const std::vector<std::string> layers = show::layer_names(scene);
    for (std::size_t i = 0; i < layers.size(); ++i) {
      const std::vector<show::Filter>& filters = scene.layers[i].filters;
      const std::vector<std::string> names = show::filter_names(filters);
      for (std::size_t k = 0; k < names.size(); ++k)
        see(fmt::format("{}/{}/{}", scene_name, layers[i], names[k]), filters[k]);
    }
  }
}

}  // namespace

void OnAir::tell_filters() {
  std::map<std::string, SourceState> before = std::move(told_filters_);
  told_filters_.clear();
  each_filter(show_, [&](const std::string& name, const show::Filter& filter) {
    const auto status = filters_->status(filter);
    if (!status) return;
    const auto told = before.find(name);
    const SourceState from = told == before.end() ? SourceState::opening : told->second;
    told_filters_[name] = status->state;
    if (status->state == from) return;
    const bool failed = status->state == SourceState::failed;
    if (!failed) services_.events.forgive("filter.state", name);
    services_.events.add(failed ? LogLevel::error : LogLevel::info, "filter.state", name,
                         fmt::format("{}: {}", to_string(status->state), status->detail),
                         {{"state", to_string(status->state)}, {"from", to_string(from)}});
  });
}

void OnAir::fill_filters(std::vector<SceneSnapshot>& scenes) const {
  std::map<std::string, FilterLoader::FileStatus> known;
  {
    std::lock_guard lock(mutex_);
    each_filter(show_, [&](const std::string& name, const show::Filter& filter) {
      if (const auto status = filters_->status(filter)) known[name] = *status;
    });
  }
  if (known.empty()) return;
  for (SceneSnapshot& scene : scenes) {
    for (LayerSnapshot& layer : scene.layers) {
      for (FilterSnapshot& filter : layer.filters) {
        const auto found = known.find(fmt::format("{}/{}/{}", scene.name, layer.name, filter.name));
        if (found == known.end()) continue;
        filter.state = to_string(found->second.state);
        filter.detail = services_.log.redactor().redact(found->second.detail);
      }
    }
  }
}

}  // namespace mainstay
