// The window, from its first to its last moment. app/ calls this and nothing else of ui/.
// Plain functions.
// Thread-safety: run_window() from the process's main thread, once a process (Qt's rule).
#pragma once

#include <cstdint>
#include <stop_token>
#include <string>

#include "engine/core/clock.h"
#include "engine/studio/studio.h"

namespace mainstay {

struct WindowOptions {
  std::string show_path;        ///< empty: the window opens without a show
  bool on_air = false;          ///< goes on air as soon as the show is open
  std::int64_t frames = 0;      ///< with on_air: ends the show after exactly that many; 0: no end
  bool quit_at_end = false;     ///< the window closes when the show that was put on air has ended
  std::string screenshot;       ///< PNG to write instead of opening a window; needs no display
  int screenshot_width = 1280;  ///< logical pixels; the file is `scale` times larger
  int screenshot_height = 720;
  double scale = 0;      ///< size of everything, 2 = 200 %; 0: the desktop's
  std::stop_token stop;  ///< ends the show in good order, then the window (a signal arrived)
};

/// Shows the window until it is closed; the show is off air when this returns. With `screenshot`: opens the show, puts
/// it on air for a moment, writes the picture and ends. Exit code: 0 done, 1 failed while running (a screenshot that
/// could not be written, a show that failed with quit_at_end), 2 the show was refused (screenshot only; the window
/// itself shows the reasons and stays).
int run_window(int argc, char** argv, Studio& studio, Clock& clock, const WindowOptions& options);

}  // namespace mainstay
