// Takes steady noise out of 48 kHz sound: libavfilter's afftdn, as a stage that gives back as many samples as it
// is given, later by a fixed number.
// Owned by a strip's denoiser.
// Thread-safety: one thread at a time. make() allocates and takes a while (docs/decisions/0014); process() runs the
// filter on the calling thread and starts none.
#pragma once

#include <memory>
#include <span>

#include "engine/core/result.h"

namespace mainstay::ffi {

class NoiseFilter {
 public:
  struct Options {
    double reduction_db = 12;  ///< 0.01 to 97
    double floor_db = -50;     ///< -80 to -20
  };

  /// How many samples later what goes in comes out: afftdn's window, and its hop, in which it works.
  static constexpr int kLatency = 1800;

  /// Errc::unsupported: this FFmpeg has no afftdn.
  static Result<std::unique_ptr<NoiseFilter>> make(const Options& options, int channels);
  ~NoiseFilter();
  NoiseFilter(const NoiseFilter&) = delete;
  NoiseFilter& operator=(const NoiseFilter&) = delete;

  /// In force from afftdn's next hop on (12.5 ms).
  Status set(const Options& options);
  /// In place: as many planes as it was made for, of one length.
  Status process(std::span<float* const> planes, std::size_t samples);

 private:
  struct Graph;
  explicit NoiseFilter(std::unique_ptr<Graph> graph);
  std::unique_ptr<Graph> graph_;
};

}  // namespace mainstay::ffi
