// Pictures encoded for clients, one after the other on a thread of its own: neither a connection nor the control thread
// waits for an encoder, a disk, or a picture that is only made while somebody asks for it.
// Owned by whoever serves the clients (the studio's core, the obs-websocket hub).
// Thread-safety: take() from any thread; orders are done on the desk's.
#pragma once

#include <functional>
#include <string>

#include "engine/core/bounded_queue.h"
#include "engine/core/named_thread.h"
#include "engine/ffi/av/image_encoder.h"

namespace mainstay {

/// Width and height of a picture as large as `wanted` allows (0: that side is free) that keeps the shape of `own`.
struct ImageSize {
  int width = 0;
  int height = 0;
  friend bool operator==(const ImageSize&, const ImageSize&) = default;
};
ImageSize fit_inside(ImageSize own, ImageSize wanted);

struct ImageFile {
  std::string bytes;  ///< empty when they went to a file
  ImageSize size;
};

struct PictureOrder {
  /// Any thread; asked until it gives one, for `PictureDesk::kPatience` at most.
  std::function<FramePtr()> picture;
  ImageSize inside;
  ffi::ImageOptions options;  ///< without the size
  std::string path;           ///< absolute: where the file goes; empty: its bytes go to `done`
  /// On the desk's thread, or on the one that ends the desk. Errc::again: there was no picture in time.
  std::function<void(Result<ImageFile>)> done;
};

class PictureDesk {
 public:
  static constexpr std::size_t kMostWaiting = 8;
  static constexpr Nanos kPatience = Seconds(2);

  PictureDesk(Clock& clock, const char* thread_name);
  /// What is under way is finished; what waits is answered with Errc::cancelled.
  ~PictureDesk();
  PictureDesk(const PictureDesk&) = delete;
  PictureDesk& operator=(const PictureDesk&) = delete;

  /// False, and nothing is done, when too many wait.
  bool take(PictureOrder order);

 private:
  void run(const std::stop_token& stop);
  Result<ImageFile> carry_out(const PictureOrder& order, const std::stop_token& stop);

  Clock& clock_;
  BoundedQueue<PictureOrder> waiting_;
  std::mutex mutex_;    // one pushes at a time, so that who saw room has it
  NamedThread thread_;  // last: uses all of the above
};

}  // namespace mainstay
