// What PortAudio's libraries write to stderr by themselves while they look for devices is not for the operator.
// A plain function.
// Thread-safety: from any thread.
#pragma once

namespace mainstay::ffi {

/// ALSA and JACK say nothing from here on: dozens of lines at each look, about cards that nobody asked for. What fails
/// is told by PortAudio's own results.
void quiet_sound_libraries();

}  // namespace mainstay::ffi
