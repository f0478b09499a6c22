#include "engine/show/picture_delays.h"

#include <chrono>
#include <cmath>
#include <set>

#include "engine/show/layers.h"

namespace mainstay::show {

namespace {

struct Walk {
  Rate rate;
  const SceneOf& scene_of;
  std::set<const Scene*> seen;  // a scene that is met again brings no source that is not known
  std::map<std::string, Nanos> delays;

  void see(const Scene& scene, Nanos before) {
    if (!seen.insert(&scene).second) return;
    for (auto layer = scene.layers.rbegin(); layer != scene.layers.rend(); ++layer) {
      if (!layer->visible) continue;
      const Nanos delay = before + picture_delay(*layer, rate);
      if (const Scene* const nested = scene_of(layer->source))
        see(*nested, delay);
      else
        delays.emplace(layer->source, delay);
    }
  }
};

}  // namespace

FrameIndex frames_of(const DelayFilter& filter, Rate rate) {
  return filter.delay.count() > 0 ? rate.frames_in(filter.delay) : 0;
}

Nanos picture_delay(const Layer& layer, Rate rate) {
  FrameIndex frames = 0;
  for (const Filter& filter : layer.filters) {
    if (const auto* delay = std::get_if<DelayFilter>(&filter); delay != nullptr && delay->enabled)
      frames += frames_of(*delay, rate);
  }
  return rate.begin(frames);
}

std::map<std::string, Nanos> picture_delays(const Scene& scene, Rate rate, const SceneOf& scene_of) {
  Walk walk{rate, scene_of, {}, {}};
  walk.see(scene, Nanos{0});
  return std::move(walk.delays);
}

Nanos sound_ahead(const Show& show, const Layer& layer) {
  const Nanos own = picture_delay(layer, show.program.rate);
  if (own == Nanos{0}) return Nanos{0};
  const auto scene_of = [&](const std::string& source) -> const Scene* {
    const std::string* const name = nested_scene(show, {.source = source});
    const auto scene = name != nullptr ? show.scenes.find(*name) : show.scenes.end();
    return scene != show.scenes.end() ? &scene->second : nullptr;
  };
  std::map<std::string, Nanos> delays{{layer.source, own}};
  if (const Scene* const nested = scene_of(layer.source)) {
    delays = picture_delays(*nested, show.program.rate, scene_of);
    for (auto& [name, delay] : delays) delay += own;
  }
  Nanos most{0};
  for (const auto& [name, delay] : delays) {
    const auto source = show.sources.find(name);
    if (source == show.sources.end() || is_silent(source->second)) continue;
    if (std::holds_alternative<AudioSource>(source->second)) continue;  // there is no picture to be behind
    const auto found = show.mixer.strips.find(name);
    const Strip strip = found != show.mixer.strips.end() ? found->second : Strip{};
    if (strip.mute) continue;
    const Nanos ahead = delay - Nanos(std::llround(strip.delay_ms * 1e6));
    if (std::chrono::abs(ahead) > std::chrono::abs(most)) most = ahead;
  }
  return most;
}

}  // namespace mainstay::show
