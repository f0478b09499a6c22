// A media file as a source: decoded ahead on a thread of its own, retimed to the program's frames.
// Owned by the program.
// Thread-safety: as engine/sources/source.h says.
//
// The queue between the two holds at most kFileQueueTicks ticks and kFileQueueBytes. A tick that comes too late is
// passed over, so that the file stays on the program's time; its picture still replaces an older one.
#pragma once

#include <array>
#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "engine/core/bounded_queue.h"
#include "engine/core/named_thread.h"
#include "engine/ffi/av/media_reader.h"
#include "engine/show/show.h"
#include "engine/sources/file_player.h"
#include "engine/sources/source.h"

namespace mainstay {

inline constexpr std::size_t kFileQueueTicks = 4;  // 12 MB of 1080p; the decoder holds as many again
inline constexpr std::size_t kFileReadyTicks = 4;
inline constexpr std::int64_t kFileQueueBytes = std::int64_t{64} << 20;

template <>
struct QueueTraits<FileTick> {
  static std::int64_t bytes(const FileTick& tick) { return tick.video ? frame_bytes(*tick.video) : 0; }
  static Nanos time(const FileTick&) { return Nanos{0}; }
  static bool keyframe(const FileTick&) { return true; }
};

class FileSource final : public Source {
 public:
  FileSource(const show::FileSource& config, SourceContext context);
  ~FileSource() override;

  void start() override;
  bool ready() const override;
  SourceOutput pull(FrameIndex frame, std::stop_token stop) override;
  SourceStatus status() const override;

  /// Pieces of the file that were broken and passed over.
  ffi::MediaFaults faults() const;

 private:
  void run(std::stop_token stop);
  void play(FilePlayer& player, std::stop_token stop);
  void note_faults();
  void set_state(SourceState state, std::string detail);
  std::optional<FileTick> take(FrameIndex frame, std::stop_token stop);
  SourceOutput stand_in(FrameIndex frame);
  AudioBlockPtr swing(AudioBlockPtr audio, int samples);

  const show::FileSource config_;
  const SourceContext context_;
  const std::string subject_;
  std::unique_ptr<ffi::MediaReader> reader_;
  BoundedQueue<FileTick> queue_;
  std::atomic<bool> finished_{false};  ///< the thread gives nothing more
  std::int64_t faults_noted_ = 0;      // the thread's own

  mutable std::mutex mutex_;
  SourceStatus status_;
  ffi::MediaFaults faults_;
  SourceState end_state_ = SourceState::ended;
  std::string end_detail_;

  // pull()'s own
  std::optional<FileTick> early_;
  FramePtr last_picture_;
  FrameIndex missing_ = 0;  ///< ticks in a row without their picture
  std::array<float, 2> last_level_{};
  bool muted_ = false;  ///< the last tick was a stand-in: sound swings in again

  NamedThread thread_;  // last: the thread ends before what it uses
};

}  // namespace mainstay
