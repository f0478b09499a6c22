#include "engine/audio/equaliser.h"

#include <algorithm>
#include <cmath>
#include <complex>
#include <numbers>

namespace mainstay {

namespace {

constexpr double kRate = kProgramSampleRate;
constexpr int kGlideStep = 32;  // samples for which moving coefficients stand still

// Two doubles in one register: two channels go through the same section together.
using Pair = double __attribute__((vector_size(16)));

BiquadCoefficients normalised(double b0, double b1, double b2, double a0, double a1, double a2) {
  return {b0 / a0, b1 / a0, b2 / a0, a1 / a0, a2 / a0};
}

BiquadCoefficients shelf(double a, double cosine, double alpha, double sign) {
  const double root = 2 * std::sqrt(a) * alpha;
  const double c = sign * cosine;  // a high shelf is a low one mirrored at a quarter of the sample rate
  return normalised(a * ((a + 1) - (a - 1) * c + root), sign * 2 * a * ((a - 1) - (a + 1) * c),
                    a * ((a + 1) - (a - 1) * c - root), (a + 1) + (a - 1) * c + root,
                    sign * -2 * ((a - 1) + (a + 1) * c), (a + 1) + (a - 1) * c - root);
}

}  // namespace

BiquadCoefficients coefficients_of(const show::EqBand& band) {
  using show::EqShape;
  const bool passes = band.shape == EqShape::high_pass || band.shape == EqShape::low_pass;
  if (!band.enabled || (!passes && band.gain_db == 0)) return {};
  const double w = 2 * std::numbers::pi * band.hz / kRate;
  const double cosine = std::cos(w);
  const double alpha = std::sin(w) / (2 * band.q);
  const double a = std::pow(10, band.gain_db / 40);
  switch (band.shape) {
    case EqShape::low_shelf:
      return shelf(a, cosine, alpha, 1);
    case EqShape::high_shelf:
      return shelf(a, cosine, alpha, -1);
    case EqShape::high_pass:
      return normalised((1 + cosine) / 2, -(1 + cosine), (1 + cosine) / 2, 1 + alpha, -2 * cosine, 1 - alpha);
    case EqShape::low_pass:
      return normalised((1 - cosine) / 2, 1 - cosine, (1 - cosine) / 2, 1 + alpha, -2 * cosine, 1 - alpha);
    case EqShape::peak:
      break;
  }
  return normalised(1 + alpha * a, -2 * cosine, 1 - alpha * a, 1 + alpha / a, -2 * cosine, 1 - alpha / a);
}

double response_of(const BiquadCoefficients& c, double hz) {
  const std::complex<double> z = std::polar(1.0, -2 * std::numbers::pi * hz / kRate);
  return std::abs((c.b0 + c.b1 * z + c.b2 * z * z) / (1.0 + c.a1 * z + c.a2 * z * z));
}

void Equaliser::set(const std::vector<show::EqBand>& bands, bool at_once) {
  for (std::size_t i = 0; i < kBands; ++i) {
    Band& band = bands_[i];
    const BiquadCoefficients wanted = i < bands.size() ? coefficients_of(bands[i]) : BiquadCoefficients{};
    if (at_once) {
      band = {.now = wanted, .target = wanted};
    } else if (!(wanted == band.target)) {
      band.target = wanted;
      band.left = kGlide;
      const auto step = [](double from, double to) { return (to - from) / kGlide; };
      band.step = {step(band.now.b0, wanted.b0), step(band.now.b1, wanted.b1), step(band.now.b2, wanted.b2),
                   step(band.now.a1, wanted.a1), step(band.now.a2, wanted.a2)};
    }
  }
  count_busy();
}

void Equaliser::count_busy() {
  busy_ = kBands;
  while (busy_ > 0 && bands_[busy_ - 1].left == 0 && bands_[busy_ - 1].now.is_flat()) --busy_;
}

void Equaliser::clear() {
  for (Band& band : bands_) band.s1 = band.s2 = {};
}

void Equaliser::glide(Band& band, int samples) {
  band.left -= samples;
  if (band.left <= 0) {
    band.left = 0;
    band.now = band.target;
    return;
  }
  band.now.b0 += band.step.b0 * samples;
  band.now.b1 += band.step.b1 * samples;
  band.now.b2 += band.step.b2 * samples;
  band.now.a1 += band.step.a1 * samples;
  band.now.a2 += band.step.a2 * samples;
}

// Transposed direct form II, whose state does not jump when coefficients move.
void Equaliser::run_pair(Band& band, std::array<float*, 2> samples, std::size_t count, int first, int second) {
  constexpr double kTiny = 1e-25;  // keeps a decaying state out of the denormals
  const BiquadCoefficients& c = band.now;
  const Pair b0 = {c.b0, c.b0};
  const Pair b1 = {c.b1, c.b1};
  const Pair b2 = {c.b2, c.b2};
  const Pair a1 = {c.a1, c.a1};
  const Pair a2 = {c.a2, c.a2};
  Pair s1 = {band.s1[first] + kTiny, band.s1[second] + kTiny};
  Pair s2 = {band.s2[first], band.s2[second]};
  for (std::size_t i = 0; i < count; ++i) {
    const Pair x = {samples[0][i], samples[1][i]};
    const Pair y = b0 * x + s1;
    s1 = b1 * x - a1 * y + s2;
    s2 = b2 * x - a2 * y;
    samples[0][i] = static_cast<float>(y[0]);
    samples[1][i] = static_cast<float>(y[1]);
  }
  band.s1[second] = s1[1];
  band.s2[second] = s2[1];
  band.s1[first] = s1[0];
  band.s2[first] = s2[0];
}

void Equaliser::run(Band& band, const Planes& data) {
  for (int i = 0; i < data.count; i += 2) {
    const int other = std::min(i + 1, data.count - 1);  // one that is left over goes with itself
    run_pair(band, {data.data[i], data.data[other]}, data.size(), data.channel(i), data.channel(other));
  }
}

void Equaliser::process(const Planes& data) {
  for (int i = 0; i < busy_; ++i) {
    Band& band = bands_[i];
    std::size_t at = 0;
    while (band.left > 0 && at < data.size()) {
      const std::size_t count = std::min<std::size_t>(kGlideStep, data.size() - at);
      glide(band, static_cast<int>(count));
      run(band, data.part(at, count));
      at += count;
    }
    if (at < data.size() && !band.now.is_flat()) run(band, data.part(at, data.size() - at));
  }
  count_busy();
}

}  // namespace mainstay
