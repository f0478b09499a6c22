// What the mixer tells whoever looks: meters and loudness of its strips and buses, taken at one moment.
// Owned by whoever asked for it.
// Thread-safety: as any value.
#pragma once

#include <array>
#include <string>
#include <utility>
#include <vector>

#include "engine/audio/decibel.h"
#include "engine/media/channels.h"
#include "engine/show/mixer.h"

namespace mainstay {

/// One value a channel, in the order of a block's planes; dB.
using ChannelValues = std::array<float, kMostChannels>;
inline constexpr ChannelValues kFloorValues{kFloorDb, kFloorDb, kFloorDb, kFloorDb, kFloorDb, kFloorDb};

/// What meters showed at one moment; dB as in MeterValues.
struct MeterReading {
  ChannelValues peak_db = kFloorValues;
  ChannelValues held_db = kFloorValues;
  ChannelValues rms_db = kFloorValues;
  float reduction_db = 0;
  float latency_ms = 0;  ///< of a strip: by how much its filters make it late
  int channels = 2;      ///< how many of the values there are
};
struct LoudnessReading {
  float momentary = kFloorDb;  ///< LUFS
  float short_term = kFloorDb;
  float integrated = kFloorDb;
  float range = 0;  ///< LU
  float measured_s = 0;
};
struct MixerReadings {
  std::vector<std::pair<std::string, MeterReading>> strips;
  std::array<MeterReading, show::kAudioBuses> buses;
  std::array<LoudnessReading, show::kAudioBuses> loudness;
};

/// Buses whose sound somebody takes besides the program's.
using WantedBuses = std::array<bool, show::kAudioBuses>;

}  // namespace mainstay
