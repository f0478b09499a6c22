// Headless subcommands: run and check.
// Functions without state.
// Thread-safety: called from the main thread.
#pragma once

#include <stop_token>

#include "app/options.h"
#include "engine/core/clock.h"
#include "engine/studio/studio_port.h"

namespace mainstay {

/// On air until the show ends, its time is over or `stop` is requested; writes the report. Returns the exit code.
int run_show(StudioPort& studio, Clock& clock, const Options& options, std::stop_token stop);

/// 0, or 2 with every error of the show on stderr, one a line.
int check_show(StudioPort& studio, const Options& options);

/// Writes the report where --report says; false after saying on stderr why it could not.
bool write_report(StudioPort& studio, const std::string& path);

}  // namespace mainstay
