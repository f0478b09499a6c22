// A source that a peer or device feeds at its own pace: kept connected by a LiveLink, brought onto the program clock by
// the ingest's playout.
// Owned by the program, like any source.
// Thread-safety: as engine/sources/source.h says.
#pragma once

#include <mutex>
#include <string>

#include "engine/sources/ingest/ingest_buffer.h"
#include "engine/sources/ingest/ingest_playout.h"
#include "engine/sources/live/live_link.h"
#include "engine/sources/source.h"

namespace mainstay {

class LiveSource final : public Source {
 public:
  /// `delay`: of what is shown behind what has come. Of `link`, the source's name is filled in here.
  LiveSource(SourceContext context, Nanos delay, LiveLink::Options link, MakeLiveFeed make);

  void start() override;
  /// Can be shown, or could not be opened at the first try: the program does not wait for the next one.
  bool ready() const override;
  SourceOutput pull(FrameIndex frame, std::stop_token stop) override;
  SourceStatus status() const override;
  void hide(bool hidden) override;

  LiveLinkStatus link() const { return link_.status(); }
  PlayerCounts counts() const;

 private:
  const SourceContext context_;
  const Nanos delay_;
  const std::string what_;
  IngestBuffer buffer_;
  IngestPlayout playout_;  ///< of the program thread

  mutable std::mutex mutex_;
  SourceStatus status_;  // guarded by mutex_, as are those below
  PlayerCounts counts_;
  bool playing_ = false;
  bool shown_ = false;  ///< something was, on this connection
  bool hidden_ = false;
  std::int64_t forgiven_ = 0;  ///< the link's failures until it was shown the last time

  LiveLink link_;  // last: ends before what it feeds
};

}  // namespace mainstay
