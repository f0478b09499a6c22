// The program's mixer and what goes into it in a tick.
// Owned by the program; apart from program.h so that who includes that does not include the mixer.
// Thread-safety: as Mixer.
#pragma once

#include <vector>

#include "engine/audio/mixer.h"
#include "engine/program/program.h"

namespace mainstay {

struct Program::Desk {
  explicit Desk(const show::Program& format) : mixer(channels_of(format.audio_layout)) {}

  Mixer mixer;
  std::vector<Mixer::Input> sounds;  // of the slots
};

}  // namespace mainstay
