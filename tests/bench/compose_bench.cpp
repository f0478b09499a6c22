// What the compositor costs: CPU a frame of a 1080p scene of four layers, of its parts, and of getting a graphic ready.
// Run by hand: build/release/bin/bench_compose.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <vector>

#include "engine/compose/compositor.h"
#include "engine/compose/transition_mixer.h"
#include "engine/ffi/yuv/premultiplied.h"

namespace mainstay {
namespace {

constexpr int kWidth = 1920;
constexpr int kHeight = 1080;
constexpr int kMoving = 8;  // pictures that take turns, as a decoder's do

std::vector<FramePtr> video(int seed) {
  std::vector<FramePtr> all;
  for (int n = 0; n < kMoving; ++n) {
    WritableFrame picture = WritableFrame::make(kWidth, kHeight);
    for (int plane = 0; plane < 3; ++plane)
      for (int i = 0; i < picture.strides[plane] * (plane == 0 ? kHeight : kHeight / 2); ++i)
        picture.planes[plane][i] = static_cast<std::uint8_t>(16 + (i * 7 + n * 13 + seed) % 220);
    all.push_back(std::move(picture).freeze());
  }
  return all;
}

/// Translucent all over, with soft sides.
FramePtr graphic(int width, int height) {
  auto bytes = std::make_shared<std::vector<std::uint8_t>>(static_cast<std::size_t>(width) * height * 4);
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x) {
      std::uint8_t* pixel = bytes->data() + (static_cast<std::size_t>(y) * width + x) * 4;
      const int alpha = std::min({180, 1 + 8 * x, 1 + 8 * (width - x)});
      for (int c = 0; c < 3; ++c) pixel[c] = static_cast<std::uint8_t>((x + y * (c + 1)) % (alpha + 1));
      pixel[3] = static_cast<std::uint8_t>(alpha);
    }
  auto frame = std::make_shared<Frame>();
  frame->format = PixelFormat::bgra;
  frame->width = width;
  frame->height = height;
  frame->planes[0] = bytes->data();
  frame->strides[0] = width * 4;
  frame->owner = bytes;
  return frame;
}

/// A ticker's pictures: windows on a strip, 4 px further each (120 px a second at 30).
class Ticker {
 public:
  FramePtr next() {
    auto frame = std::make_shared<Frame>(*strip_);
    frame->width = kWidth;
    frame->planes[0] += 4 * left_;
    frame->strip = strip_;
    frame->strip_x = left_;
    left_ = (left_ + 4) % 8000;
    return frame;
  }

 private:
  const FramePtr strip_ = graphic(8000 + kWidth, 120);
  int left_ = 0;
};

LayerPicture at(FramePtr frame, int x, int y, int width, int height, double opacity = 1) {
  return {std::move(frame), {"", x, y, width, height, show::Fit::stretch, opacity, true}};
}

/// A layer of each kind, by bit: video, picture in picture, logo, ticker that moves.
void scene(benchmark::State& state) {
  const auto layers = static_cast<unsigned>(state.range(0));
  const auto background = video(0);
  const auto inset = video(5);
  const FramePtr logo = graphic(600, 200);
  Ticker ticker;
  Compositor compositor(kWidth, kHeight);
  std::size_t n = 0;
  std::vector<LayerPicture> pictures;
  for (auto _ : state) {
    pictures.clear();
    if (layers & 1) pictures.push_back(at(background[n % kMoving], 0, 0, kWidth, kHeight));
    if (layers & 2) pictures.push_back(at(inset[n % kMoving], 1200, 60, 640, 360));
    if (layers & 4) pictures.push_back(at(logo, 80, 60, 600, 200, 0.8));
    if (layers & 8) pictures.push_back(at(ticker.next(), 0, 940, 1920, 120));
    benchmark::DoNotOptimize(compositor.compose(pictures));
    ++n;
  }
  state.counters["converted"] = static_cast<double>(compositor.stats().converted);
  state.counters["allocated"] = static_cast<double>(compositor.stats().allocated);
}
BENCHMARK(scene)->Arg(15)->Arg(1)->Arg(3)->Arg(5)->Arg(9)->Unit(benchmark::kMillisecond)->ArgName("layers");

/// Two scenes of four layers each and the picture between them, by kind of transition.
void transition(benchmark::State& state) {
  const std::vector<show::Transition> kinds{
      show::FadeTransition{},  show::DipTransition{},
      show::WipeTransition{},  show::WipeTransition{.shape = show::WipeShape::circle},
      show::SlideTransition{}, show::PushTransition{}};
  const show::Transition& how = kinds[static_cast<std::size_t>(state.range(0))];
  const auto background = video(0);
  const auto inset = video(5);
  const FramePtr logo = graphic(600, 200);
  Ticker ticker;
  Compositor from(kWidth, kHeight);
  Compositor to(kWidth, kHeight);
  TransitionMixer mixer(kWidth, kHeight);
  std::size_t n = 0;
  for (auto _ : state) {
    const FramePtr strap = ticker.next();
    const std::vector<LayerPicture> old{at(background[n % kMoving], 0, 0, kWidth, kHeight),
                                        at(inset[n % kMoving], 1200, 60, 640, 360), at(logo, 80, 60, 600, 200, 0.8),
                                        at(strap, 0, 940, 1920, 120)};
    const std::vector<LayerPicture> next{at(inset[n % kMoving], 0, 0, kWidth, kHeight),
                                         at(background[n % kMoving], 80, 60, 640, 360),
                                         at(logo, 1200, 60, 600, 200, 0.8), at(strap, 0, 940, 1920, 120)};
    const double position = static_cast<double>(1 + n % 29) / 30;
    benchmark::DoNotOptimize(mixer.mix(from.compose(old), to.compose(next), how, position));
    ++n;
  }
}
BENCHMARK(transition)->DenseRange(0, 5)->Unit(benchmark::kMillisecond)->ArgName("kind");

/// A 640×360 video over a full one, by blend.
void blend(benchmark::State& state) {
  const auto background = video(0);
  const auto inset = video(5);
  Compositor compositor(kWidth, kHeight);
  std::size_t n = 0;
  for (auto _ : state) {
    LayerPicture over = at(inset[n % kMoving], 1200, 60, 640, 360);
    over.layer.blend = static_cast<show::Blend>(state.range(0));
    const std::vector<LayerPicture> pictures{at(background[n % kMoving], 0, 0, kWidth, kHeight), over};
    benchmark::DoNotOptimize(compositor.compose(pictures));
    ++n;
  }
}
BENCHMARK(blend)->DenseRange(0, 3)->Unit(benchmark::kMillisecond)->ArgName("blend");

/// A graphic's way to its place, paid once: width, height, and the width it is placed with.
void make_ready(benchmark::State& state) {
  const int width = static_cast<int>(state.range(0));
  const int height = static_cast<int>(state.range(1));
  const int placed = static_cast<int>(state.range(2));
  const FramePtr picture = graphic(width, height);
  for (auto _ : state)
    benchmark::DoNotOptimize(ffi::Overlay::make(*picture, {0, 0, width, height}, placed, height * placed / width & ~1,
                                                {0, 0, placed, height * placed / width & ~1}));
}
BENCHMARK(make_ready)
    ->Args({600, 200, 600})
    ->Args({1920, 120, 1920})
    ->Args({1920, 1080, 1920})
    ->Args({3840, 2160, 1920})
    ->Unit(benchmark::kMillisecond);

/// A film with alpha: its middle third is opaque, a third is a soft rim, the rest transparent.
std::vector<FramePtr> film() {
  std::vector<FramePtr> all;
  for (const FramePtr& picture : video(11)) {
    WritableFrame out = WritableFrame::make(kWidth, kHeight, true);
    for (std::size_t plane = 0; plane < 3; ++plane)
      std::copy_n(picture->planes[plane], picture->strides[plane] * (plane == 0 ? kHeight : kHeight / 2),
                  out.planes[plane]);
    for (int y = 0; y < kHeight; ++y)
      for (int x = 0; x < kWidth; ++x)
        out.alpha[y * out.alpha_stride + x] = static_cast<std::uint8_t>(
            std::clamp(255 * (kHeight - 2 * std::abs(y - kHeight / 2)) / (kHeight / 3) - 255, 0, 255));
    ffi::premultiply(out);
    all.push_back(std::move(out).freeze());
  }
  return all;
}

/// A stinger's film over a picture; or premultiplying it, which its own thread does.
void stinger(benchmark::State& state) {
  const auto below = video(0);
  const auto over = film();
  Compositor compositor(kWidth, kHeight);
  std::size_t n = 0;
  for (auto _ : state) {
    const std::vector<LayerPicture> layers{{below[n % kMoving], {}}, {over[n % kMoving], {}}};
    benchmark::DoNotOptimize(compositor.compose(layers));
    ++n;
  }
}
BENCHMARK(stinger)->Unit(benchmark::kMillisecond);

/// A picture in picture and a logo over a video: 0: all layers of one scene, 1: in a scene that lies in it.
void nested(benchmark::State& state) {
  const auto background = video(0);
  const auto inset = video(5);
  const FramePtr logo = graphic(600, 200);
  Compositor inner(kWidth, kHeight, Compositor::Ground::nothing);
  Compositor outer(kWidth, kHeight);
  std::size_t n = 0;
  for (auto _ : state) {
    const LayerPicture camera = at(inset[n % kMoving], 1200, 60, 640, 360);
    const LayerPicture mark = at(logo, 80, 60, 600, 200, 0.8);
    std::vector<LayerPicture> layers{{background[n % kMoving], {}}};
    if (state.range(0) == 0) {
      layers.push_back(camera);
      layers.push_back(mark);
    } else {
      layers.push_back({inner.compose(std::vector<LayerPicture>{camera, mark}), {}});
    }
    benchmark::DoNotOptimize(outer.compose(layers));
    ++n;
  }
}
BENCHMARK(nested)->DenseRange(0, 1)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace mainstay

BENCHMARK_MAIN();
