// The token that keeps PortAudio running. Streams are made under it; it outlives them.
// Owned by each part that opens or lists devices, by shared_ptr; PortAudio itself starts with the first and ends with
// the last.
// Thread-safety: acquire() and release from any thread. Both may block for as long as the sound system takes (a dead
// server: seconds), so never on the program's, the control's or the window's thread.
//
// PortAudio looks for devices when it starts and never again: refreshed lists need all tokens gone. `mutex()` orders
// the calls that PortAudio wants one at a time (opening, closing, listing); the device callbacks do not touch it.
#pragma once

#include <memory>
#include <mutex>

#include "engine/core/result.h"

namespace mainstay::ffi {

class PortAudioToken {
 public:
  /// Counted: cheap while another one is held. Errc::io when there is no sound system that works.
  static Result<std::shared_ptr<PortAudioToken>> acquire();
  ~PortAudioToken();
  PortAudioToken(const PortAudioToken&) = delete;
  PortAudioToken& operator=(const PortAudioToken&) = delete;

  /// Held around Pa_OpenStream, Pa_StartStream, Pa_CloseStream and the listing of devices.
  static std::mutex& mutex();

 private:
  PortAudioToken() = default;
};

}  // namespace mainstay::ffi
