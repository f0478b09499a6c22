#include "engine/ffi/portaudio/portaudio_token.h"

#include <portaudio.h>

#include "engine/ffi/portaudio/quiet_libraries.h"

namespace mainstay::ffi {

// Pa_Initialize counts its calls but does not order them; the library's state is one a process whatever we do.
std::mutex& PortAudioToken::mutex() {
  static std::mutex mutex;
  return mutex;
}

Result<std::shared_ptr<PortAudioToken>> PortAudioToken::acquire() {
  std::lock_guard lock(mutex());
  quiet_sound_libraries();
  if (const PaError error = Pa_Initialize(); error != paNoError) {
    return make_error(Errc::io, "the sound system does not start: {}", Pa_GetErrorText(error));
  }
  return std::shared_ptr<PortAudioToken>(new PortAudioToken);
}

PortAudioToken::~PortAudioToken() {
  std::lock_guard lock(mutex());
  Pa_Terminate();
}

}  // namespace mainstay::ffi
