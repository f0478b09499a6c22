// Generated sources: colour bars with tone and clock, and a plain colour. They never fail and never stall.
// Owned by the program.
// Thread-safety: as engine/sources/source.h says.
#pragma once

#include <atomic>
#include <string>
#include <vector>

#include "engine/ffi/yuv/frame_pool.h"
#include "engine/show/show.h"
#include "engine/sources/source.h"
#include "engine/sources/test_picture.h"

namespace mainstay {

/// Bars, a tone whose phase never breaks, the time of the program as HH:MM:SS:FF, the frame count, and the frame number
/// as frame_code.h draws it.
class BarsSource final : public Source {
 public:
  BarsSource(const show::BarsSource& config, SourceContext context);

  void start() override {}
  bool ready() const override { return true; }
  SourceOutput pull(FrameIndex frame, std::stop_token stop) override;
  SourceStatus status() const override;

 private:
  FramePtr picture(FrameIndex frame);
  AudioBlockPtr tone(FrameIndex frame) const;

  const show::BarsSource config_;
  const SourceContext context_;
  WritableFrame background_;
  ffi::FramePool pool_;
  std::int64_t painted_ = 0;   ///< pictures of the pool that hold the background
  std::vector<float> period_;  ///< one second of tone: a whole number of waves
  std::atomic<std::int64_t> frames_{0};
};

/// One colour, silent.
class ColorSource final : public Source {
 public:
  ColorSource(const show::ColorSource& config, SourceContext context);

  void start() override {}
  bool ready() const override { return true; }
  SourceOutput pull(FrameIndex frame, std::stop_token stop) override;
  SourceStatus status() const override;

 private:
  std::string detail_;
  SourceState state_ = SourceState::live;
  FramePtr picture_;
  std::atomic<std::int64_t> frames_{0};
};

}  // namespace mainstay
