// Screens and windows of an X11 display.
// A plain function and values.
// Thread-safety: from any thread. It asks the display's server, which may hang: not where nothing may block.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/core/result.h"

namespace mainstay::ffi {

struct ScreenWindow {
  std::uint32_t id = 0;
  std::string title;
  int x = 0;  ///< on its screen
  int y = 0;
  int width = 0;
  int height = 0;
};

struct Screen {
  std::string display;  ///< ":0.0": what to name to get this one
  int width = 0;
  int height = 0;
  std::vector<ScreenWindow> windows;  ///< that are seen and have a title, the oldest first
};

/// `display` empty: the one of the environment. Errc::io: there is none, or it does not let us in; unsupported: built
/// without X11.
Result<std::vector<Screen>> list_screens(const std::string& display);

}  // namespace mainstay::ffi
