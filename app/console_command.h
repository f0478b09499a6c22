// The subcommand console: a terminal (or a pipe) as a view of a console session.
// Functions without state.
// Thread-safety: called from the main thread.
#pragma once

#include <functional>
#include <stop_token>

#include "app/options.h"
#include "app/script_command.h"

namespace mainstay {

/// Until exit(), the end of the input or `stop`; what is on air then is ended. `on_interrupt` is told what Ctrl-C is to
/// do while the console runs (called from any thread). Returns the exit code: through a pipe 1 when a line failed.
int run_console(const ScriptServices& services, const Options& options, std::stop_token stop,
                const std::function<void(std::function<void()>)>& on_interrupt);

}  // namespace mainstay
