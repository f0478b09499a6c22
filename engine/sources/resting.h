// How a source that stands still because nobody sees it is told of.
// A plain function.
// Thread-safety: from any thread.
#pragma once

#include "engine/sources/source.h"

namespace mainstay {

/// `status` as it is, when it has ended or fails: that does not rest.
inline SourceStatus rests(SourceStatus status) {
  const bool over = status.state == SourceState::ended || status.state == SourceState::failed || status.retries;
  if (over) return status;
  status.state = SourceState::resting;
  status.detail = "stands still: nobody sees it";
  return status;
}

}  // namespace mainstay
