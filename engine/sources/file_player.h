// Plays a media file onto the program's frames: tick by tick one picture and exactly that tick's samples, with in and
// out points and gapless loops. Synchronous; TickSource runs it on a thread.
// Owned by the source's TickMaker.
// Thread-safety: one thread at a time (abort goes to the reader).
//
// Times. The first picture lies exactly on a frame, the sound keeps its distance to it to the sample. Before the first
// picture the first picture stands. A file takes the frames that begin while its pictures last, or, when the sound goes
// on for more than half a second, its sound: length · rate, rounded up. So a loop is a whole number of frames.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "engine/core/result.h"
#include "engine/ffi/av/media_reader.h"
#include "engine/media/rate.h"
#include "engine/show/show.h"
#include "engine/sources/picture_retimer.h"
#include "engine/sources/sound_strip.h"

namespace mainstay {

/// What is played from some tick on.
struct PlayedItem {
  std::string name;                    ///< of a list: which one it is; else empty
  std::string summary;                 ///< in words
  std::optional<Nanos> duration = {};  ///< from its in point on
};

struct FileTick {
  FrameIndex frame = 0;
  std::int64_t request = 0;  ///< the last one that was done before it was made
  Nanos position{0};         ///< in what is played, from its in point on
  FramePtr video;
  AudioBlockPtr audio;                     ///< null: silence
  std::shared_ptr<const PlayedItem> item;  ///< of the first tick of an item
};

class FilePlayer {
 public:
  /// `blank` stands in for the picture of a file without video.
  FilePlayer(ffi::MediaReader& reader, const show::FileSource& config, Rate rate, std::function<FramePtr()> make_blank);

  /// Opens the reader and goes to the in point.
  Status open();
  /// Before the first next(): the first tick is number `frame`.
  void begin_at(FrameIndex frame);
  /// Back to the in point, which is tick number `frame`.
  Status restart(FrameIndex frame);
  /// To `position` after the in point, which is tick number `frame`. Beyond the end: the end.
  Status seek(Nanos position, FrameIndex frame);
  /// From in point to out point or end; absent: not known. Once it is open.
  std::optional<Nanos> duration() const;
  /// Where it is: what another player of the same file goes on from.
  struct Place {
    FrameIndex frame = 0;        ///< number of the next tick
    FrameIndex file_frame = 0;   ///< of the file's own grid
    FrameIndex round_begin = 0;  ///< tick with which this round of the loop began
    std::int64_t loops = 0;
  };
  Place place() const { return {frame_, place_, round_begin_, loops_}; }
  /// Instead of open().
  Status open_at(const Place& place);
  /// The next tick, from frame 0 on. Errc::end after the last one; corrupt, io, cancelled.
  Result<FileTick> next();

  std::int64_t loops() const { return loops_; }

 private:
  struct Picture {
    FramePtr frame;
    FrameIndex slot = 0;
    FrameIndex end = 0;  ///< of the media, if none follows
  };

  Status begin_round();
  Status rewind();
  Result<std::optional<Picture>> read_picture();
  Status fetch_picture();
  Status advance_pictures();
  Status fetch_sound(std::int64_t until);
  Result<bool> at_end();
  std::int64_t media_sample(FrameIndex program_frame) const;

  ffi::MediaReader& reader_;
  const show::FileSource config_;
  const Rate rate_;
  const std::function<FramePtr()> make_blank_;
  FramePtr blank_;  // stands for a picture where the media has none; made when first needed
  std::optional<PictureRetimer> retimer_;
  SoundStrip sound_;
  std::optional<ffi::VideoItem> first_;  ///< read to set up the retimer, shown next
  FramePtr shown_;
  std::optional<Picture> coming_;
  std::optional<Picture> held_;  ///< read already, after coming_
  bool pictures_over_ = false;
  FrameIndex pictures_end_ = 0;
  bool sound_rules_ = false;  ///< the sound goes on long after the last picture
  FrameIndex in_ = 0;
  std::optional<FrameIndex> out_;
  FrameIndex place_ = 0;        ///< next frame of the file's own grid
  FrameIndex round_begin_ = 0;  ///< program frame at which this round of the loop began
  FrameIndex frame_ = 0;        ///< next program frame
  std::int64_t loops_ = 0;
};

}  // namespace mainstay
