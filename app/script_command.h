// The subcommand script: a file against the studio, headless.
// Functions without state.
// Thread-safety: called from the main thread.
#pragma once

#include <stop_token>

#include "app/options.h"
#include "engine/core/clock.h"
#include "engine/core/log.h"
#include "engine/studio/studio_port.h"

namespace mainstay {

struct ScriptServices {
  Clock& clock;  ///< the program's
  Clock& wall;   ///< real time
  Log& log;
  StudioPort& studio;
  bool elsewhere = false;  ///< the studio is another program's: its show goes on when this one ends
};

/// Runs options.file; what it leaves on air is ended. Returns the exit code. Does not return when the script cannot be
/// interrupted: then the process ends, after the show.
int run_script(const ScriptServices& services, const Options& options, std::stop_token stop);

/// Takes the show off air in good order when one is on.
void end_show(StudioPort& studio);
/// The same, unless the show is another program's.
void end_show(const ScriptServices& services);

}  // namespace mainstay
