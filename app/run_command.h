// Headless subcommands: run and check.
// Functions without state.
// Thread-safety: called from the main thread.
#pragma once

#include <stop_token>

#include "app/options.h"
#include "engine/core/clock.h"
#include "engine/studio/studio.h"

namespace mainstay {

/// On air until the show ends, its time is over or `stop` is requested; writes the report. Returns the exit code.
int run_show(Studio& studio, Clock& clock, const Options& options, std::stop_token stop);

/// 0, or 2 with every error of the show on stderr, one a line.
int check_show(Studio& studio, const Options& options);

/// Writes the report where --report says; false after saying on stderr why it could not.
bool write_report(const Studio& studio, const std::string& path);

}  // namespace mainstay
