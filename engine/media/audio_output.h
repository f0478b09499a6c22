// A device that plays what stands in a ring; and what a list of devices says of one.
// Owned by whoever listens; made by engine/ffi/portaudio or by a test.
// Thread-safety: all members from any thread; none blocks, whatever the device does.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "engine/core/sample_ring.h"
#include "engine/core/time.h"

namespace mainstay {

class AudioOutput {
 public:
  enum class State { opening, playing, failed };
  struct Status {
    State state = State::opening;
    std::string device;          ///< its name, once it is known
    std::string detail;          ///< failed: why
    std::int64_t calls = 0;      ///< how often the device asked for samples: one that stands still asks no more
    std::int64_t underruns = 0;  ///< how often there were none
    Nanos latency{0};            ///< from the ring to the loudspeaker, as the device says
  };

  /// Lets go of the device, which may take as long as it likes: nobody waits for that.
  virtual ~AudioOutput() = default;
  virtual Status status() const = 0;
};

struct AudioOutputOptions {
  std::string device;     ///< name or a part of it; empty: the default
  int channels = 2;       ///< of the ring: 1, 2 or 6; a device that has fewer plays a down-mix
  std::size_t start = 0;  ///< frames that have to stand in the ring before it plays, at first and after it ran empty
};

/// Opens in the background. The ring holds 48 kHz, interleaved.
using OpenAudioOutput =
    std::function<std::unique_ptr<AudioOutput>(const AudioOutputOptions&, std::shared_ptr<SampleRing>)>;

}  // namespace mainstay
