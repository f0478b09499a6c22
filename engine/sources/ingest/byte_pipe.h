// The link between a listener and the reader of one sender's stream: container bytes, bounded, with a blocking read.
// Shared by the listener (writes, closes) and the reader (reads); one pipe a publication.
// Thread-safety: write(), full() and close() from the listener's thread, read() from the reader's, abort() from any.
#pragma once

#include <cstdint>
#include <span>
#include <stop_token>
#include <vector>

#include "engine/core/bounded_queue.h"
#include "engine/core/result.h"

namespace mainstay {

using ByteChunk = std::vector<std::uint8_t>;

template <>
struct QueueTraits<ByteChunk> {
  static std::int64_t bytes(const ByteChunk& chunk) { return static_cast<std::int64_t>(chunk.size()); }
  static Nanos time(const ByteChunk&) { return Nanos{0}; }
  static bool keyframe(const ByteChunk&) { return true; }
};

class BytePipe {
 public:
  /// About five seconds of a fast stream: far more than a decoder ever lags, and no danger to the machine.
  static constexpr std::int64_t kDefaultBytes = 8 << 20;

  explicit BytePipe(Clock& clock, std::int64_t limit_bytes = kDefaultBytes);

  /// Hands bytes on; waits while the pipe is full (what stands before it then holds the sender back). False when the
  /// reader is gone or `stop` was requested.
  bool write(ByteChunk bytes, std::stop_token stop = {});
  /// A listener that serves several connections does not write now, it leaves the bytes with the network.
  bool full() const;
  /// Nothing more comes; read() gives what is left and then Errc::end.
  void close();

  /// At least one byte, as soon as there is one. Errc::end after close(), cancelled after abort().
  Result<std::size_t> read(std::span<std::uint8_t> into);
  /// Ends all calls at once, for good.
  void abort();
  bool aborted() const { return abort_.stop_requested(); }

 private:
  const std::int64_t limit_;
  BoundedQueue<ByteChunk> queue_;
  std::stop_source abort_;
  ByteChunk current_;  // of the reader's thread, as is taken_
  std::size_t taken_ = 0;
};

}  // namespace mainstay
