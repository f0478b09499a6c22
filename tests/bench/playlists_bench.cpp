// What the packager's texts cost: playlists of three renditions, written anew with each part.
// Run by hand: build/release/bin/bench_playlists. An iteration is one segment of 2 s: six parts in each of three
// renditions, so "CPU" in ms / 20 is the share of a core in percent.
#include <benchmark/benchmark.h>

#include "engine/package/stream_shelf.h"

namespace mainstay::package {
namespace {

constexpr std::int64_t kSegmentUs = 2'000'000;
constexpr std::int64_t kPartUs = 333'333;
constexpr int kParts = 6;

class Stream {
 public:
  explicit Stream(std::int64_t dvr_s, bool dash) : shelf_(std::make_shared<StreamShelf>(clock_)) {
    const auto window = static_cast<std::size_t>(dvr_s / 2);
    shelf_->set_up({.target_duration_s = 2,
                    .part_target_us = 333'334,
                    .window_segments = window,
                    .memory_segments = window,
                    .dash = dash,
                    .segment_frames = 60},
                   {{"v0", MediaKind::video}, {"v1", MediaKind::video}, {"a0", MediaKind::audio}});
    for (const char* name : kNames) {
      auto stream = std::make_shared<StreamInfo>();
      stream->kind = name[0] == 'v' ? MediaKind::video : MediaKind::audio;
      stream->codec = name[0] == 'v' ? Codec::h264 : Codec::aac;
      maps_[name] = shelf_->add_init(name, msn_, stream, {1, 2, 3});
      shelf_->set_part_target(name, 333'334);
    }
    for (std::size_t i = 0; i < window; ++i) segment(1);
  }

  void segment(int parts) {
    for (const char* name : kNames) {
      Segment segment;
      segment.msn = msn_;
      segment.begin_us = (msn_ - kFirst) * kSegmentUs;
      segment.date = UtcInstant(Seconds(1'700'000'000) + Micros(segment.begin_us));
      segment.map = maps_[name];
      shelf_->begin(name, segment);
    }
    for (int part = 0; part < parts; ++part) {
      for (const char* name : kNames) {
        shelf_->add_part(name, kPartUs, part == 0, {1, 2, 3, 4});
        if (part == 0 && name[0] == 'v') shelf_->add_key_picture(name, {1});
        if (part + 1 == parts) shelf_->end(name, kSegmentUs);
        if (parts > 1) shelf_->publish();
      }
    }
    ++msn_;
  }

 private:
  static constexpr std::int64_t kFirst = 850'000'000;
  static constexpr const char* kNames[] = {"v0", "v1", "a0"};
  ManualClock clock_;
  std::shared_ptr<StreamShelf> shelf_;
  std::map<std::string, std::string> maps_;
  std::int64_t msn_ = kFirst;
};

void playlists(benchmark::State& state) {
  Stream stream(state.range(0), state.range(1) != 0);
  stream.segment(kParts);
  for (auto _ : state) stream.segment(kParts);
}
BENCHMARK(playlists)
    ->ArgNames({"dvr_s", "dash"})
    ->Args({30, 0})
    ->Args({30, 1})
    ->Args({3600, 0})
    ->Args({4 * 3600, 0})
    ->Args({4 * 3600, 1})
    ->Args({24 * 3600, 0})
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace mainstay::package

BENCHMARK_MAIN();
