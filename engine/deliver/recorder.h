// Records the shared packets to a file: fragmented MP4, which survives a kill, or MKV.
// Owned by the engine (studio).
// Thread-safety: all members from any thread. The listener is called on the recorder's thread ("rec/NAME").
//
// Records from when it is made until stop() (or the program's end). A disk that is full or cannot be written makes the
// recorder `failed`, with the reason; it tries again with a back-off, each time into a new file that starts at an IDR.
// Nobody else notices: a slow disk costs the recorder packets, never the program time.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include "engine/core/backoff.h"
#include "engine/core/clock.h"
#include "engine/core/log.h"
#include "engine/core/named_thread.h"
#include "engine/deliver/packet_bus.h"
#include "engine/deliver/record_file.h"
#include "engine/ffi/av/muxer.h"

namespace mainstay {

enum class RecorderState { waiting, recording, failed, stopped };

const char* to_string(RecorderState state);

struct RecorderOptions {
  std::string name = "record";  ///< of the thread
  std::string path;             ///< strftime pattern in UTC, resolved against the show's folder; .mp4 or .mkv
  Nanos fragment = Seconds(2);  ///< most that a kill can lose
  bool sync = false;            ///< bring each fragment to the disk itself: a power cut loses no more than a kill
  Selection selection;
  QueueLimits queue{std::numeric_limits<std::size_t>::max(), std::int64_t{64} << 20, Seconds(8)};
  BackoffPolicy backoff;
  std::uint64_t seed = 0;
  RecordFileOpener open_file = open_record_file;
  /// Makes the container; ffi::Muxer::open when empty.
  std::function<Result<std::unique_ptr<ffi::Muxer>>(const ffi::MuxerOptions&, const std::vector<StreamInfoPtr>&,
                                                    ffi::Muxer::Write)>
      open_muxer;
};

struct RecorderStatus {
  RecorderState state = RecorderState::waiting;
  std::string path;          ///< of the file there is, or of the last one
  std::string detail;        ///< why it failed, in words
  std::int64_t bytes = 0;    ///< in that file
  Nanos duration{0};         ///< of that file
  int files = 0;             ///< begun
  std::int64_t packets = 0;  ///< in all files
  std::int64_t dropped = 0;  ///< because the disk was too slow
  Nanos retry_in{0};         ///< failed: until the next try
};

class Recorder {
 public:
  using Listener = std::function<void(const RecorderStatus&)>;

  /// `listener` hears of each change of state. What is referred to outlives the recorder.
  Recorder(RecorderOptions options, PacketBus& bus, Clock& clock, Log& log, Listener listener = {});
  /// Stops as stop() does and waits for the trailer.
  ~Recorder();
  Recorder(const Recorder&) = delete;
  Recorder& operator=(const Recorder&) = delete;

  /// Writes what is queued and the trailer, in the background.
  void stop();
  /// Ends the wait for the next try.
  void retry_now();

  RecorderStatus status() const;

 private:
  struct File;
  enum class Next { again, end };

  void run(std::stop_token stop);
  Result<Next> record_file(const std::stop_token& stop);
  Result<std::unique_ptr<File>> open(const std::vector<StreamInfoPtr>& streams);
  Result<Next> write_packets(File& file, Subscription& subscription, const std::vector<StreamInfoPtr>& streams,
                             const std::stop_token& stop);
  Status write_packet(File& file, const Packet& packet);
  static Status finish(File& file, Status so_far);
  void set_state(RecorderState state, const std::string& detail);
  bool wait_to_retry(const Error& error, const std::stop_token& stop);

  const RecorderOptions options_;
  const std::string who_;
  PacketBus& bus_;
  Clock& clock_;
  Log& log_;
  const Listener listener_;

  Backoff backoff_;
  std::unique_ptr<Subscription> first_;  // offline: taken before the first packet, so that none is missed

  mutable std::mutex mutex_;
  std::condition_variable_any wake_;
  RecorderStatus status_;
  Instant retry_at_ = kNever;
  bool retry_wanted_ = false;

  NamedThread thread_;  // last: uses all of the above
};

}  // namespace mainstay
