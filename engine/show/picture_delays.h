// How long the filters of layers hold pictures back, and what of that the sound of the same sources does not.
// Functions without state.
// Thread-safety: from any thread.
#pragma once

#include <functional>
#include <map>
#include <string>

#include "engine/media/rate.h"
#include "engine/show/show.h"

namespace mainstay::show {

/// The program's frames that a delay filter holds pictures back; none for 0 ms.
FrameIndex frames_of(const DelayFilter& filter, Rate rate);

/// How long all delay filters of a layer that are switched on hold its picture back.
Nanos picture_delay(const Layer& layer, Rate rate);

/// The scene that a source shows; null: it is of another kind.
using SceneOf = std::function<const Scene*(const std::string& source)>;

/// How long the picture of each source that is to be seen in a scene, and in scenes that lie in it, is held back. Of a
/// source in several layers the topmost one counts: what lies below it, a blurred copy as a background, is not where
/// lips are read. Sources that are scenes are not named.
std::map<std::string, Nanos> picture_delays(const Scene& scene, Rate rate, const SceneOf& scene_of);

/// By how much the sound of what a layer shows is ahead of its picture as far as the show makes it so: what its delay
/// filters hold the picture back, less what the strip holds the sound back. 0 when they hold nothing back, or when
/// nothing is heard of it. Of a layer that shows a scene, the source that is off by the most.
Nanos sound_ahead(const Show& show, const Layer& layer);

}  // namespace mainstay::show
