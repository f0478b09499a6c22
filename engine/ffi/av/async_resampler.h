// Plays 48 kHz sound a little faster or slower to move its position by a set number of samples, inaudibly:
// libswresample's compensation. For an input whose clock is not the program's.
// Owned by the ingest source.
// Thread-safety: one thread at a time.
//
// One correction: begin() at a position of the input, then render() until done(); what comes out in between starts
// exactly at that position and ends exactly `samples` further than it would have without.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include "engine/core/result.h"
#include "engine/media/audio_block.h"

namespace mainstay::ffi {

class AsyncResampler {
 public:
  /// The input's samples [first, first + block.samples), silence where there are none.
  using Fetch = std::function<void(std::int64_t first, AudioBlock& block)>;

  AsyncResampler();
  ~AsyncResampler();
  AsyncResampler(const AsyncResampler&) = delete;
  AsyncResampler& operator=(const AsyncResampler&) = delete;

  /// Moves `samples` ahead (negative: back) within `length` output samples, which must be longer than 20 × |samples|.
  Status begin(std::int64_t position, std::int64_t samples, std::int64_t length, int channels = 2);

  /// What render() is given has as many.
  int channels() const { return channels_; }
  /// The next output. Reads kLookahead samples of the input further than it plays, and as many before where it began.
  Status render(AudioBlock& out, const Fetch& fetch);

  bool active() const { return active_; }
  /// All of the correction has been played: the caller goes on at position() without a resampler.
  bool done() const { return rendered_ >= length_; }
  /// How far the correction is: input samples moved so far, in proportion.
  double moved() const;
  void end() { active_ = false; }

  static constexpr int kLookahead = 64;

 private:
  struct Swr;
  Status set_speed(std::int64_t steps);
  Status convert(AudioBlock& out, int from, int count, const Fetch& fetch);
  Status run_in(const Fetch& fetch);

  std::unique_ptr<Swr> swr_;
  bool active_ = false;
  int channels_ = 2;
  std::int64_t next_input_ = 0;
  std::int64_t samples_ = 0;
  std::int64_t length_ = 0;
  std::int64_t rendered_ = 0;
  std::int64_t steps_ = 0;   // of libswresample's position, that the input moves ahead with each sample
  std::int64_t faster_ = 0;  // so many samples at first with one step more: together they make `samples` exactly
  bool ran_in_ = false;
};

}  // namespace mainstay::ffi
