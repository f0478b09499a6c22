// What one sender's reader has decoded and the program has not shown yet, on the sender's own timeline, with what is
// needed to place that timeline on the program clock.
// Owned by the ingest's input.
// Thread-safety: begin_stream, push_* and end_stream from the reader's thread, the rest from any.
//
// Arrival. Each item has an offset: the moment it came minus its timestamp. The smallest of the last two seconds is the
// path without jitter; the later of picture and sound counts, because both have to be there.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>

#include "engine/core/clock.h"
#include "engine/media/audio_block.h"
#include "engine/media/frame.h"

namespace mainstay {

/// The smallest value of about the last two seconds.
class RecentMin {
 public:
  void add(Instant now, Nanos value);
  std::optional<Nanos> value() const;
  /// Since when the value has not fallen by more than a few milliseconds.
  Instant settled_since() const { return settled_since_; }
  void reset() { *this = RecentMin(); }

 private:
  static constexpr int kSlots = 4;
  static constexpr Nanos kSlot = Millis(500);
  struct Slot {
    std::int64_t number = -1;
    Nanos smallest{0};
  };
  std::array<Slot, kSlots> slots_{};
  std::int64_t newest_ = -1;
  Nanos settled_at_ = Nanos::max();
  Instant settled_since_{};
};

/// What came from the sender, counted before any of it is shown: for reports, and for those who test a leg with us.
struct IngestCounts {
  std::int64_t frames = 0;         ///< pictures decoded, over all connections
  std::int64_t gaps = 0;           ///< places where the next picture came later on the timeline than it should
  std::int64_t missing = 0;        ///< pictures that would have fit into the gaps
  std::int64_t overflow = 0;       ///< pictures thrown away because nobody took them in time
  std::optional<Nanos> first_pts;  ///< of this connection, on the sender's timeline
  std::optional<Nanos> last_pts;
};

class IngestBuffer {
 public:
  struct Limits {
    Nanos span = Seconds(2);
    std::int64_t bytes = std::int64_t{256} << 20;
  };

  IngestBuffer(Clock& clock, Limits limits) : clock_(clock), limits_(limits) {}

  // --- reader ---
  void begin_stream(bool has_video, bool has_audio);
  void push_picture(FramePtr frame, Nanos pts);
  void push_sound(AudioBlockPtr block, std::int64_t first_sample);
  void end_stream();

  // --- program ---
  struct View {
    std::int64_t stream = 0;  ///< changes with each connection, whose timeline may be another
    bool connected = false;
    bool has_video = false;
    bool has_audio = false;
    int channels = 2;             ///< of the sound that came last
    Instant last_media = kNever;  ///< of pictures, where there are any; kNever when none came yet
    std::optional<Nanos> offset;  ///< arrival minus timestamp, see above
    Instant settled_since{};
    std::optional<Nanos> oldest;  ///< picture in the buffer
    std::optional<Nanos> newest;  ///< item that came, shown or not; of sound where there are no pictures
    Nanos interval{0};            ///< between pictures, 0 when unknown

    /// Where to play now, `delay` behind what has come.
    std::optional<Nanos> wanted(Instant now, Nanos delay) const;
    /// Whether playing can start now. A sender that sends a group of pictures at once when it connects makes the offset
    /// fall while they are decoded: to start before it has settled would mean to jump soon after.
    bool startable(Instant now, Nanos delay) const;
  };
  View view() const;
  IngestCounts counts() const;

  struct Pick {
    FramePtr frame;  ///< null: nothing at or before the time asked for
    Nanos pts{0};
    int passed_over = 0;  ///< earlier ones that were never picked
    bool more = false;    ///< there are later pictures
  };
  /// Takes out the picture for `until`: the next one, unless it is later than `until` + `slack`; one further when that
  /// is no later than `until` - `slack`, and so on. The slack keeps the rounding of timestamps from showing one picture
  /// twice and passing over another where the two ways of counting cross.
  Pick pick(Nanos until, Nanos slack);
  /// The timestamp of the last picture with pts ≤ `until`.
  std::optional<Nanos> picture_before(Nanos until) const;
  /// Whether there is a picture (or sound, without pictures) at `until` or later.
  bool reaches(Nanos until) const;
  /// Forgets pictures before `pts`.
  void drop_before(Nanos pts);

  /// Copies samples [first, first + block.samples) in the block's own layout; silence where there are none.
  void read_sound(std::int64_t first, AudioBlock& block) const;
  /// The end of the unbroken run of sound that holds `sample`; `sample` itself when there is none.
  std::int64_t sound_run_end(std::int64_t sample) const;

  /// How much sound is kept, played or not.
  Nanos kept_sound() const;

  /// Whether a picture with this timestamp (to a few milliseconds) came lately, shown or not.
  bool seen(Nanos pts) const;

 private:
  struct Picture {
    FramePtr frame;
    Nanos pts;
    std::int64_t bytes;
  };
  struct Sound {
    AudioBlockPtr block;
    std::int64_t first;
    std::int64_t end() const { return first + block->samples; }
  };

  void count(Nanos pts);
  void trim();

  Clock& clock_;
  const Limits limits_;
  mutable std::mutex mutex_;
  std::deque<Picture> pictures_;
  std::deque<Sound> sounds_;
  std::int64_t bytes_ = 0;
  View view_;
  RecentMin picture_offset_;
  RecentMin sound_offset_;
  IngestCounts counts_;
  std::array<Nanos, 128> lately_{};  ///< two seconds at 60 pictures a second
  std::size_t lately_count_ = 0;
};

}  // namespace mainstay
