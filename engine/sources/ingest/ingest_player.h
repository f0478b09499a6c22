// Plays one input's buffer on the program clock: which picture and which samples belong to a tick (frame sync and
// audio sync in one, because they must not drift apart).
// Owned by the ingest source, one an input.
// Thread-safety: the program thread only.
//
// The playhead is a place on the sender's timeline. It starts on a picture's timestamp and advances by exactly the
// program's ticks, for picture and sound alike, so their offset is the sender's, to the sample. It should lie `buffer`
// behind what has come. The sender's clock is not ours and paths change; when the distance has been wrong by most of a
// picture for some time, it is put right by whole pictures: the sound is played up to 0.4 % faster or slower until the
// playhead has moved so far, and half-way one picture is passed over or shown twice. A large error is a jump, with a 5
// ms cross-fade. Sound without pictures is put right by half milliseconds, as soon as it is off by three of them.
#pragma once

#include <cstdint>
#include <optional>

#include "engine/ffi/av/async_resampler.h"
#include "engine/media/rate.h"
#include "engine/sources/ingest/ingest_buffer.h"

namespace mainstay {

/// Sound at one playhead with a gain that never steps: in over 5 ms after a gap, out over 5 ms before the next.
class SoundRamp {
 public:
  static constexpr int kSamples = kProgramSampleRate / 200;
  /// `run_end`: see IngestBuffer::sound_run_end, for the block's first sample.
  void apply(AudioBlock& block, std::int64_t first, std::int64_t run_end);
  /// Starts at full level: somebody else fades.
  void open() { gain_ = 1; }
  void close() { gain_ = 0; }

 private:
  float gain_ = 0;
};

struct PlayerCounts {
  std::int64_t repeated = 0;     ///< ticks whose picture was not there
  std::int64_t skipped = 0;      ///< pictures passed over
  std::int64_t corrections = 0;  ///< slow moves by whole pictures
  std::int64_t jumps = 0;
};

class IngestPlayer {
 public:
  IngestPlayer(IngestBuffer& buffer, Rate rate, Nanos delay) : buffer_(buffer), rate_(rate), delay_(delay) {}

  /// Once a tick, before anything else: moves the playhead, starts or stops playing.
  /// `least_offset`: an arrival offset the playhead has to be good for as well (the other input of the same encode).
  void tick(FrameIndex frame, Instant now, std::optional<Nanos> least_offset = {});

  /// Off air a wrong distance is put right at once, as nobody sees or hears it.
  void set_on_air(bool on_air);

  bool playing() const { return anchor_.has_value(); }
  /// Something for this tick is there: its picture, or (while pictures last longer than ticks) a later one.
  bool has_due() const { return playing() && due_; }
  Nanos playhead() const { return playhead_; }
  const IngestBuffer::View& view() const { return view_; }

  /// Plays from `pts` at this tick. For the input off air, to be where the one on air is.
  void place(Nanos pts);
  /// Whether it could play from `pts` now.
  bool covers(Nanos pts) const;
  /// Whether a picture with this timestamp came lately.
  bool saw(Nanos pts) const { return buffer_.seen(pts); }
  /// Time from one picture to the next; the program's tick when they are the same or unknown.
  Nanos picture_time() const;
  /// Where the playhead should be by what came of late.
  std::optional<Nanos> wanted() const;

  struct Output {
    FramePtr frame;  ///< the picture for this tick; the last one again when it is not there
    bool fresh = false;
    bool missing = false;  ///< a picture was due and not there
  };
  Output take_picture();
  /// Exactly this tick's samples.
  void take_sound(AudioBlock& block);
  /// For the input off air: forgets what has passed; with `shown`, what the one on air has shown of the same encode.
  void pass(std::optional<Nanos> shown = {});
  std::optional<Nanos> shown_pts() const { return shown_pts_; }

  /// By how much sound is ahead of the picture it is shown with, beyond what whole pictures make unavoidable; null:
  /// not both there.
  std::optional<Nanos> av_offset() const;

  const PlayerCounts& counts() const { return counts_; }

 private:
  struct Anchor {  // the playhead is media + (begin(n) - begin(frame)), the samples likewise: never summed
    FrameIndex frame = 0;
    Nanos media{0};
    std::int64_t sample = 0;
  };

  /// What a correction is a multiple of: pictures, or, for sound alone, half a millisecond.
  Nanos step() const;
  Nanos tick_time() const { return rate_.begin(1); }
  /// A picture belongs to a tick when it is not further than this from the playhead.
  Nanos reach() const { return tick_time() / 2 + slack(); }
  Nanos slack() const { return tick_time() / 8; }
  Nanos at(FrameIndex frame) const;
  std::int64_t sample_at(FrameIndex frame) const;
  void set_anchor(Nanos media);
  void start_when_ready();
  void look_for_due();
  void steer();
  void correct(std::int64_t pictures);
  void finish_correction();
  Status render(AudioBlock& block, const ffi::AsyncResampler::Fetch& fetch);
  void jump(Nanos to);

  IngestBuffer& buffer_;
  const Rate rate_;
  const Nanos delay_;
  IngestBuffer::View view_;
  std::int64_t stream_ = 0;
  std::optional<Anchor> anchor_;
  FrameIndex frame_ = 0;
  Instant now_{};
  std::optional<Nanos> least_offset_;
  Nanos playhead_{0};
  bool due_ = false;
  bool on_air_ = false;

  FramePtr shown_;
  std::optional<Nanos> shown_pts_;

  std::optional<Instant> wrong_since_;  ///< the distance is off, to the same side
  bool wrong_ahead_ = false;
  ffi::AsyncResampler resampler_;
  Nanos correction_{0};  ///< all of the one under way
  FrameIndex correction_from_ = 0;
  FrameIndex correction_ticks_ = 0;         ///< 0: none under way
  std::optional<std::int64_t> faded_from_;  ///< after a jump: where the sound would have gone on
  SoundRamp ramp_;
  PlayerCounts counts_;
};

}  // namespace mainstay
