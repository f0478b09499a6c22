// What the tests of the mixer share: tones, and a mixer fed tick by tick.
// Owned by the test.
// Thread-safety: one thread.
#pragma once

#include <cmath>
#include <functional>
#include <numbers>
#include <string>
#include <vector>

#include "engine/audio/mixer.h"

namespace mainstay::audio_test {

inline constexpr int kTick = 1600;  ///< samples of a tick at 30 frames a second

/// Sample n of left and right.
using Signal = std::function<std::array<float, 2>(std::int64_t n)>;

inline Signal tone(double hz, double peak_db, double phase = 0) {
  const double peak = std::pow(10, peak_db / 20);
  return [=](std::int64_t n) {
    const auto x =
        static_cast<float>(peak * std::sin(2 * std::numbers::pi * hz * static_cast<double>(n) / 48000 + phase));
    return std::array{x, x};
  };
}
inline Signal level(float left, float right) {
  return [=](std::int64_t) { return std::array{left, right}; };
}
inline Signal silence() {
  return level(0, 0);
}

inline AudioBlockPtr block_of(const Signal& signal, std::int64_t first, int samples) {
  const auto block = std::make_shared<AudioBlock>(2, samples);
  for (int i = 0; i < samples; ++i) {
    const auto [left, right] = signal(first + i);
    block->plane(0)[i] = left;
    block->plane(1)[i] = right;
  }
  return block;
}

/// What came out of a bus, put together.
struct Heard {
  std::vector<float> left;
  std::vector<float> right;
  void add(const AudioBlockPtr& block) {
    if (!block) return;
    left.insert(left.end(), block->plane(0).begin(), block->plane(0).end());
    right.insert(right.end(), block->plane(1).begin(), block->plane(1).end());
  }
};

/// A mixer with named sources.
class Desk {
 public:
  explicit Desk(std::map<std::string, Signal> sources) : sources_(std::move(sources)) {
    settings.limiter.enabled = false;
    wanted.fill(true);
    for (const auto& [name, signal] : sources_) levels[name] = {1, false};
  }

  show::Strip& strip(const std::string& name) { return settings.strips[name]; }

  void run(int ticks, int samples = kTick) {
    std::vector<std::string> names;
    for (const auto& [name, signal] : sources_) names.push_back(name);
    mixer.use(settings, names, wanted);
    for (int i = 0; i < ticks; ++i) {
      std::vector<Mixer::Input> inputs;
      for (const auto& [name, signal] : sources_) {
        inputs.push_back({gone.contains(name) ? nullptr : block_of(signal, at, samples), levels[name]});
        last[name] = inputs.back().block;
      }
      sound = mixer.mix(inputs, samples);
      for (int bus = 0; bus < show::kAudioBuses; ++bus) heard[bus].add(sound[bus]);
      at += samples;
    }
  }
  void end() { program().add(mixer.flush()); }

  Heard& program() { return heard[0]; }
  Heard& of(show::AudioBus bus) { return heard[static_cast<int>(bus)]; }

  Mixer mixer;
  show::Mixer settings;
  Mixer::Wanted wanted{};
  std::map<std::string, Strip::Level> levels;
  std::map<std::string, int> gone;
  std::map<std::string, AudioBlockPtr> last;
  Mixer::Sound sound;
  std::array<Heard, show::kAudioBuses> heard;
  std::int64_t at = 0;

 private:
  std::map<std::string, Signal> sources_;
};

/// The largest step from one sample to the next.
inline float largest_step(const std::vector<float>& samples, std::size_t from = 1) {
  float largest = 0;
  for (std::size_t i = from; i < samples.size(); ++i)
    largest = std::max(largest, std::fabs(samples[i] - samples[i - 1]));
  return largest;
}

inline float highest(const std::vector<float>& samples, std::size_t from = 0) {
  float out = 0;
  for (std::size_t i = from; i < samples.size(); ++i) out = std::max(out, std::fabs(samples[i]));
  return out;
}

}  // namespace mainstay::audio_test
