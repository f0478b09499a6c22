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
    case SourceState::resting:
      return "resting";
    case SourceState::failed:
      break;
  }
  return "failed";
}

const char* to_string(SourceAction action) {
  return action == SourceAction::restart ? "restart" : "next";
}

Status Source::act(SourceAction action) {
  return make_error(Errc::unsupported, "this kind of source knows no \"{}\"", to_string(action));
}

}  // namespace mainstay
