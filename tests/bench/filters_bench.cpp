// What each filter of a layer costs: CPU a frame of a 1080p picture that moves. Run by hand, and beside ffmpeg's
// filters by tests/bench/filters_bench.py.
#include <benchmark/benchmark.h>

#include <cmath>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <vector>

#include "engine/compose/filters/filter_tables.h"
#include "tests/engine/compose/filter_support.h"

namespace mainstay {
namespace {

constexpr int kWidth = 1920;
constexpr int kHeight = 1080;
constexpr int kMoving = 8;  // pictures that take turns, as a decoder's do

/// Those of the file that the environment names (i420, one after the other), so that others can be given the same.
std::vector<FramePtr> pictures_of(const char* path) {
  std::vector<FramePtr> pictures;
  std::ifstream file(path, std::ios::binary);
  while (pictures.size() < kMoving) {
    WritableFrame picture = WritableFrame::make(kWidth, kHeight);
    for (int plane = 0; plane < 3; ++plane)
      for (int y = 0; y < (plane == 0 ? kHeight : kHeight / 2); ++y)
        file.read(
            reinterpret_cast<char*>(picture.planes[plane]) + static_cast<std::ptrdiff_t>(y) * picture.strides[plane],
            plane == 0 ? kWidth : kWidth / 2);
    if (!file) break;
    pictures.push_back(std::move(picture).freeze());
  }
  return pictures;
}

const std::vector<FramePtr>& video() {
  static const std::vector<FramePtr> all = [] {
    const char* path = std::getenv("MAINSTAY_PICTURES");
    std::vector<FramePtr> pictures = path != nullptr ? pictures_of(path) : std::vector<FramePtr>();
    for (auto n = static_cast<unsigned>(pictures.size()); n < kMoving; ++n)
      pictures.push_back(golden::busy(kWidth, kHeight, n));
    return pictures;
  }();
  return all;
}

const golden::FakeFiles& files() {
  static const golden::FakeFiles all = [] {
    golden::FakeFiles made;
    for (const int size : {33, 65})
      made.put(std::to_string(size) + ".cube",
               *ColorCube::parse(golden::cube_text(size, [](double r, double g, double b) {
                 return std::array<double, 3>{std::sqrt(r), g * 0.9 + 0.1 * b, b * b};
               })));
    return made;
  }();
  return all;
}

show::ColorCorrectFilter curves() {
  show::ColorCorrectFilter filter;
  filter.gamma.r = 1.2;
  filter.saturation = 1.1;
  return filter;
}

void filter(benchmark::State& state, const show::Filter& settings) {
  FilterChain chain(Rate{30, 1}, &files());
  chain.use({settings});
  std::int64_t n = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(chain.apply(video()[static_cast<std::size_t>(n) % kMoving], {}, n));
    ++n;
  }
}

/// What a filter works by, which is made beside the program when its settings change.
void table(benchmark::State& state, const show::Filter& settings) {
  for (auto _ : state) benchmark::DoNotOptimize(prepare_filter(settings, &files()));
}

/// What is left for the program's thread then, with each change of settings.
void change(benchmark::State& state, show::ColorCorrectFilter settings) {
  FilterChain chain(Rate{30, 1}, &files());
  for (auto _ : state) {
    settings.brightness = -settings.brightness;
    chain.use({settings});
  }
}

#define MAINSTAY_FILTER(name, ...) BENCHMARK_CAPTURE(filter, name, __VA_ARGS__)->Unit(benchmark::kMillisecond)

MAINSTAY_FILTER(chroma_key, show::ChromaKeyFilter{});
MAINSTAY_FILTER(luma_key, show::LumaKeyFilter{});
MAINSTAY_FILTER(color_correct_tones, show::ColorCorrectFilter{.saturation = 1.2, .contrast = 1.1});
MAINSTAY_FILTER(color_correct_curves, curves());
MAINSTAY_FILTER(lut, show::LutFilter{.path = "33.cube"});
MAINSTAY_FILTER(mask, show::MaskFilter{.radius = 40});
MAINSTAY_FILTER(blur_4, show::BlurFilter{.radius = 4});
MAINSTAY_FILTER(blur_20, show::BlurFilter{.radius = 20});
MAINSTAY_FILTER(sharpen, show::SharpenFilter{});
MAINSTAY_FILTER(delay, show::DelayFilter{});
MAINSTAY_FILTER(deinterlace_bwdif, show::DeinterlaceFilter{});
MAINSTAY_FILTER(deinterlace_yadif, show::DeinterlaceFilter{.method = show::DeinterlaceMethod::yadif});

BENCHMARK_CAPTURE(table, chroma_key, show::ChromaKeyFilter{})->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(table, lut_33, show::LutFilter{.path = "33.cube"})->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(table, lut_65, show::LutFilter{.path = "65.cube"})->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(change, color_correct, show::ColorCorrectFilter{.gamma = {.r = 1.2}, .brightness = 0.1})
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace mainstay

BENCHMARK_MAIN();
