// The program's picture as a screen wants it: BGRA at the size it is shown in.
// Owned by the client that shows it.
// Thread-safety: one renderer on one thread at a time, which should not be a client's user-interface thread.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "engine/core/result.h"
#include "engine/media/frame.h"

namespace mainstay {

/// `height` rows of width·4 bytes: blue, green, red, 255.
struct PreviewImage {
  int width = 0;
  int height = 0;
  std::vector<std::uint8_t> bgra;
};

struct PreviewSize {
  int width = 0;
  int height = 0;
};

/// The largest size of `frame`'s shape (its pixels' shape included) inside width × height; at least 1×1.
PreviewSize fit_preview(const Frame& frame, int width, int height);

class PreviewRenderer {
 public:
  PreviewRenderer();
  ~PreviewRenderer();
  PreviewRenderer(const PreviewRenderer&) = delete;
  PreviewRenderer& operator=(const PreviewRenderer&) = delete;

  /// Draws `frame` at exactly width × height into `image`, whose memory is used again when it is large enough.
  /// Errc::unsupported when the picture is not i420, Errc::invalid for a size outside 1 to 8192.
  Status render(const Frame& frame, int width, int height, PreviewImage& image);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace mainstay
