#include "engine/compose/filters/lut.h"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include <algorithm>
#include <cmath>
#include <utility>

namespace mainstay {

namespace {

constexpr int kWayBits = 10;
constexpr int kWay = 1 << kWayBits;
constexpr int kStepBits = 20;  // 65² is a step
constexpr int kStep = (1 << kStepBits) - 1;
constexpr int kPlaceBits = 10;
constexpr double kSteepest = 1000;  // of an input: a table for a fifteenth of all inputs, which nobody makes
constexpr int kChunk = 128;         // pixels whose places are found before their colours

struct Weights {
  int first, second, third, last;
};

/// The four corners of a tetrahedron by their weights, which are kWay together.
#if defined(__SSE2__)
inline std::array<std::int16_t, 4> mixed(const std::int16_t* n0, const std::int16_t* n1, const std::int16_t* n2,
                                         const std::int16_t* n3, Weights w) {
  const auto load = [](const std::int16_t* node) { return _mm_loadl_epi64(reinterpret_cast<const __m128i*>(node)); };
  const auto pair = [](int a, int b) { return _mm_set1_epi32(a | b << 16); };
  const __m128i near = _mm_madd_epi16(_mm_unpacklo_epi16(load(n0), load(n1)), pair(w.first, w.second));
  const __m128i far = _mm_madd_epi16(_mm_unpacklo_epi16(load(n2), load(n3)), pair(w.third, w.last));
  const __m128i sum = _mm_add_epi32(_mm_add_epi32(near, far), _mm_set1_epi32(kWay / 2));
  const __m128i whole = _mm_srai_epi32(sum, kWayBits);
  std::array<std::int16_t, 4> out;
  _mm_storel_epi64(reinterpret_cast<__m128i*>(out.data()), _mm_packs_epi32(whole, whole));
  return out;
}
#else
inline std::array<std::int16_t, 4> mixed(const std::int16_t* n0, const std::int16_t* n1, const std::int16_t* n2,
                                         const std::int16_t* n3, Weights w) {
  std::array<std::int16_t, 4> out;
  for (std::size_t c = 0; c < 4; ++c)
    out[c] = static_cast<std::int16_t>(
        (n0[c] * w.first + n1[c] * w.second + n2[c] * w.third + n3[c] * w.last + kWay / 2) >> kWayBits);
  return out;
}
#endif

/// Of each pixel the node below it, and for each axis its way to the next node, above kStepBits, with the step to that,
/// sorted.
MAINSTAY_WIDE void find_places(const std::int16_t* r, const std::int16_t* g, const std::int16_t* b, int count,
                               const CubeAxis& on_r, const CubeAxis& on_g, const CubeAxis& on_b, int size,
                               std::int32_t* __restrict first, std::int32_t* __restrict most,
                               std::int32_t* __restrict middle, std::int32_t* __restrict least) {
  const int end = (size - 1) << kWayBits;
  const int last = size - 2;
  const CubeAxis ar = on_r;
  const CubeAxis ag = on_g;
  const CubeAxis ab = on_b;
  for (int x = 0; x < count; ++x) {
    const int at_r = std::min(std::max((r[x] * ar.factor + ar.offset) >> kPlaceBits, 0), end);
    const int at_g = std::min(std::max((g[x] * ag.factor + ag.offset) >> kPlaceBits, 0), end);
    const int at_b = std::min(std::max((b[x] * ab.factor + ab.offset) >> kPlaceBits, 0), end);
    const int node_r = std::min(at_r >> kWayBits, last);
    const int node_g = std::min(at_g >> kWayBits, last);
    const int node_b = std::min(at_b >> kWayBits, last);
    const int way_r = ((at_r - (node_r << kWayBits)) << kStepBits) | ar.step;
    const int way_g = ((at_g - (node_g << kWayBits)) << kStepBits) | ag.step;
    const int way_b = ((at_b - (node_b << kWayBits)) << kStepBits) | ab.step;
    const int low = std::min(std::min(way_r, way_g), way_b);
    const int high = std::max(std::max(way_r, way_g), way_b);
    first[x] = node_r * ar.step + node_g * ag.step + node_b * ab.step;
    most[x] = high;
    least[x] = low;
    middle[x] = way_r ^ way_g ^ way_b ^ high ^ low;
  }
}

}  // namespace

LutTable::LutTable(const ColorCube& cube, double amount) : size_(cube.size()) {
  const int size = size_;
  const std::array<int, 3> steps{1, size, size * size};
  to_last_ = steps[0] + steps[1] + steps[2];
  for (std::size_t axis = 0; axis < 3; ++axis) {
    const double from = cube.from()[axis];
    const double per_input = (size - 1) * kWay / (cube.to()[axis] - from);
    const auto fixed = [](double value) {
      return static_cast<std::int32_t>(std::lround(std::clamp(value * (1 << kPlaceBits), -1e9, 1e9)));
    };
    const double factor = std::min(per_input / kRgbIn, kSteepest);
    axes_[axis] = {fixed(factor), fixed(-from * per_input + 0.5), steps[axis]};
  }
  nodes_.reserve(static_cast<std::size_t>(size) * size * size);
  const auto input = [&](std::size_t axis, int i) {
    return cube.from()[axis] + (cube.to()[axis] - cube.from()[axis]) * i / static_cast<double>(size - 1);
  };
  for (int b = 0; b < size; ++b) {
    for (int g = 0; g < size; ++g) {
      for (int r = 0; r < size; ++r) {
        const auto out = cube.at(r, g, b);
        const double in[3] = {input(0, r), input(1, g), input(2, b)};
        Node node{};
        for (std::size_t part = 0; part < 3; ++part) {
          const double value = in[part] + amount * (out[part] - in[part]);
          node[part] = static_cast<std::int16_t>(std::lround(kRgbOut * std::clamp(value, -1.0, 2.0)));
        }
        nodes_.push_back(node);
      }
    }
  }
}

// Of the six tetrahedra of a cube the one whose corners lie along the axes in the order of their ways. Which that is is
// found without branches, by sorting three numbers: neighbouring pixels differ, so no branch could be foretold.
void LutTable::map(const RgbRow& row, int count) const {
  std::int32_t first[kChunk];
  std::int32_t most[kChunk];
  std::int32_t middle[kChunk];
  std::int32_t least[kChunk];
  for (int begin = 0; begin < count; begin += kChunk) {
    const int here = std::min(kChunk, count - begin);
    const RgbRow part{row.r + begin, row.g + begin, row.b + begin};
    find_places(part.r, part.g, part.b, here, axes_[0], axes_[1], axes_[2], size_, first, most, middle, least);
    for (int x = 0; x < here; ++x) {
      const Node* const near = nodes_.data() + first[x];
      const Node* const far = near + to_last_;
      const int long_way = most[x] >> kStepBits;
      const int half_way = middle[x] >> kStepBits;
      const int short_way = least[x] >> kStepBits;
      const Node out = mixed(near->data(), near[most[x] & kStep].data(), (far - (least[x] & kStep))->data(),
                             far->data(), {kWay - long_way, long_way - half_way, half_way - short_way, short_way});
      part.r[x] = out[0];
      part.g[x] = out[1];
      part.b[x] = out[2];
    }
  }
}

FramePtr Lut::apply(const FramePtr& picture, std::int64_t) {
  if (!table_) return picture;
  WritableFrame out = take_like(pool_, *picture, false);
  rows_.run(*picture, out, ToCodes::bt709(), [this](const RgbRow& row, int count) { table_->map(row, count); });
  return replaced(picture, std::move(out), kColors);
}

}  // namespace mainstay
