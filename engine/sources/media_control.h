// What a person does to media that are played: to hold them, to go to another place in them. A source that can be
// steered so is one of these too.
// Owned as the source is.
// Thread-safety: from any thread; nothing waits.
#pragma once

#include <optional>

#include "engine/core/result.h"
#include "engine/core/time.h"

namespace mainstay {

struct MediaPlace {
  Nanos position{0};              ///< of the picture that is shown, from the in point on
  std::optional<Nanos> duration;  ///< from in point to end; absent: not known, or without end
  bool paused = false;
};

class MediaControl {
 public:
  virtual ~MediaControl() = default;
  /// It holds its picture and is silent, or goes on with the picture after that. Idempotent.
  virtual void pause(bool paused) = 0;
  /// Goes to `position`, from the in point on, or to the end if that comes before. Of a list: within the item. What was
  /// decoded ahead is dropped, the last picture stands until the new one is there; a paused one shows it and stays.
  virtual void seek(Nanos position) = 0;
  /// Of a list: the item before, from its beginning. Errc::unsupported where there is none.
  virtual Status previous() = 0;
  /// Absent before the first picture.
  virtual std::optional<MediaPlace> place() const = 0;
};

}  // namespace mainstay
