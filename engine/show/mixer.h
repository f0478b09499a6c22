// The mixer's part of the show: what each source's strip does to its sound, where it goes, and what the buses do. Each
// field's type, default, range, unit and help are declared once, in show_schema_mixer.cpp.
// Owned by the show that holds it; a value.
// Thread-safety: as any value.
#pragma once

#include <array>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "engine/core/time.h"

namespace mainstay::show {

/// Where sound is added up.
enum class AudioBus { program, monitor, aux1, aux2, aux3, aux4 };
inline constexpr int kAudioBuses = 6;
inline constexpr std::array<const char*, kAudioBuses> kAudioBusNames{"program", "monitor", "aux1",
                                                                     "aux2",    "aux3",    "aux4"};

/// Levels at or below this are silence.
inline constexpr double kSilenceDb = -100;

// --- what a strip's filters do, in the order in which they stand -----------------------------------------------------

/// Takes steady noise away. It looks ahead, so its sound is later (audio/denoiser.h).
struct Denoise {
  bool enabled = true;
  double reduction_db = 12;
  double floor_db = -50;  ///< level of the noise
  friend bool operator==(const Denoise&, const Denoise&) = default;
};

struct Gate {
  bool enabled = true;
  double threshold_db = -50;
  double range_db = -60;     ///< level of what is closed off
  double hysteresis_db = 4;  ///< it closes that far below the threshold
  double attack_ms = 2;
  double hold_ms = 100;
  double release_ms = 150;
  friend bool operator==(const Gate&, const Gate&) = default;
};

enum class EqShape { peak, low_shelf, high_shelf, high_pass, low_pass };

struct EqBand {
  bool enabled = true;
  EqShape shape = EqShape::peak;
  double hz = 1000;
  double gain_db = 0;  ///< peak and shelves
  double q = 0.7071;
  friend bool operator==(const EqBand&, const EqBand&) = default;
};

struct Compressor {
  bool enabled = true;
  double threshold_db = -18;
  double ratio = 3;
  double knee_db = 6;
  double attack_ms = 10;
  double release_ms = 150;
  double makeup_db = 0;
  friend bool operator==(const Compressor&, const Compressor&) = default;
};

struct StripLimiter {
  bool enabled = true;
  double ceiling_db = -3;
  double release_ms = 80;
  friend bool operator==(const StripLimiter&, const StripLimiter&) = default;
};

/// Makes a strip quieter while another is heard.
struct Duck {
  bool enabled = true;
  std::string by;  ///< source
  double threshold_db = -35;
  double amount_db = 12;
  double attack_ms = 30;
  double hold_ms = 300;
  double release_ms = 600;
  friend bool operator==(const Duck&, const Duck&) = default;
};

// --- strips and buses ------------------------------------------------------------------------------------------------

/// What of a strip goes to an aux bus.
struct Send {
  double gain_db = 0;
  bool pre_fader = false;  ///< not touched by fader, mute and what the scene shows
  friend bool operator==(const Send&, const Send&) = default;
};

struct Sends {
  std::optional<Send> aux1;
  std::optional<Send> aux2;
  std::optional<Send> aux3;
  std::optional<Send> aux4;
  const std::optional<Send>& of(int aux) const { return *std::array{&aux1, &aux2, &aux3, &aux4}[aux]; }
  friend bool operator==(const Sends&, const Sends&) = default;
};

struct Strip {
  double gain_db = 0;
  bool mute = false;
  bool solo = false;
  double pan = 0;  ///< -1: left alone, +1: right alone
  bool mono = false;
  double delay_ms = 0;
  bool follow_video = true;  ///< false: heard whatever scene is on air
  bool program = true;       ///< goes to the program bus
  Sends sends;
  std::optional<Denoise> denoise;
  std::optional<Gate> gate;
  std::vector<EqBand> eq;
  std::optional<Compressor> compressor;
  std::optional<StripLimiter> limiter;
  std::optional<Duck> duck;
  friend bool operator==(const Strip&, const Strip&) = default;
};

struct BusSettings {
  double gain_db = 0;
  bool mute = false;
  friend bool operator==(const BusSettings&, const BusSettings&) = default;
};

struct Buses {
  BusSettings program;
  BusSettings monitor;
  BusSettings aux1;
  BusSettings aux2;
  BusSettings aux3;
  BusSettings aux4;
  const BusSettings& of(int bus) const { return *std::array{&program, &monitor, &aux1, &aux2, &aux3, &aux4}[bus]; }
  friend bool operator==(const Buses&, const Buses&) = default;
};

/// Of the program bus: keeps true peaks under the ceiling.
struct MasterLimiter {
  bool enabled = true;
  double ceiling_db = -1;
  double release_ms = 80;
  friend bool operator==(const MasterLimiter&, const MasterLimiter&) = default;
};

/// What the program's integrated loudness shall come to.
struct LoudnessTarget {
  double target_lufs = -23;
  double tolerance_lu = 1;
  friend bool operator==(const LoudnessTarget&, const LoudnessTarget&) = default;
};

struct Mixer {
  std::map<std::string, Strip> strips;  ///< by source; one that is not there has the defaults
  Buses buses;
  MasterLimiter limiter;
  std::optional<LoudnessTarget> loudness;
  friend bool operator==(const Mixer&, const Mixer&) = default;
};

}  // namespace mainstay::show
