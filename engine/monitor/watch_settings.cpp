#include "engine/monitor/watch_settings.h"

#include <type_traits>
#include <variant>

namespace mainstay {

namespace {

struct Expected {
  bool motion = false;
  bool light = false;
  bool sound = false;
};

template <class Kind, class... Kinds>
constexpr bool one_of = (std::is_same_v<Kind, Kinds> || ...);

Expected expected_of(const show::Source& source) {
  return std::visit(
      []<class Kind>(const Kind&) -> Expected {
        if constexpr (one_of<Kind, show::FileSource, show::PlaylistSource, show::IngestSource, show::StreamSource>)
          return {.motion = true, .light = true, .sound = true};
        if constexpr (one_of<Kind, show::CameraSource>) return {.motion = true, .light = true};
        if constexpr (one_of<Kind, show::ScreenSource>) return {.light = true};
        if constexpr (one_of<Kind, show::AudioSource>) return {.sound = true};
        return {};
      },
      source);
}

}  // namespace

WatchSettings watch_settings(const show::Show& show) {
  WatchSettings out;
  out.program = show.watchers.program;
  out.scope = show.watchers.scope;
  out.clear = show.watchers.clear;
  for (const auto& [name, source] : show.sources) {
    const auto own = show.watchers.by_source.find(name);
    if (own != show.watchers.by_source.end()) {
      out.sources.emplace(name, own->second);
      continue;
    }
    show::WatchSet& set = out.sources.emplace(name, show.watchers.sources).first->second;
    const Expected expected = expected_of(source);
    set.freeze.enabled = set.freeze.enabled && expected.motion;
    set.black.enabled = set.black.enabled && expected.light;
    set.silence.enabled = set.silence.enabled && expected.sound;
  }
  return out;
}

}  // namespace mainstay
