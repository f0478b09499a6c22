// PortAudio's output as an AudioOutput, and the list of devices that can play.
// Owned by whoever listens.
// Thread-safety: all members from any thread. open() and destruction return at once; list_outputs() may block for as
// long as the sound system takes.
//
// A thread of the stream's own opens the device, waits, and closes it. Each of these may hang for ever in a sound
// server that is stopped, so nobody waits for this thread: it holds all that it needs, and goes when it can. The
// device's callback touches the ring and a few atomics: no lock, allocation or log.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine/core/result.h"
#include "engine/media/audio_output.h"

namespace mainstay::ffi {

std::unique_ptr<AudioOutput> open_output(const AudioOutputOptions& options, std::shared_ptr<SampleRing> ring);

struct OutputDevice {
  std::string name;
  std::string system;  ///< PortAudio's host API: "ALSA", "CoreAudio", …
  int channels = 0;
  double sample_rate = 0;  ///< it prefers
  bool is_default = false;
};

Result<std::vector<OutputDevice>> list_outputs();

}  // namespace mainstay::ffi
