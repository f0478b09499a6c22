// A media file as a source.
// Owned by the program.
// Thread-safety: as engine/sources/source.h says.
#pragma once

#include "engine/show/show.h"
#include "engine/sources/tick_source.h"

namespace mainstay {

class FileSource final : public TickSource {
 public:
  FileSource(const show::FileSource& config, SourceContext context);
};

/// Black, in the program's size: stands for the picture of a file without video.
FramePtr black_picture(int width, int height);

}  // namespace mainstay
