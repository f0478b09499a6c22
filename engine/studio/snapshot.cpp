#include "engine/studio/snapshot.h"

namespace mainstay {

const char* to_string(Phase phase) {
  switch (phase) {
    case Phase::off:
      return "off";
    case Phase::starting:
      return "starting";
    case Phase::on_air:
      return "on_air";
    case Phase::stopping:
      return "stopping";
  }
  return "off";
}

}  // namespace mainstay
