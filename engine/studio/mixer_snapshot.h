// What a client sees of the mixer: settings and meters of all strips and buses, taken at one moment; and their JSON.
// Owned by whoever asked for it.
// Thread-safety: as any value.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "engine/audio/mixer_readings.h"
#include "engine/show/section.h"
#include "engine/show/show.h"

namespace mainstay {

struct StripSnapshot {
  std::string name;  ///< of the source
  double gain_db = 0;
  bool mute = false;
  bool solo = false;
  double pan = 0;
  bool mono = false;
  double delay_ms = 0;
  bool follow_video = true;
  bool silent = false;  ///< its source is of a kind that has no sound: a picture, a text, …
  /// denoise, gate, eq, compressor, limiter, duck: those that there are, with all of their keys.
  show::Json filters = show::Json::object();
  MeterReading meter;  ///< before mute and scene; after the fader
};

struct BusSnapshot {
  std::string name;
  double gain_db = 0;
  bool mute = false;
  MeterReading meter;
  LoudnessReading loudness;
};

struct MixerSnapshot {
  AudioLayout layout = AudioLayout::stereo;  ///< of the buses
  std::vector<StripSnapshot> strips;         ///< one for each source, by name
  std::vector<BusSnapshot> buses;            ///< program, monitor, aux1 to aux4
  std::optional<double> target_lufs;
  double tolerance_lu = 0;
};

/// As the show has it; meters at rest.
MixerSnapshot mixer_snapshot(const show::Show& show);
void fill_meters(MixerSnapshot& mixer, const MixerReadings& readings);

/// The settings alone: what the event mixer.changed carries.
show::Json settings_json(const StripSnapshot& strip);
show::Json settings_json(const BusSnapshot& bus);

show::Json to_json(const MixerSnapshot& mixer);
MixerSnapshot mixer_from_json(const show::Json& json);

}  // namespace mainstay
