// The window, from its first to its last moment. app/ calls this and nothing else of ui/.
// Plain functions.
// Thread-safety: run_window() from the process's main thread, once a process (Qt's rule).
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>

#include "engine/core/clock.h"
#include "engine/core/time.h"
#include "engine/studio/studio_port.h"
#include "ui/console_port.h"

namespace mainstay {

struct WindowOptions {
  std::string show_path;          ///< empty: the window opens without a show
  bool on_air = false;            ///< goes on air as soon as the show is open
  std::optional<Nanos> duration;  ///< with on_air: ends the show after that long; absent: no end
  /// The window closes when the show that was put on air has ended, and when it cannot be opened or put on air: for
  /// scripts. What went wrong is then written to stderr.
  bool quit_at_end = false;
  /// Makes the console's session once Qt runs; it goes when the show is off air, before Qt does. Empty: no console.
  std::function<std::shared_ptr<ui::ConsolePort>()> console;
  /// What else needs Qt: made once Qt runs; let go when the window is closed, before Qt goes.
  std::function<std::shared_ptr<void>()> beside;
  std::string panel;            ///< with `screenshot`: this panel instead of the window (ui::Screenshot::panels())
  std::string screenshot;       ///< PNG to write instead of opening a window; needs no display
  int screenshot_width = 1280;  ///< logical pixels; the file is `scale` times larger
  int screenshot_height = 720;
  double scale = 0;      ///< size of everything, 2 = 200 %; 0: the desktop's
  std::stop_token stop;  ///< ends the show in good order, then the window (a signal arrived)
};

/// Shows the window until it is closed; the show is off air when this returns. With `screenshot`: opens the show, puts
/// it on air for a moment, writes the picture and ends. Exit code: 0 done, 1 failed while running (a screenshot that
/// could not be written, a show that failed), 2 the show was refused. Without `screenshot` and `quit_at_end` the window
/// itself shows what is wrong and stays, and the code is 0.
int run_window(int argc, char** argv, StudioPort& studio, Clock& clock, const WindowOptions& options);

}  // namespace mainstay
