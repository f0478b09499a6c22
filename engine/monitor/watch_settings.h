// What the watchers look for, as the show says it, source by source.
// Owned by the watchers; a value.
// Thread-safety: as any value.
#pragma once

#include <map>
#include <string>

#include "engine/show/show.h"

namespace mainstay {

struct WatchSettings {
  show::WatchSet program;
  std::map<std::string, show::WatchSet> sources;
  show::WatchScope scope = show::WatchScope::on_air;
  Nanos clear{0};
};

/// A source that /watchers/by_source names is watched for all that it says there. Of the others only what their kind
/// can fail in: pictures that come in are expected to move, and kinds that bring sound to be heard; what is drawn or
/// generated here, and a screen, may well stand still.
WatchSettings watch_settings(const show::Show& show);

}  // namespace mainstay
