// One source's strip: what comes in, through its filters, delay and fader, to the buses.
// Owned by the mixer; shared with who looks at its meter.
// Thread-safety: meter_values() from any thread; everything else on the program thread.
//
// A tick has three steps, because ducking listens to other strips: process(), duck(), then mix() for each bus. What
// does nothing costs nothing: without filters, delay and mono the signal is the source's own block.
//
// A block comes in the source's layout and is brought to the program's (media/channels.h). In a 5.1 program nothing is
// mixed for that: a source with fewer channels has fewer planes, and mono is the centre. Pan is a balance: it fades the
// sides that it goes away from, front and surround alike; only what is mono in 5.1 moves, from the centre to a side.
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
  /// `channels`: of the program: 1, 2 or 6.
  Strip(const show::Strip& settings, bool fresh, int channels = 2);
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
  const PlanesView& signal() const { return signal_; }
  bool is_silent() const { return signal_.size() == 0; }
  /// out += what goes to that bus.
  void mix(show::AudioBus bus, const Planes& out);
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
  using Faders = std::array<Ramp, kMostChannels>;  // by channel

  void configure();
  bool filters_idle() const;
  int own_delay() const;
  bool thru() const;
  void fall_asleep();
  void set_targets(Level level, bool listen, int samples);
  void set_bus(int bus, const ChannelGains& gains, int samples);
  ChannelGains placed(double pan) const;
  bool take_as_it_is(const AudioBlockPtr& block, int samples);
  void see_channels(const AudioBlock* block);
  Planes own(ChannelSet set, std::size_t samples);
  PlanesView heard() const;
  void tell_reduction();

  const int channels_;
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
  std::array<Faders, show::kAudioBuses> buses_;
  std::array<bool, show::kAudioBuses> mixed_{};
  Level level_;  // of the tick before
  bool listen_ = false;
  bool changed_ = true;         // the settings, since the levels were set
  AudioBlockPtr known_silent_;  // sources that are silent give the same block again and again
  int quiet_ = 0;               // samples of silence that came in
  bool asleep_ = true;
  AudioBlockPtr block_;     // when the signal is the block itself
  AudioBlockPtr narrow_;    // when it is one with fewer channels than the program
  ChannelSet set_ = 0;      // that came since it was asleep
  bool is_centre_ = false;  // in 5.1: what came last is mono
  PlanesBuffer buffer_;
  PlanesBuffer scratch_;
  PlanesView signal_;
  ChannelGains fader_ = kUnity;  // for the meter
  Meter meter_;
};

}  // namespace mainstay
