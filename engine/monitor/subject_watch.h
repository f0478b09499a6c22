// What is looked for in the program or in one source: freeze, black, silence, clipping, lost A/V sync.
// Owned by the watchers.
// Thread-safety: one thread at a time.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/media/audio_block.h"
#include "engine/media/frame.h"
#include "engine/monitor/condition.h"
#include "engine/monitor/picture_probe.h"
#include "engine/show/watching.h"

namespace mainstay {

enum class WatchKind { freeze, black, silence, clipping, av_sync };
inline constexpr int kWatchKinds = 5;
const char* to_string(WatchKind kind);

/// Something that was raised. Times count from the program's start.
struct RaisedWatch {
  std::string subject;   ///< "program", or a source's name
  bool program = false;  ///< it is the program
  WatchKind kind = WatchKind::freeze;
  Nanos since{0};
  /// What was measured last. Freeze: mean difference, dB; black: share of the picture; silence: peak, dBFS; clipping:
  /// samples in the last second; av_sync: by how many ms sound is ahead.
  double value = 0;
  double set_ms = 0;  ///< av_sync: what of it the show asks for (a layer's delay, less the strip's)
};

/// It was raised, or is not any more.
struct WatchNews {
  RaisedWatch watch;
  bool raised = false;
  Nanos at{0};
};

/// In one line.
std::string describe(const WatchNews& news);

class SubjectWatch {
 public:
  SubjectWatch(std::string subject, bool program) : subject_(std::move(subject)), program_(program) {}

  struct Seen {
    Nanos at{0};
    bool looks = false;  ///< at the picture and the offset, this time
    FramePtr picture;    ///< null: there is none, which is told otherwise (source.state)
    bool sound = false;
    AudioBlockPtr audio;  ///< with `sound`; null: silence
    std::optional<Nanos> av_offset;
    Nanos set{0};        ///< what of av_offset the show asks for
    bool meant = false;  ///< dark, still and silent on purpose: faded to black, or held
  };
  void see(const Seen& seen, const show::WatchSet& wanted, Nanos clear, std::vector<WatchNews>& news);
  /// It is not looked at any more.
  void forget(Nanos at, std::vector<WatchNews>& news);
  void list_raised(std::vector<RaisedWatch>& out) const;

 private:
  struct Sign {
    Condition condition;
    double value = 0;
    double set_ms = 0;
  };

  void see_picture(const Seen& seen, const show::WatchSet& wanted, Nanos clear, std::vector<WatchNews>& news);
  void see_sound(const Seen& seen, const show::WatchSet& wanted, Nanos clear, std::vector<WatchNews>& news);
  void see_offset(const Seen& seen, const show::AvSyncWatch& wanted, Nanos clear, std::vector<WatchNews>& news);
  std::int64_t clipped_lately(const Seen& seen, float peak, float level);
  void tell(WatchKind kind, Condition::Change change, Nanos since, Nanos at, std::vector<WatchNews>& news) const;
  void judge(WatchKind kind, Nanos at, std::optional<Nanos> wrong_from, double value, Nanos after, Nanos clear,
             std::vector<WatchNews>& news);
  void drop(WatchKind kind, Nanos at, std::vector<WatchNews>& news);
  RaisedWatch raised(WatchKind kind, Nanos since) const;
  Sign& sign(WatchKind kind) { return signs_[static_cast<std::size_t>(kind)]; }

  const std::string subject_;
  const bool program_;
  PictureProbe probe_;
  std::array<Sign, kWatchKinds> signs_;
  std::deque<std::pair<Nanos, std::int64_t>> clipped_;  // samples at full scale, by tick, of the last second
  std::int64_t clipped_sum_ = 0;
};

}  // namespace mainstay
