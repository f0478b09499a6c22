// Merges the packets of several encoders into one sequence in decode order, the same for everybody who reads it.
// Owned by the engine, between the encoders and the packet bus.
// Thread-safety: all members from any thread. The sink is called under the interleaver's lock, one packet at a time.
//
// Rules. A packet goes out when no open stream can still bring an earlier one; at equal times video before audio, then
// in the order of add(). So the order depends on the packets alone, not on which encoder thread ran first. Live, a
// stream that stays behind the others by more than `max_wait` of media time is not waited for until it delivers again;
// what it brings late still goes out (in its own order), and is counted. Exact (offline) waits for as long as it takes.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <stop_token>
#include <string>
#include <vector>

#include "engine/media/packet.h"

namespace mainstay {

class Interleaver {
 public:
  struct Options {
    bool exact = false;
    /// More than the delay of the slowest encoder's look-ahead: within it nothing is ever out of order.
    Nanos max_wait = Seconds(4);
    /// Held at most, exact or not; beyond it the streams that hold the others up are no longer waited for.
    std::int64_t max_bytes = std::int64_t{64} << 20;
  };
  using Sink = std::function<void(PacketPtr packet, const std::stop_token& stop)>;

  Interleaver(Options options, Sink sink) : options_(options), sink_(std::move(sink)) {}

  /// Declares a stream by its rendition's name, before the first packet of any stream.
  void add(std::string name, MediaKind kind);
  /// A packet of a stream; one that was not declared joins now. `stop` is handed to the sink.
  void push(PacketPtr packet, std::stop_token stop = {});
  /// The stream brings nothing more (its encoder was drained, or failed for good). A later push opens it again.
  void end(const std::string& name, std::stop_token stop = {});
  /// Sends out all that is held.
  void flush(std::stop_token stop = {});

  struct Stats {
    std::int64_t passed = 0;
    std::int64_t late = 0;  ///< came after a later packet of another stream had gone out
    std::int64_t held_bytes = 0;
    std::vector<std::string> behind;  ///< streams not waited for now
  };
  Stats stats() const;

 private:
  struct Stream {
    std::string name;
    MediaKind kind = MediaKind::video;
    std::deque<PacketPtr> held;
    Nanos last = Nanos::min();  // decode time of its latest packet
    bool ended = false;
    bool behind = false;
  };

  Stream& stream(const std::string& name, MediaKind kind);
  Stream* first();
  void drain(const std::stop_token& stop, bool all);
  void send(Stream& from, const std::stop_token& stop);

  const Options options_;
  const Sink sink_;
  mutable std::mutex mutex_;
  std::deque<Stream> streams_;
  Nanos newest_ = Nanos::min();
  Nanos passed_to_ = Nanos::min();
  std::int64_t held_bytes_ = 0;
  std::int64_t passed_ = 0;
  std::int64_t late_ = 0;
};

}  // namespace mainstay
