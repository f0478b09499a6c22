// A strip's equaliser: up to eight second-order sections (R. Bristow-Johnson's Audio EQ Cookbook), two channels at
// once in double precision, without latency. Owned by a strip. Thread-safety: one thread at a time.
//
// A change is click-free because the coefficients move to the new ones in a straight line: the set of stable
// second-order denominators is convex, so every filter on the way is stable too.
#pragma once

#include <array>
#include <vector>

#include "engine/audio/planes.h"
#include "engine/show/mixer.h"

namespace mainstay {

struct BiquadCoefficients {
  double b0 = 1;
  double b1 = 0;
  double b2 = 0;
  double a1 = 0;
  double a2 = 0;
  bool is_flat() const { return b0 == 1 && b1 == 0 && b2 == 0 && a1 == 0 && a2 == 0; }
  friend bool operator==(const BiquadCoefficients&, const BiquadCoefficients&) = default;
};

/// At the program's 48 kHz. Flat when the band is off or does nothing.
BiquadCoefficients coefficients_of(const show::EqBand& band);
/// Its gain at a frequency.
double response_of(const BiquadCoefficients& coefficients, double hz);

class Equaliser {
 public:
  static constexpr int kBands = 8;
  static constexpr int kGlide = 960;  ///< 20 ms from one setting to another

  void set(const std::vector<show::EqBand>& bands, bool at_once);
  bool is_idle() const { return busy_ == 0; }
  void clear();
  void process(const Planes& data);

 private:
  struct Band {
    BiquadCoefficients now;
    BiquadCoefficients target;
    BiquadCoefficients step;                 // for one sample
    int left = 0;                            // samples until now is target
    std::array<double, kMostChannels> s1{};  // by channel
    std::array<double, kMostChannels> s2{};
  };

  static void run(Band& band, const Planes& data);
  static void run_pair(Band& band, std::array<float*, 2> samples, std::size_t count, int first, int second);
  static void glide(Band& band, int samples);
  void count_busy();

  std::array<Band, kBands> bands_;
  int busy_ = 0;  // bands up to here may do something
};

}  // namespace mainstay
