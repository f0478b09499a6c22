// What the tests of layouts share: sounds of any number of channels, and a mixer of any layout fed with them.
// Owned by the test.
// Thread-safety: one thread.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "engine/audio/mixer.h"
#include "tests/engine/audio/audio_support.h"

namespace mainstay::audio_test {

/// Sample n of a channel.
using ChannelSignal = std::function<float(int channel, std::int64_t n)>;

struct Sound {
  int channels = 6;
  ChannelSignal signal;
};

/// Channels that stand still.
inline Sound still(std::vector<float> values) {
  const int channels = static_cast<int>(values.size());
  return {channels, [values = std::move(values)](int c, std::int64_t) { return values[static_cast<std::size_t>(c)]; }};
}
/// A tone of its own in each channel: 300, 600, 900 Hz … at that peak.
inline float channel_tone(int channel, std::int64_t n, double peak_db) {
  return tone(300.0 * (channel + 1), peak_db)(n)[0];
}
inline Sound tones(int channels, double peak_db) {
  return {channels, [=](int c, std::int64_t n) { return channel_tone(c, n, peak_db); }};
}

inline AudioBlockPtr block_of(const Sound& sound, std::int64_t first, int samples) {
  const auto block = std::make_shared<AudioBlock>(sound.channels, samples);
  for (int c = 0; c < sound.channels; ++c) {
    for (int i = 0; i < samples; ++i) block->plane(c)[static_cast<std::size_t>(i)] = sound.signal(c, first + i);
  }
  return block;
}

/// A mixer in a layout, with named sources.
class LayoutDesk {
 public:
  LayoutDesk(AudioLayout layout, std::map<std::string, Sound> sounds)
      : mixer(channels_of(layout)), sources(std::move(sounds)) {
    settings.limiter.enabled = false;
    wanted.fill(true);
  }

  show::Strip& strip(const std::string& name) { return settings.strips[name]; }

  void run(int ticks, int samples = kTick) {
    std::vector<std::string> names;
    for (const auto& [name, sound] : sources) names.push_back(name);
    mixer.use(settings, names, wanted);
    for (int i = 0; i < ticks; ++i) {
      std::vector<Mixer::Input> inputs;
      for (const auto& [name, sound] : sources)
        inputs.push_back({sound.signal ? block_of(sound, at, samples) : nullptr});
      last = inputs.empty() ? nullptr : inputs.front().block;
      out = mixer.mix(inputs, samples);
      add(out[0]);
      at += samples;
    }
  }
  void end() { add(mixer.flush()); }

  /// The last sample of each channel of a bus.
  std::vector<float> now(show::AudioBus bus = show::AudioBus::program) const {
    std::vector<float> values;
    const AudioBlockPtr& block = out[static_cast<std::size_t>(bus)];
    for (int c = 0; c < block->channels; ++c) values.push_back(block->plane(c).back());
    return values;
  }
  MeterReading strip_meter(const std::string& name) const {
    for (const auto& [strip, reading] : mixer.readings().strips) {
      if (strip == name) return reading;
    }
    return {};
  }

  Mixer mixer;
  std::map<std::string, Sound> sources;
  show::Mixer settings;
  Mixer::Wanted wanted{};
  Mixer::Sound out;
  AudioBlockPtr last;                     // of the first source
  std::vector<std::vector<float>> heard;  // of the program, by channel
  std::int64_t at = 0;

 private:
  void add(const AudioBlockPtr& block) {
    if (!block) return;
    heard.resize(static_cast<std::size_t>(block->channels));
    for (int c = 0; c < block->channels; ++c) {
      auto& channel = heard[static_cast<std::size_t>(c)];
      channel.insert(channel.end(), block->plane(c).begin(), block->plane(c).end());
    }
  }
};

}  // namespace mainstay::audio_test
