// What a listener (RTMP or SRT) and the input behind it say to each other.
// The sink is owned by the input, the listener holds a reference.
// Thread-safety: IngestSink is called on the listener's thread; IngestListener from any thread.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "engine/core/time.h"
#include "engine/sources/ingest/byte_pipe.h"

namespace mainstay {

/// Gets what senders publish, one at a time.
class IngestSink {
 public:
  virtual ~IngestSink() = default;
  /// A sender was let in: where its bytes go. `format` is the demuxer's name for them.
  virtual std::shared_ptr<BytePipe> begin(const std::string& peer, const std::string& format) = 0;
  /// Its stream cannot be read, and why; the connection ends.
  virtual void unreadable(const std::string& why) = 0;
};

struct ListenerStatus {
  bool listening = false;
  std::string error;          ///< why it does not listen, in words; empty when it does
  std::string peer;           ///< of the sender let in ("127.0.0.1:53211"); empty when there is none
  std::string client;         ///< what the sender calls itself, when the protocol says
  double kbps = 0;            ///< over the last second
  std::int64_t bytes = 0;     ///< of media, since the start
  std::int64_t connects = 0;  ///< senders let in
  std::int64_t refused = 0;   ///< connections turned away: wrong key, busy, too many, not the protocol
};

class IngestListener {
 public:
  virtual ~IngestListener() = default;
  /// Binds and serves on a thread of its own, and tries again by itself when the port is taken.
  virtual void start() = 0;
  virtual ListenerStatus status() const = 0;
  /// The port bound (for port 0), 0 when not listening.
  virtual std::uint16_t port() const = 0;
};

/// Bits a second over about the last second.
class RateMeter {
 public:
  void add(std::int64_t bytes) { bytes_ += bytes; }
  /// To be called regularly, also when nothing comes.
  void tick(Instant now) {
    const Nanos span = now - since_;
    if (span < Seconds(1)) return;
    kbps_ = static_cast<double>(bytes_) * 8 / 1000 / seconds(span);
    bytes_ = 0;
    since_ = now;
  }
  double kbps() const { return kbps_; }

 private:
  Instant since_{};
  std::int64_t bytes_ = 0;
  double kbps_ = 0;
};

}  // namespace mainstay
