// A still picture from a file, the same one on every tick. Its file is watched: a changed one is taken over when it
// decodes whole; a broken, half-written or missing one leaves the last good picture on air and is told in the status.
// Owned by the program.
// Thread-safety: as engine/sources/source.h says.
#pragma once

#include <condition_variable>
#include <mutex>
#include <optional>
#include <string>

#include "engine/core/named_thread.h"
#include "engine/show/show.h"
#include "engine/sources/image_file.h"
#include "engine/sources/source.h"

namespace mainstay {

inline constexpr Nanos kImageLook = Seconds(1);             ///< between two looks at the file
inline constexpr Nanos kImageLongestBackoff = Seconds(30);  ///< between two tries while there was no picture yet

class ImageSource final : public Source {
 public:
  ImageSource(const show::ImageSource& config, SourceContext context);

  void start() override;
  /// Once the file has been tried.
  bool ready() const override;
  SourceOutput pull(FrameIndex frame, std::stop_token stop) override;
  SourceStatus status() const override;

 private:
  void run(const std::stop_token& stop);
  void look();
  void take(ffi::StillImage image);
  void miss(const Error& error);

  const SourceContext context_;
  const std::string path_;
  const std::string subject_;

  // The thread's own.
  std::optional<FileMark> tried_;  ///< what was decoded, or found broken, last
  std::string trouble_;            ///< told last; empty: none

  mutable std::mutex mutex_;
  std::condition_variable_any first_try_;
  FramePtr picture_;
  SourceStatus status_;
  std::string summary_;  ///< of `picture_`
  bool tried_once_ = false;

  NamedThread thread_;  // last: the thread ends before what it uses
};

}  // namespace mainstay
