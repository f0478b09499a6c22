// HLS of the show on air: makes the packager, keeps it as the document says, and tells of it.
// Owned by OnAir.
// Thread-safety: snapshot(), shelf(), stopped() and on_video() from any thread; everything else on the thread that
// looks after what is on air.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "engine/core/clock.h"
#include "engine/core/log.h"
#include "engine/deliver/packet_bus.h"
#include "engine/package/packager.h"
#include "engine/program/program.h"
#include "engine/show/secrets.h"
#include "engine/show/show.h"
#include "engine/studio/event_log.h"
#include "engine/studio/reaper.h"
#include "engine/studio/snapshot.h"

namespace mainstay {

class HlsOutput final : public ProgramSink {
 public:
  struct Services {
    PacketBus& bus;
    Clock& clock;
    Log& log;
    const show::Secrets& secrets;
    EventLog& events;
    Reaper& reaper;
    std::string show_dir;
    std::function<void()> changed;  ///< called on the packager's thread
  };
  HlsOutput(Services services, Rate rate, FrameIndex first_frame);

  /// The error names a reference that is not known.
  Status prepare(const show::Show& show) const;
  /// Brings what runs to what the show says; what did not change is not touched.
  void use(const show::Show& show);
  /// Packages what is queued and ends the playlists, in the background.
  void stop();
  bool stopped() const;
  /// Lets go of the packager: nothing of it is called any more when the reaper has finished.
  void close() { swap(nullptr); }

  std::optional<HlsSnapshot> snapshot() const;
  /// Null when the show has no HLS.
  std::shared_ptr<package::Shelf> shelf() const;

  /// When frames are on air, for the dates of segments.
  void on_video(const FramePtr& frame, FrameIndex n) override;
  void on_audio(const AudioBlockPtr&, std::int64_t) override {}

 private:
  package::PackagerOptions options(const show::Show& show, const show::Hls& hls) const;
  std::shared_ptr<package::Packager> packager() const;
  void swap(std::shared_ptr<package::Packager> packager);
  void heard(const package::PackagerStatus& status);
  void heard(const package::PublishStatus& status);
  Instant due(Nanos time) const;

  const Services services_;
  const Rate rate_;
  const FrameIndex first_frame_;
  std::atomic<std::int64_t> epoch_ns_;  // the program's epoch on the monotonic clock

  mutable std::mutex mutex_;
  show::Hls hls_;  // resolved
  std::shared_ptr<package::Packager> packager_;
  std::optional<package::PackagerOptions> made_;
};

/// The address of the multivariant playlist, as viewers see it.
std::string playback_url(const show::Hls& hls);

}  // namespace mainstay
