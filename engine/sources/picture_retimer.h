// Where a source's pictures lie on the program's frame grid. Pure arithmetic.
// Owned by FilePlayer.
// Thread-safety: as any value.
//
// A picture is shown from its slot on, until the next picture's slot. Two rules, by the source's nominal rate:
// - The program's own rate (within half a percent): each picture takes the slot after the last one as long as it lies
//   within three quarters of a frame of it, else the nearest. So containers that round to milliseconds and cameras that
//   tremble map one to one, and a source at 29.97 in a program at 30 repeats one picture in a thousand.
// - Any other rate: the first frame that begins when the picture is already being shown, allowing one tick of the
//   container for rounding. So frame k shows exactly what the source shows at k·den/num.
#pragma once

#include <cstdint>
#include <optional>

#include "engine/media/rate.h"

namespace mainstay {

class PictureRetimer {
 public:
  /// `base`: that of the timestamps; `first`: timestamp of the media's first picture, which comes to lie exactly on a
  /// frame; `source`: the nominal rate, num 0 when unknown; `tick`: how coarse the container's stamps are.
  PictureRetimer(Rate program, Rate source, TimeBase base, std::int64_t first, TimeBase tick);

  FrameIndex slot(std::int64_t pts);
  /// The first frame after a last picture at `pts` that lasts `duration` (0: unknown). At another rate than the
  /// program's that may be the picture's own slot: no frame begins while it lasts, so it is not shown.
  FrameIndex end(std::int64_t pts, std::int64_t duration) const;
  /// After a seek: the next picture follows none.
  void forget() { last_.reset(); }

  bool same_rate() const { return same_rate_; }
  /// Samples to add to a position of the media to get that of the program (the start is moved by less than a frame).
  std::int64_t sample_shift() const { return sample_shift_; }
  /// The media's time at which frame k begins.
  Nanos media_time(FrameIndex k) const;

 private:
  /// Position on the grid in 1/kScale frames.
  std::int64_t position(std::int64_t pts) const;

  Rate program_;
  TimeBase base_;
  std::int64_t first_;
  FrameIndex first_slot_ = 0;
  std::int64_t sample_shift_ = 0;
  std::int64_t tolerance_ = 0;
  bool same_rate_ = false;
  std::optional<FrameIndex> last_;
};

}  // namespace mainstay
