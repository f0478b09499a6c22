// Reads media of any container and codec FFmpeg knows, from a file, a stream of bytes, an address or a device, and
// gives decoded, normalised pictures and sound on one exact timeline.
// Owned by the source that plays it.
// Thread-safety: abort() from any thread, also before and during open(); everything else from one thread at a time.
//
// Timeline. Zero is the first picture or sample of the chosen streams, whichever is earlier; audio and video keep their
// distance to the sample. Pictures are i420, limited range, upright, with matrix and pixel shape tagged. Sound is 48
// kHz, mono, stereo or 5.1; sample n lies at n/48000 s. Runs of sound never overlap; where the media has a gap of more
// than a millisecond, first_sample jumps (the gap is silence, which the caller leaves or fills).
//
// Memory. The reader holds compressed packets of the kind it was not asked for (at most kReadAheadBytes and
// kReadAheadSpan), and the pictures its decoder needs.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "engine/core/log.h"
#include "engine/core/result.h"
#include "engine/media/audio_block.h"
#include "engine/media/frame.h"
#include "engine/media/packet.h"
#include "engine/media/rate.h"

namespace mainstay::ffi {

/// Where bytes come from when not from a file. Used by the reader's thread only.
class ByteSource {
 public:
  virtual ~ByteSource() = default;
  /// Blocks until there is something; fills at most `buffer` and says how much. Errc::end when the stream is over,
  /// Errc::cancelled when it was aborted (MediaReader::abort cannot wake it: whoever owns the source does).
  virtual Result<std::size_t> read(std::span<std::uint8_t> buffer) = 0;
};

struct MediaReaderOptions {
  std::string name;  ///< who speaks in the log: "source clip"
  std::string path;  ///< a file, or, when `bytes` is set, what to call the stream in messages
  std::shared_ptr<ByteSource> bytes;
  /// An address or a device's name in place of a file: whatever FFmpeg can open. `path` is what to call it in messages.
  std::string url;
  std::string protocols;  ///< that `url` may lead to, as FFmpeg writes them: "http,tcp"; of a device, empty
  /// FFmpeg's options of the protocol and demuxer; what neither knows is said in the log.
  std::vector<std::pair<std::string, std::string>> settings;
  /// FFmpeg's options of each connection that is opened for it, those of segments and keys too; a protocol that does
  /// not know one passes over it.
  std::vector<std::pair<std::string, std::string>> connection_settings;
  std::string format;       ///< FFmpeg's demuxer when known ("mpegts", "flv"); empty: found out
  bool live = false;        ///< little probing, no frame threads: pictures come out as soon as they can
  std::string hw = "auto";  ///< hardware decoder: auto, none, or FFmpeg's device name
  int threads = 0;          ///< decoder threads, 0: as many as the picture size needs
};

/// What was found in the media.
struct MediaInfo {
  bool has_video = false;
  bool has_audio = false;
  bool still = false;  ///< a single picture (PNG, JPEG)
  std::string container;
  std::string video_codec;
  std::string audio_codec;
  int width = 0;  ///< upright
  int height = 0;
  Rate rate{0, 1};                    ///< mean of the video, 0/1 when unknown
  TimeBase video_tick{1, 1'000'000};  ///< how coarse the container's own stamps of pictures are
  int sample_rate = 0;
  int channels = 0;
  std::optional<Nanos> duration;  ///< as the container says it; not always true
  Nanos origin{0};                ///< the container's own time of our zero (same encode on two inputs: same clock)
  std::string summary;            ///< "1920×1080 25 fps h264, 48 kHz 2 ch aac"
};

struct VideoItem {
  FramePtr frame;
  std::int64_t pts = 0;  ///< ticks of time_base from the common zero
  TimeBase time_base;
  std::int64_t duration = 0;  ///< ticks, 0 when unknown
};

struct AudioItem {
  AudioBlockPtr block;
  std::int64_t first_sample = 0;
};

using MediaItem = std::variant<VideoItem, AudioItem>;

/// Broken pieces passed over so far.
struct MediaFaults {
  std::int64_t packets = 0;  ///< that no decoder understood
  std::int64_t frames = 0;   ///< decoded with damage and passed over
};

inline constexpr std::int64_t kReadAheadBytes = std::int64_t{48} << 20;
inline constexpr Nanos kReadAheadSpan = Seconds(12);

class MediaReader {
 public:
  /// Nothing is touched before open().
  static std::unique_ptr<MediaReader> make(MediaReaderOptions options, Log& log);
  virtual ~MediaReader() = default;

  /// Opens the media and its decoders and finds the common zero. Errc::invalid: not media, no such file (in words);
  /// Errc::unsupported: no decoder here; Errc::io, corrupt, cancelled.
  virtual Status open() = 0;
  /// After a successful open().
  virtual const MediaInfo& info() const = 0;

  /// The next picture or run of sound; with `want`, of that kind. Within a kind, times rise. Without `want`, in the
  /// order of the media.
  /// Errc::end: no more (of that kind). Errc::again (only with `want`): none of that kind lies within the read-ahead of
  /// what the other kind has not been asked for yet. Errc::corrupt: too much is broken. Errc::io, cancelled.
  virtual Result<MediaItem> read(std::optional<MediaKind> want = {}) = 0;

  /// In place of read(), in the order of the media: takes the next piece, of either kind, and throws it away undecoded.
  /// Gives the time of a picture (of sound, where there are no pictures), when it says one: that of its decoding, so
  /// that times rise. What read() gives next begins with the next key picture. Errors as read().
  virtual Result<std::optional<Nanos>> pass() = 0;

  /// Goes to `time`: next come the picture being shown at `time` (the last with pts ≤ time, or the first of all) and
  /// the sample at `time`, both exact.
  virtual Status seek(Nanos time) = 0;

  /// Ends any call in progress, and every later one, with Errc::cancelled.
  virtual void abort() noexcept = 0;

  virtual MediaFaults faults() const = 0;
};

}  // namespace mainstay::ffi
