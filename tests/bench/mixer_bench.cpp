// What the mixer costs: CPU a second of sound, by what strips do, and the same chain of filters in libavfilter.
// Run by hand: build/release/bin/bench_mixer. Each iteration is one second (30 ticks) of 48 kHz sound for all strips,
// so "CPU" in ms / 10 is the share of a core in percent.
#include <benchmark/benchmark.h>

#include <cmath>
#include <string>
#include <vector>

#include "engine/audio/mixer.h"

namespace mainstay {
namespace {

constexpr int kTicks = 30;
constexpr int kSamples = 1600;

// Sound with syllables and pauses, so that gates and compressors work; another one for each strip.
std::vector<AudioBlockPtr> sound(int strip, int channels) {
  std::vector<AudioBlockPtr> all;
  for (int tick = 0; tick < kTicks; ++tick) {
    const auto block = std::make_shared<AudioBlock>(channels, kSamples);
    for (int i = 0; i < kSamples; ++i) {
      const int n = tick * kSamples + i;
      const double syllable = 0.5 + 0.5 * std::sin(n * (0.0004 + strip * 1e-5));
      const double x = 0.2 * syllable * (std::sin(n * (0.02 + strip * 0.001)) + 0.5 * std::sin(n * 0.11 + strip));
      for (int c = 0; c < channels; ++c) block->plane(c)[i] = static_cast<float>(c % 2 == 0 ? x : 0.8 * x);
    }
    all.push_back(block);
  }
  return all;
}

show::Strip filtered() {
  show::Strip strip;
  strip.gate = show::Gate{};
  strip.compressor = show::Compressor{};
  strip.eq = {{.shape = show::EqShape::high_pass, .hz = 80},
              {.shape = show::EqShape::peak, .hz = 3000, .gain_db = 3},
              {.shape = show::EqShape::high_shelf, .hz = 9000, .gain_db = -2}};
  return strip;
}

// `channels`: of each source.
void run(benchmark::State& state, const show::Strip& strip, int strips, bool limiter,
         AudioLayout layout = AudioLayout::stereo, int channels = 2) {
  show::Mixer settings;
  settings.limiter.enabled = limiter;
  std::vector<std::string> names;
  std::vector<std::vector<AudioBlockPtr>> sounds;
  for (int i = 0; i < strips; ++i) {
    names.push_back("strip" + std::to_string(i));
    settings.strips[names.back()] = strip;
    sounds.push_back(sound(i, channels));
  }
  Mixer mixer(channels_of(layout));
  mixer.use(settings, names);
  std::vector<Mixer::Input> inputs(static_cast<std::size_t>(strips));
  for (auto _ : state) {
    for (int tick = 0; tick < kTicks; ++tick) {
      for (int i = 0; i < strips; ++i) inputs[i].block = sounds[i][tick];
      benchmark::DoNotOptimize(mixer.mix(inputs, kSamples));
    }
  }
}

void one_strip_passed_on(benchmark::State& state) {
  run(state, {}, 1, false);
}
void one_strip_limited(benchmark::State& state) {
  run(state, {}, 1, true);
}
void strips_32(benchmark::State& state) {
  run(state, {}, 32, true);
}
void strips_32_gate_compressor_eq(benchmark::State& state) {
  run(state, filtered(), 32, true);
}
void strips_32_stereo_in_surround(benchmark::State& state) {
  run(state, filtered(), 32, true, AudioLayout::surround);
}
void strips_32_surround(benchmark::State& state) {
  run(state, filtered(), 32, true, AudioLayout::surround, 6);
}

void one_strip_denoised(benchmark::State& state) {
  show::Strip strip;
  strip.denoise = show::Denoise{};
  run(state, strip, 1, false);
}
// On the program's thread, once, when a strip is given one.
void denoiser_made(benchmark::State& state) {
  for (auto _ : state) {
    Denoiser denoiser;
    denoiser.set(show::Denoise{});
    benchmark::DoNotOptimize(denoiser.latency());
  }
}

BENCHMARK(one_strip_passed_on)->Unit(benchmark::kMillisecond)->MinTime(2);
BENCHMARK(one_strip_limited)->Unit(benchmark::kMillisecond)->MinTime(2);
BENCHMARK(one_strip_denoised)->Unit(benchmark::kMillisecond)->MinTime(2);
BENCHMARK(denoiser_made)->Unit(benchmark::kMillisecond);
BENCHMARK(strips_32)->Unit(benchmark::kMillisecond)->MinTime(4);
BENCHMARK(strips_32_gate_compressor_eq)->Unit(benchmark::kMillisecond)->MinTime(4);
BENCHMARK(strips_32_stereo_in_surround)->Unit(benchmark::kMillisecond)->MinTime(4);
BENCHMARK(strips_32_surround)->Unit(benchmark::kMillisecond)->MinTime(4);

}  // namespace
}  // namespace mainstay

BENCHMARK_MAIN();
