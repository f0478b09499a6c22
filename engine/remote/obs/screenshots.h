// Pictures encoded for clients, one after the other on a thread of its own ("remote/shot"): neither a connection nor
// the control thread waits for an encoder or a disk.
// Owned by the hub.
// Thread-safety: take() from one thread (the sessions'), construct and destroy anywhere; orders are done on the thread.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/bounded_queue.h"
#include "engine/core/named_thread.h"
#include "engine/ffi/av/image_encoder.h"

namespace mainstay::obs {

struct ScreenshotOrder {
  FramePtr picture;
  ffi::ImageOptions options;
  std::string path;  ///< absolute: where the file goes; empty: its bytes go to `done`
  std::function<void(Result<std::string> bytes)> done;
};

class Screenshots {
 public:
  static constexpr std::size_t kMostWaiting = 8;

  explicit Screenshots(Clock& clock);
  /// What waits is given up; what is under way is finished.
  ~Screenshots();
  Screenshots(const Screenshots&) = delete;
  Screenshots& operator=(const Screenshots&) = delete;

  /// False, and nothing is done, when too many wait.
  bool take(ScreenshotOrder order);

 private:
  void run(const std::stop_token& stop);

  BoundedQueue<ScreenshotOrder> waiting_;
  NamedThread thread_;  // last: uses all of the above
};

/// As clients call them, and as GetVersion lists them.
const std::vector<std::string>& image_formats();
/// None when it is not one of them.
std::optional<ffi::ImageFormat> image_format(std::string_view name);

/// Width and height of a picture as large as `wanted` allows (0: that side is free) that keeps the shape of `own`.
struct ImageSize {
  int width = 0;
  int height = 0;
  friend bool operator==(const ImageSize&, const ImageSize&) = default;
};
ImageSize fit_inside(ImageSize own, ImageSize wanted);

}  // namespace mainstay::obs
