// The mixer: the sound of all sources, through a strip each, to the buses; at the program's end the master limiter.
// Owned by the program.
// Thread-safety: readings(), reset_loudness() from any thread; everything else on the program thread.
//
// The master limiter looks ahead, so what leaves the program bus lags by `lag()` samples. Nothing is shifted by that:
// the block of a tick then begins that much before the tick, and the stream of blocks has neither gap nor overlap; when
// the limiter is switched on or off, one block is that much shorter or longer. Whoever stamps blocks counts samples.
//
// One strip at unity, with nothing else to do, is passed on without a copy.
#pragma once

#include <array>
#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <vector>

#include "engine/audio/bus.h"
#include "engine/audio/master_stage.h"
#include "engine/audio/mixer_readings.h"
#include "engine/audio/strip.h"
#include "engine/media/audio_block.h"
#include "engine/show/mixer.h"

namespace mainstay {

class Mixer {
 public:
  /// `channels`: of all buses: 1, 2 or 6.
  explicit Mixer(int channels = 2);

  using Wanted = WantedBuses;
  using Sound = std::array<AudioBlockPtr, show::kAudioBuses>;

  struct Input {
    AudioBlockPtr block;              ///< of this tick; null: silence
    Strip::Level level = {1, false};  ///< how much of it is on air
  };

  /// From the next tick on: these settings, and a strip for each name (inputs come in the same order). What was there
  /// before goes on; a change is faded. `wanted`: buses that somebody takes besides the program.
  void use(const show::Mixer& settings, const std::vector<std::string>& names, const Wanted& wanted = {});

  /// One tick. The program's block is null when all of a very short tick is held back, other buses' when nobody wants
  /// them.
  Sound mix(std::span<const Input> inputs, int samples);
  /// What the program bus still holds back, at the end.
  AudioBlockPtr flush() { return master_.flush(); }
  int lag() const { return master_.lag(); }
  /// Blocks that were passed on without a copy.
  std::int64_t passed() const { return passed_; }

  MixerReadings readings() const;
  /// Integrated loudness and range of that bus start anew.
  void reset_loudness(show::AudioBus bus) { buses_[static_cast<int>(bus)].reset_loudness(); }

 private:
  struct Named {
    std::string name;
    std::shared_ptr<Strip> strip;
  };
  using Board = std::vector<Named>;

  const Strip* key_of(const Strip& strip) const;
  bool anything(show::AudioBus bus) const;
  AudioBlockPtr sum(show::AudioBus bus, int samples);
  AudioBlockPtr faded(show::AudioBus bus, AudioBlockPtr block, int samples);
  AudioBlockPtr monitor(const AudioBlockPtr& program, int samples);
  AudioBlockPtr silence(int samples);
  void measure(show::AudioBus bus, const AudioBlockPtr& block, int samples);

  const int channels_;
  Wanted wanted_{};
  bool running_ = false;  // a tick was mixed
  std::shared_ptr<const Board> strips_ = std::make_shared<const Board>();
  std::array<Bus, show::kAudioBuses> buses_;
  Ramp monitors_program_{1};
  MasterStage master_;
  std::array<AudioBlockPtr, 2> silences_;
  std::int64_t passed_ = 0;
  mutable std::mutex board_mutex_;  // guards the pointer alone
  std::shared_ptr<const Board> board_;
};

}  // namespace mainstay
