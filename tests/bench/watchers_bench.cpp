// What watching costs: CPU a second of a 1080p30 program and its sources, all five signs in each. Run by hand:
// build/release/bin/bench_watchers. Each iteration is one second, so "CPU" in ms / 10 is the share of a core in
// percent.
#include <benchmark/benchmark.h>

#include <cmath>
#include <random>
#include <string>
#include <vector>

#include "engine/monitor/watchers.h"

namespace mainstay {
namespace {

constexpr int kTicks = 30;

class Told final : public Source {
 public:
  void start() override {}
  bool ready() const override { return true; }
  SourceOutput pull(FrameIndex, std::stop_token) override { return {}; }
  SourceStatus status() const override { return {.state = SourceState::live, .av_offset = Nanos{0}}; }
};

// As many as are in flight, so that each comes from memory and not from a cache.
std::vector<FramePtr> pictures(int count) {
  std::vector<FramePtr> all;
  std::minstd_rand random(1);
  for (int i = 0; i < count; ++i) {
    WritableFrame frame = WritableFrame::make(1920, 1080);
    frame.fill(100, 128, 128);
    for (int y = 0; y < 1080; ++y) {
      for (int x = 0; x < 1920; ++x) frame.planes[0][y * frame.strides[0] + x] = static_cast<std::uint8_t>(random());
    }
    all.push_back(std::move(frame).freeze());
  }
  return all;
}

// `sources` beside the program; all moving, or all the same picture again and again.
void watch(benchmark::State& state, int sources, bool moving) {
  ManualClock clock(ManualClock::Drive::program);  // on the calling thread, which is what is measured
  WatchSettings settings;
  auto plan = std::make_shared<ProgramPlan>();
  for (int i = 0; i < sources; ++i) {
    plan->inputs.push_back({"source" + std::to_string(i), std::make_shared<Told>(), false});
    settings.sources["source" + std::to_string(i)];
  }
  auto sound = std::make_shared<AudioBlock>(2, 1600);
  for (std::size_t i = 0; i < sound->data.size(); ++i) sound->data[i] = 0.3F * std::sin(0.1F * static_cast<float>(i));
  Watchers watchers(clock, Rate{30, 1}, 0, settings, [](const WatchNews&) {});
  const std::vector<FramePtr> frames = pictures(moving ? 24 : 1);
  FrameIndex n = 0;
  for (auto _ : state) {
    for (int tick = 0; tick < kTicks; ++tick, ++n) {
      const auto frame = [&](int of) { return frames[static_cast<std::size_t>(n + of) % frames.size()]; };
      ProgramTick given{n, frame(0), sound, plan, {}};
      for (int i = 0; i < sources; ++i) given.inputs.push_back({{.video = frame(i + 1), .audio = sound}, true, true});
      watchers.on_tick(std::move(given));
    }
  }
}

BENCHMARK_CAPTURE(watch, program_alone, 0, true)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(watch, program_and_4_sources, 4, true)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(watch, program_and_4_sources_standing, 4, false)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(watch, program_and_16_sources, 16, true)->Unit(benchmark::kMillisecond);

// What the program's own thread pays: the tick put into the queue, nothing else.
void hand_over(benchmark::State& state) {
  SteadyClock clock;
  auto plan = std::make_shared<ProgramPlan>();
  for (int i = 0; i < 4; ++i) plan->inputs.push_back({"source" + std::to_string(i), std::make_shared<Told>(), false});
  const FramePtr frame = pictures(1)[0];
  const auto sound = std::make_shared<const AudioBlock>(2, 1600);
  Watchers watchers(clock, Rate{30, 1}, 0, {}, [](const WatchNews&) {});
  FrameIndex n = 0;
  for (auto _ : state) {
    ProgramTick given{n++, frame, sound, plan, {}};
    for (int i = 0; i < 4; ++i) given.inputs.push_back({{.video = frame, .audio = sound}, true, true});
    watchers.on_tick(std::move(given));
  }
}
BENCHMARK(hand_over)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace mainstay

BENCHMARK_MAIN();
