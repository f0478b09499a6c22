// Pictures shown one after the other, each for the same number of frames. The next one is loaded while the one before
// is shown, on a thread of the source.
// Owned by the program.
// Thread-safety: as engine/sources/source.h says.
//
// Slide k is shown from the source's frame k·D on: which one it is follows from the frame's number alone. One that
// cannot be loaded leaves the one before standing, and is tried again in the next round. While nobody sees it, it
// stands still when it is set to: then its frames do not count, nothing is loaded, and, if so set, no picture is kept.
#pragma once

#include <array>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <string>

#include "engine/core/named_thread.h"
#include "engine/show/show.h"
#include "engine/sources/image_file.h"
#include "engine/sources/source.h"

namespace mainstay {

class SlideshowSource final : public Source {
 public:
  SlideshowSource(const show::SlideshowSource& config, SourceContext context);

  void start() override;
  bool ready() const override;
  SourceOutput pull(FrameIndex frame, std::stop_token stop) override;
  SourceStatus status() const override;
  Status act(SourceAction action) override;
  void hide(bool hidden) override;

 private:
  /// A slide that was loaded; `picture` null: it could not be.
  struct Slide {
    std::int64_t number = -1;
    std::string path;
    FileMark mark;
    FramePtr picture;
    std::string detail;
  };

  void run(const std::stop_token& stop);
  /// The slide to be loaded; -1: none.
  std::int64_t missing() const;
  Slide load(std::int64_t number) const;
  const Slide* loaded(std::int64_t number) const;
  std::int64_t place(FrameIndex frame);
  std::size_t index(std::int64_t number) const { return static_cast<std::size_t>(number) % config_.paths.size(); }

  const SourceContext context_;
  const show::SlideshowSource config_;
  const FrameIndex lasts_;  ///< frames a slide is shown

  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  std::array<Slide, 2> slides_;  ///< the one that is shown and the next
  std::int64_t wanted_ = 0;      ///< slide that is due
  std::optional<SourceAction> action_;
  FramePtr shown_;
  std::int64_t shown_number_ = -1;
  SourceStatus status_;
  bool ready_ = false;
  bool hidden_ = false;
  bool closed_ = false;   ///< its pictures are not wanted
  FrameIndex frame_ = 0;  ///< the next one
  FrameIndex base_ = 0;   ///< pull()'s own: the frame at which slide 0 began

  NamedThread thread_;  // last: the thread ends before what it uses
};

}  // namespace mainstay
