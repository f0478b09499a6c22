// One source's strip: what comes in, through its filters, delay and fader, to the buses.
// Owned by the mixer; shared with who looks at its meter.
// Thread-safety: meter_values() from any thread; everything else on the program thread.
//
// A tick has three steps, because ducking listens to other strips: process(), duck(), then mix() for each bus. What
// does nothing costs nothing: without filters, delay and mono the signal is the source's own block.
#pragma once

#include <array>

#include "engine/audio/delay_line.h"
#include "engine/audio/denoiser.h"
#include "engine/audio/dynamics.h"
#include "engine/audio/equaliser.h"
#include "engine/audio/meter.h"
#include "engine/audio/ramp.h"
#include "engine/media/audio_block.h"
#include "engine/show/mixer.h"

namespace mainstay {

/// How long a changed level takes, in samples: 8 ms.
inline constexpr int kLevelRamp = 384;

class Strip {
 public:
  /// `fresh`: the program begins with it, so its levels are where they shall be; otherwise it is faded in.
  Strip(const show::Strip& settings, bool fresh);
  void set(const show::Strip& settings);
  const show::Strip& settings() const { return settings_; }

  /// How much of the source is on air by the end of this tick.
  struct Level {
    float value = 1;      ///< gain, 0 to 1
    bool glides = false;  ///< gets there over the whole tick; otherwise within kLevelRamp
  };
  /// `block`: null when the source gives none. `listen`: the monitor bus is to carry it.
  void process(const AudioBlockPtr& block, int samples, Level level, bool listen);
  void duck(const Strip* key);

  /// After process() and duck(), before the fader; of no size when there is nothing but silence.
  StereoView signal() const { return signal_; }
  bool is_silent() const { return signal_.size() == 0; }
  /// out += what goes to that bus.
  void mix(show::AudioBus bus, StereoSpan out);
  /// Nothing goes to that bus in this tick.
  bool is_off(show::AudioBus bus) const;
  /// Exactly the source's block goes to that bus.
  bool passes(show::AudioBus bus) const;
  /// The ramps of buses that were not mixed move on too.
  void finish(int samples);
  const AudioBlockPtr& block() const { return block_; }
  float program_gain() const;
  /// By how many samples its sound is later than it is asked to be.
  int latency() const;

  const MeterValues& meter_values() const { return meter_.values(); }

 private:
  using Sides = std::array<Ramp, 2>;

  void configure();
  bool filters_idle() const;
  int own_delay() const;
  bool thru() const;
  void fall_asleep();
  void set_targets(Level level, bool listen, int samples);
  void set_bus(int bus, float left, float right, int samples);
  StereoSpan own(std::size_t samples);
  void tell_reduction();

  show::Strip settings_;
  bool fresh_;
  int since_change_ = 1 << 20;  // samples since a level was last set
  Denoiser denoiser_;
  Gate gate_;
  Equaliser equaliser_;
  Compressor compressor_;
  StripLimiter limiter_;
  DelayLine delay_;
  Ramp mono_;
  Ducker ducker_;
  std::array<Sides, show::kAudioBuses> buses_;
  std::array<bool, show::kAudioBuses> mixed_{};
  Level level_;  // of the tick before
  bool listen_ = false;
  bool changed_ = true;         // the settings, since the levels were set
  AudioBlockPtr known_silent_;  // sources that are silent give the same block again and again
  int quiet_ = 0;               // samples of silence that came in
  bool asleep_ = true;
  AudioBlockPtr block_;  // when the signal is the block itself
  StereoBuffer buffer_;
  StereoBuffer scratch_;
  StereoView signal_;
  std::array<float, 2> fader_{1, 1};  // for the meter
  Meter meter_;
};

}  // namespace mainstay
