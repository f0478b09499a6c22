#include "engine/sources/source.h"

namespace mainstay {

const char* to_string(SourceState state) {
  switch (state) {
    case SourceState::opening:
      return "opening";
    case SourceState::live:
      return "live";
    case SourceState::stalled:
      return "stalled";
    case SourceState::ended:
      return "ended";
    case SourceState::failed:
      break;
  }
  return "failed";
}

}  // namespace mainstay
