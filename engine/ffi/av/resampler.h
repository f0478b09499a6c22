// Brings decoded sound of any format, layout and rate to 48 kHz float at exact sample positions, in one of the three
// layouts there are: mono and stereo stay what they are, anything else becomes 5.1.
// Owned by MediaReader. Only .cpp files of engine/ffi/av include this header.
// Thread-safety: one thread at a time.
//
// Positions. A run of sound starts at the sample nearest to its timestamp; from there samples are counted, not
// timestamps, so that the rounding of containers (milliseconds in Matroska and FLV) moves nothing. A timestamp more
// than a millisecond (and a tick of the container) off the count starts a new run: later, and there is a gap; earlier,
// and what was given out already is cut off the new run.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>

#include "engine/ffi/av/av_common.h"
#include "engine/ffi/av/media_reader.h"

struct SwrContext;

namespace mainstay::ffi {

class Resampler {
 public:
  Resampler() = default;
  ~Resampler();
  Resampler(const Resampler&) = delete;
  Resampler& operator=(const Resampler&) = delete;

  /// `pts` in ticks of `base` from the common zero; `container_tick` is how coarse the container's own stamps are.
  Status push(const AVFrame& frame, std::optional<std::int64_t> pts, TimeBase base, TimeBase container_tick);
  /// The end: what the filter still holds comes out.
  Status finish();
  /// The next run of sound, if there is one.
  std::optional<AudioItem> take();

  /// After a seek: forgets everything, and gives nothing before `first_sample`.
  void reset(std::int64_t first_sample);

 private:
  Status configure(const AVFrame& frame);
  Status convert(const AVFrame* frame);
  void give(AudioBlock block, std::int64_t first);

  SwrContext* swr_ = nullptr;
  bool direct_ = false;  ///< the input already is 48 kHz planar float in a layout that stays
  int channels_ = 2;     ///< of what comes out
  AVChannelLayout layout_{};
  int format_ = -1;
  int rate_ = 0;
  bool running_ = false;
  std::int64_t run_first_ = 0;     ///< output sample at which the run starts
  std::int64_t run_start_ns_ = 0;  ///< its timestamp
  std::int64_t run_in_ = 0;        ///< input samples of the run so far
  std::int64_t run_out_ = 0;       ///< output samples of the run so far
  std::int64_t next_free_ = 0;     ///< first output sample that was not given yet
  std::deque<AudioItem> ready_;
};

}  // namespace mainstay::ffi
