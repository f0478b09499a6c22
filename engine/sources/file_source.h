// A media file as a source, and a film that a stinger plays.
// Owned by the program.
// Thread-safety: as engine/sources/source.h says.
#pragma once

#include <atomic>
#include <memory>

#include "engine/show/show.h"
#include "engine/sources/tick_source.h"

namespace mainstay {

class FileSource : public TickSource {
 public:
  FileSource(const show::FileSource& config, SourceContext context);
};

/// A film that is played once over other pictures: it must have pictures and tell its length, of a minute at most. More
/// of it is decoded ahead than of other files, as it begins from one tick to the next.
class FilmSource final : public TickSource {
 public:
  FilmSource(const show::FileSource& config, SourceContext context)
      : FilmSource(config, std::move(context), std::make_shared<std::atomic<FrameIndex>>(0)) {}

  /// In program frames; 0 until it is known.
  FrameIndex length() const { return *length_; }

 private:
  using Length = std::shared_ptr<std::atomic<FrameIndex>>;
  FilmSource(const show::FileSource& config, SourceContext context, Length length);

  const Length length_;
};

/// Black, in the program's size: stands for the picture of a file without video.
FramePtr black_picture(int width, int height);

}  // namespace mainstay
