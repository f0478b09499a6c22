// Keeps a sound device fed with a bus of the program: opens it, resamples to its clock, notices when it is gone, and
// tries again.
// Owned by the monitoring output, whose thread runs it.
// Thread-safety: one thread at a time.
//
// The program's clock and the device's are not the same. How much stands in the ring tells how far they have come
// apart; it is brought back to `buffer` by playing up to 0.3 % faster or slower, a tenth of the difference a second:
// too slow to be heard. The bus is
// brought to the layout that the device is to have; mono is heard on both sides. A device that asks for nothing for a
// second is taken for dead.
#pragma once

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/core/time.h"
#include "engine/ffi/av/rate_matcher.h"
#include "engine/media/audio_block.h"
#include "engine/media/audio_output.h"
#include "engine/show/watching.h"

namespace mainstay {

struct MonitorStatus {
  enum class State { off, opening, live, failed };
  State state = State::off;
  std::string device;
  std::string detail;
  std::int64_t underruns = 0;
  Nanos latency{0};  ///< from the program to the loudspeaker
};
const char* to_string(MonitorStatus::State state);

class MonitorFeed {
 public:
  explicit MonitorFeed(OpenAudioOutput open) : open_(std::move(open)) {}

  static constexpr Nanos kDeadAfter = Seconds(1);
  static constexpr Nanos kFirstPause = Seconds(1);
  static constexpr Nanos kLongestPause = Seconds(30);

  /// What is to be heard; null: nothing.
  void use(std::optional<show::Monitor> settings, Instant now);
  /// Looks after the device; at least a few times a second.
  void look(Instant now);
  /// The next sound of the bus.
  void feed(const AudioBlock& block, Instant now);

  const MonitorStatus& status() const { return status_; }
  /// By how much it plays faster, in millionths.
  double ppm() const { return ppm_; }

 private:
  void open(Instant now);
  void fail(const std::string& why, Instant now);
  void close();
  Status convert(const AudioBlock& block);
  Status match(const AudioBlock& block);
  void steer();
  std::size_t wanted_frames() const;
  std::size_t channels() const { return static_cast<std::size_t>(std::max(2, channels_of(settings_->layout))); }

  const OpenAudioOutput open_;
  std::optional<show::Monitor> settings_;
  std::shared_ptr<SampleRing> ring_;
  std::unique_ptr<AudioOutput> output_;
  ffi::RateMatcher matcher_;
  std::vector<float> samples_;
  MonitorStatus status_;
  std::size_t largest_block_ = 0;  // frames
  float gain_ = 0;
  double fill_ = -1;  // frames in the ring, smoothed; < 0: not known yet
  double ppm_ = 0;
  std::int64_t calls_ = 0;
  std::int64_t lost_underruns_ = 0;  // of devices before this one
  Instant alive_{};                  // when it last asked for more, or was opened
  Instant opened_{};
  std::optional<Instant> retry_at_;
  Nanos pause_ = kFirstPause;
};

}  // namespace mainstay
