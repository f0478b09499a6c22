// What of the show is about noticing: what the watchers of program and sources raise, and where somebody listens. Each
// field's type, default, range, unit and help are declared once, in show_schema_watching.cpp.
// Owned by the show that holds it; a value.
// Thread-safety: as any value.
#pragma once

#include <map>
#include <string>

#include "engine/core/time.h"
#include "engine/media/channels.h"
#include "engine/show/mixer.h"

namespace mainstay::show {

/// The picture does not change.
struct FreezeWatch {
  bool enabled = true;
  Millis after{10000};    ///< after_ms
  double noise_db = -60;  ///< mean difference of two pictures, of full scale, that still is none
  friend bool operator==(const FreezeWatch&, const FreezeWatch&) = default;
};

/// The picture is black.
struct BlackWatch {
  bool enabled = true;
  Millis after{2000};
  double level = 0.1;   ///< brightest luma that is black: 0 black, 1 white
  double share = 0.98;  ///< of the picture that has to be black
  friend bool operator==(const BlackWatch&, const BlackWatch&) = default;
};

/// Nothing is heard.
struct SilenceWatch {
  bool enabled = true;
  Millis after{5000};
  double level_db = -60;  ///< dBFS; peaks below are silence
  friend bool operator==(const SilenceWatch&, const SilenceWatch&) = default;
};

/// Samples stand at full scale.
struct ClippingWatch {
  bool enabled = true;
  int count = 10;          ///< so many samples within a second
  double level_db = -0.1;  ///< dBFS, from which on a sample counts
  friend bool operator==(const ClippingWatch&, const ClippingWatch&) = default;
};

/// Sound and picture of one moment are not shown together.
struct AvSyncWatch {
  bool enabled = true;
  Millis limit{100};   ///< limit_ms, either way
  Millis after{1000};  ///< after_ms
  friend bool operator==(const AvSyncWatch&, const AvSyncWatch&) = default;
};

/// What is looked for in one program or source.
struct WatchSet {
  bool enabled = true;
  FreezeWatch freeze;
  BlackWatch black;
  SilenceWatch silence;
  ClippingWatch clipping;
  AvSyncWatch av_sync;
  friend bool operator==(const WatchSet&, const WatchSet&) = default;
};

/// Which sources are watched.
enum class WatchScope { on_air, all };

struct Watchers {
  WatchSet program;
  WatchSet sources;                           ///< for each that has none of its own
  std::map<std::string, WatchSet> by_source;  ///< instead of `sources`
  WatchScope scope = WatchScope::on_air;
  Millis clear{1000};  ///< clear_ms: how long all must be well before it is cleared
  friend bool operator==(const Watchers&, const Watchers&) = default;
};

/// The sound that is heard at this machine.
struct Monitor {
  bool enabled = true;
  std::string device;  ///< PortAudio's name; empty: the system's default
  AudioBus bus = AudioBus::monitor;
  double gain_db = 0;
  bool mute = false;  ///< the device stays open
  Millis buffer{60};  ///< buffer_ms
  AudioLayout layout = AudioLayout::stereo;
  friend bool operator==(const Monitor&, const Monitor&) = default;
};

}  // namespace mainstay::show
