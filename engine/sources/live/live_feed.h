// One connection to a peer or device: what a live source is made of. Opened once, read until it ends, then made anew.
// Owned by the LiveLink's connection, which calls it on a thread of its own.
// Thread-safety: abort() from any thread; everything else from that one thread.
//
// A feed holds nothing of its source: when a call does not return although it was aborted (a driver that hangs), feed
// and thread are left behind. After such a call it must touch nothing but its own before it has looked at its abort.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>

#include "engine/core/result.h"
#include "engine/core/time.h"
#include "engine/media/audio_block.h"
#include "engine/media/frame.h"

namespace mainstay {

struct LiveInfo {
  bool has_video = false;
  bool has_audio = false;
  std::string summary;  ///< "1920×1080 30 fps h264, 48 kHz 2 ch aac"
};

// On the feed's own timeline, the same for picture and sound.
struct LivePicture {
  FramePtr frame;
  Nanos pts{0};
};
struct LiveSound {
  AudioBlockPtr block;
  std::int64_t first_sample = 0;
};
/// Something came and was thrown away.
struct LivePassed {
  std::optional<Nanos> pts = {};  ///< of a picture; of sound, where there are no pictures
};
using LiveItem = std::variant<LivePicture, LiveSound, LivePassed>;

class LiveFeed {
 public:
  virtual ~LiveFeed() = default;
  /// May take its time. The error says why in words that may be shown (no secrets).
  virtual Result<LiveInfo> open() = 0;
  /// The next picture or run of sound; waits for it. Errc::end when the other side ended it.
  virtual Result<LiveItem> read() = 0;
  /// In place of read(), while nobody sees it: what comes is thrown away, undecoded where that can be. Errors as
  /// read().
  virtual Result<LiveItem> pass();
  /// Makes the call in progress and every later one return with Errc::cancelled, where that can be done.
  virtual void abort() noexcept = 0;
  /// Pieces that could not be decoded.
  virtual std::int64_t damaged() const { return 0; }
};

using MakeLiveFeed = std::function<std::unique_ptr<LiveFeed>()>;

}  // namespace mainstay
