// Who runs macros: scripts need an interpreter, which the engine has not; main() brings one.
// Owned by main(); given to the studio while it lives.
// Thread-safety: all members from any thread; none blocks.
#pragma once

#include <string>
#include <vector>

#include "engine/core/result.h"

namespace mainstay {

class MacroHost {
 public:
  virtual ~MacroHost() = default;

  /// Starts a macro of the open show; how it went comes as events macro.started, macro.log, macro.ended. Errc::again
  /// when it runs already or too many do.
  virtual Status run(const std::string& name) = 0;
  /// Interrupts it. Errc::invalid when it does not run.
  virtual Status stop(const std::string& name) = 0;
  virtual std::vector<std::string> running() const = 0;
};

}  // namespace mainstay
