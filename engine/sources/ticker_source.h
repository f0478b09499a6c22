// Text that runs across. It is shaped and painted once, as a strip as long as the text; each tick's picture is a window
// on that strip, so that a frame costs nothing here.
// Owned by the program.
// Thread-safety: as engine/sources/source.h says.
//
// At the source's frame n the text stands floor(n·speed·den/num) px further than at frame 0: no sum of steps, so that
// it neither drifts nor trembles. While nobody sees it, it stands still when it is set to, and lets go of its strip
// when that is set.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "engine/ffi/pango/text_painter.h"
#include "engine/show/show.h"
#include "engine/sources/source.h"
#include "engine/sources/watched_load.h"

namespace mainstay {

class TickerSource final : public Source {
 public:
  TickerSource(const show::TickerSource& config, SourceContext context);

  void start() override;
  bool ready() const override;
  SourceOutput pull(FrameIndex frame, std::stop_token stop) override;
  SourceStatus status() const override;
  /// restart: the beginning of the text is at the left edge again.
  Status act(SourceAction action) override;
  void hide(bool hidden) override;
  /// Runs on from where `before` is.
  void take_over(const Source& before) override;

 private:
  Result<std::string> load();

  const SourceContext context_;
  const show::TickerSource config_;
  const std::string path_;
  const int width_;
  const std::int64_t milli_speed_;             ///< thousandths of px a second
  std::unique_ptr<ffi::TextPainter> painter_;  // the loading thread's

  mutable std::mutex mutex_;
  FramePtr strip_;  ///< the text, then its beginning again, as far as a window reaches
  int round_ = 0;   ///< px after which the text begins anew
  std::int64_t frames_ = 0;
  bool hidden_ = false;

  std::atomic<bool> restart_{false};
  std::atomic<std::int64_t> at_{0};  ///< px run so far
  // pull()'s own
  std::int64_t base_ = 0;  ///< px at the source's frame `base_frame_`
  FrameIndex base_frame_ = 0;
  FramePtr last_;

  WatchedLoad watch_;  // last: its thread ends before what it uses
};

}  // namespace mainstay
