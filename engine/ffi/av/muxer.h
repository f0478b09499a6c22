// A container writer over libavformat: packets in, bytes out through a callback.
// Owned by a leg, the recorder or the packager.
// Thread-safety: one thread at a time.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "engine/core/result.h"
#include "engine/media/packet.h"

namespace mainstay::ffi {

/// cmaf: an initialisation segment from open(), then one moof and mdat for what was written before each flush().
enum class Container { mpegts, fragmented_mp4, matroska, cmaf };

struct MuxerOptions {
  Container container = Container::mpegts;
  /// Passed to the muxer as they are ("mpegts_flags", "frag_duration", …).
  std::map<std::string, std::string> options;
  std::size_t buffer_bytes = 4096;  ///< largest run of bytes handed to `write` (mpegts: a multiple of 188)
};

class Muxer {
 public:
  /// Gets the container's bytes in order. Its error ends the muxer and comes back from write().
  using Write = std::function<Status(std::span<const std::uint8_t> bytes)>;

  /// Writes the header. Timestamps are kept as they are (no shift), whatever value they start at.
  static Result<std::unique_ptr<Muxer>> open(const MuxerOptions& options, const std::vector<StreamInfoPtr>& streams,
                                             Write write);
  virtual ~Muxer() = default;

  /// A packet of one of the streams, in decode order. Errc::invalid for a stream that was not given to open().
  virtual Status write(const Packet& packet) = 0;
  /// mpegts: packets of `to`, of the same codec, follow those of the stream of that kind there is, from an IDR on. Its
  /// parameter sets go before each IDR. Errc::unsupported in other containers, which tell them once.
  virtual Status change(const StreamInfoPtr& to) {
    return make_error(Errc::unsupported, "this container cannot go on with rendition {}", to->name);
  }
  /// Hands over what the muxer holds back (an open fragment).
  virtual Status flush() = 0;
  /// Writes the trailer. Nothing can follow.
  virtual Status finish() = 0;
};

}  // namespace mainstay::ffi
