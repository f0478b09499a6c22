// A feed of whatever FFmpeg reads from an address or device, or from bytes that somebody else fetches.
// Owned by the live link's connection.
// Thread-safety: as LiveFeed says.
#pragma once

#include <functional>
#include <memory>

#include "engine/core/log.h"
#include "engine/ffi/av/media_reader.h"
#include "engine/sources/live/live_feed.h"

namespace mainstay {

class MediaFeed final : public LiveFeed {
 public:
  /// `options.live` is set here. `abort_bytes`: ends a read of options.bytes, when there are any.
  MediaFeed(ffi::MediaReaderOptions options, Log& log, std::function<void()> abort_bytes = {});

  Result<LiveInfo> open() override;
  Result<LiveItem> read() override;
  Result<LiveItem> pass() override;
  void abort() noexcept override;
  std::int64_t damaged() const override;

 private:
  const std::function<void()> abort_bytes_;
  const std::unique_ptr<ffi::MediaReader> reader_;
  Nanos origin_{0};
};

}  // namespace mainstay
