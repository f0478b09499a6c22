// The link between the program and one rendition: a queue, a thread ("enc/v0") and the encode stage it runs.
// Owned by the on-air wiring.
// Thread-safety: push() from one thread (the program's); stream(), stats() and finish() from any; destroy from the
// owner, not from a callback.
//
// Live, the queue holds half a second and drops the oldest: the program never waits. Offline it blocks: nothing is
// lost. Packets, notices and the end are told on this link's own thread. finish() encodes all that is queued and drains
// the encoder; without it the destructor just ends.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>

#include "engine/core/bounded_queue.h"
#include "engine/core/clock.h"
#include "engine/core/named_thread.h"
#include "engine/encode/audio_stage.h"
#include "engine/encode/bitrate_meter.h"
#include "engine/encode/encode_notice.h"
#include "engine/encode/video_stage.h"

namespace mainstay {

template <>
struct QueueTraits<VideoStage::Item> {
  static std::int64_t bytes(const VideoStage::Item& item) { return item.payload ? frame_bytes(*item.payload) : 0; }
  static Nanos time(const VideoStage::Item& item) { return item.time; }
  static bool keyframe(const VideoStage::Item&) { return true; }
};

template <>
struct QueueTraits<AudioStage::Item> {
  static std::int64_t bytes(const AudioStage::Item& item) {
    return item.payload ? static_cast<std::int64_t>(item.payload->data.size() * sizeof(float)) : 0;
  }
  static Nanos time(const AudioStage::Item& item) { return item.time; }
  static bool keyframe(const AudioStage::Item&) { return true; }
};

struct EncodeStats {
  std::string name;          ///< of the rendition
  std::int64_t frames = 0;   ///< packets given out
  std::int64_t dropped = 0;  ///< frames (or blocks) that went in and gave no packet: queue overflow, encoder trouble
  double kbps_mean = 0;
  double kbps_peak_1s = 0;   ///< the highest sliding second by DTS
  std::uint64_t digest = 0;  ///< of all packets; equal digests mean identical packets
  std::string error;         ///< empty while the encoder works
};

template <class Stage>
class EncodeThread {
 public:
  using Payload = decltype(Stage::Item::payload);
  /// Called once on the encode thread after finish(), when the last packet has been given out.
  using Done = std::function<void()>;

  /// Opens the encoder (on the new thread, whose name its own threads inherit) and returns when it is open.
  static Result<std::unique_ptr<EncodeThread>> start(Clock& clock, typename Stage::Options options, EmitPacket emit,
                                                     EmitNotice notice = {}, Done done = {});
  ~EncodeThread();
  EncodeThread(const EncodeThread&) = delete;
  EncodeThread& operator=(const EncodeThread&) = delete;

  /// False when it was not taken (finished or stopped). Blocks only offline.
  bool push(Payload payload, std::int64_t position, std::stop_token stop = {});
  /// Nothing more is pushed: everything queued is encoded, the encoder drained, then `done` called.
  void finish();

  /// The stream as the encoder described it when it was opened first.
  StreamInfoPtr stream() const { return stream_; }
  EncodeStats stats() const;

 private:
  EncodeThread(Clock& clock, EmitPacket emit, EmitNotice notice, Done done);

  Status open(typename Stage::Options options);
  void run(const std::stop_token& stop);
  void count(const Packet& packet);
  void publish();

  using Queue = BoundedQueue<typename Stage::Item>;
  Queue queue_;
  const EmitPacket emit_;
  const EmitNotice notice_;
  const Done done_;
  std::unique_ptr<Stage> stage_;  // made on the encode thread, before start() returns
  StreamInfoPtr stream_;
  mutable std::mutex mutex_;
  BitrateMeter meter_;  // with what follows, under mutex_
  PacketDigest digest_;
  std::int64_t packets_ = 0;
  std::int64_t lost_ = 0;
  std::string error_;
  NamedThread thread_;
};

extern template class EncodeThread<VideoStage>;
extern template class EncodeThread<AudioStage>;

using VideoEncodeThread = EncodeThread<VideoStage>;
using AudioEncodeThread = EncodeThread<AudioStage>;

}  // namespace mainstay
