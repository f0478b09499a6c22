// The session behind the window's console.
// Functions without state.
// Thread-safety: called from the main thread.
#pragma once

#include <memory>

#include "app/options.h"
#include "app/script_command.h"
#include "ui/console_port.h"

namespace mainstay {

/// While the window is open nothing that is typed ends the process. When the last owner lets go of the session and what
/// runs in it cannot be interrupted, the report is written and the process ends with code 1: the show has to be off air
/// by then. A QCoreApplication has to live as long as the session.
std::shared_ptr<ui::ConsolePort> make_window_console(const ScriptServices& services, const Options& options);

}  // namespace mainstay
