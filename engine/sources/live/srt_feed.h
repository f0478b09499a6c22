// A feed over SRT: we call, the other side sends MPEG-TS.
// Owned by the live link's connection.
// Thread-safety: as LiveFeed says.
#pragma once

#include <memory>
#include <stop_token>
#include <string>

#include "engine/core/clock.h"
#include "engine/core/log.h"
#include "engine/ffi/net/resolver.h"
#include "engine/ffi/srt/srt_options.h"
#include "engine/sources/live/media_feed.h"

namespace mainstay {

class SrtFeed final : public LiveFeed {
 public:
  struct Options {
    ffi::SrtOptions srt;
    ffi::MediaReaderOptions media;  ///< name, path and decoder; the rest is set here
  };
  /// libsrt's calls come back within its poll interval, so that nothing of `clock` and `log` is used after an abort.
  SrtFeed(Options options, Clock& clock, Log& log, std::shared_ptr<ffi::Resolver> resolver);
  ~SrtFeed() override;

  Result<LiveInfo> open() override;
  Result<LiveItem> read() override;
  Result<LiveItem> pass() override { return media_.pass(); }
  void abort() noexcept override;
  std::int64_t damaged() const override { return media_.damaged(); }

 private:
  class Bytes;

  const ffi::SrtOptions srt_;
  Clock& clock_;
  const std::shared_ptr<ffi::Resolver> resolver_;
  std::stop_source abort_;
  const std::shared_ptr<Bytes> bytes_;
  MediaFeed media_;
};

}  // namespace mainstay
