#include "engine/ffi/portaudio/quiet_libraries.h"

#include <dlfcn.h>

#include <mutex>

namespace mainstay::ffi {

namespace {

void drop_alsa(const char*, int, const char*, int, const char*, ...) {}
void drop_jack(const char*) {}

/// A function of a library that PortAudio brought along, where it did: we do not link these ourselves.
template <class Function>
Function* find(const char* name) {
  return reinterpret_cast<Function*>(dlsym(RTLD_DEFAULT, name));
}

}  // namespace

void quiet_sound_libraries() {
  static std::once_flag once;
  std::call_once(once, [] {
    using AlsaHandler = void(const char*, int, const char*, int, const char*, ...);
    if (auto* set = find<int(AlsaHandler*)>("snd_lib_error_set_handler")) set(&drop_alsa);
    if (auto* set = find<void(void (*)(const char*))>("jack_set_error_function")) set(&drop_jack);
    if (auto* set = find<void(void (*)(const char*))>("jack_set_info_function")) set(&drop_jack);
  });
}

}  // namespace mainstay::ffi
