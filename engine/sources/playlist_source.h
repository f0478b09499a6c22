// Media files played one after the other without a gap: the next one is opened and its first picture decoded while the
// one before plays.
// Owned by the program.
// Thread-safety: as engine/sources/source.h says.
//
// Each item takes a whole number of program frames and begins exactly on one; its sound keeps its distance to its
// pictures to the sample. So nothing adds up over any number of joins. An item that cannot be played is passed over and
// tried again in the next round; when none can, the list starts over after a while.
#pragma once

#include "engine/show/show.h"
#include "engine/sources/tick_source.h"

namespace mainstay {

class PlaylistSource final : public TickSource {
 public:
  PlaylistSource(const show::PlaylistSource& config, SourceContext context);
};

}  // namespace mainstay
