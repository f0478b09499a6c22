#include "engine/sources/file_player.h"

#include <algorithm>
#include <utility>

namespace mainstay {

namespace {

// Sound that outlasts the pictures by no more than this is the padding of its codec.
constexpr std::int64_t kSoundTail = kProgramSampleRate / 2;

}  // namespace

FilePlayer::FilePlayer(ffi::MediaReader& reader, const show::FileSource& config, Rate rate,
                       std::function<FramePtr()> make_blank)
    : reader_(reader), config_(config), rate_(rate), make_blank_(std::move(make_blank)) {}

Status FilePlayer::open() {
  MAINSTAY_CHECK(reader_.open());
  const ffi::MediaInfo& info = reader_.info();
  if (info.has_video) {
    auto item = reader_.read(MediaKind::video);
    if (item) {
      first_ = std::get<ffi::VideoItem>(std::move(*item));
    } else if (item.error().code != Errc::end && item.error().code != Errc::again) {
      return std::move(item).error();
    }
  }
  retimer_ = first_ ? PictureRetimer(rate_, info.rate, first_->time_base, first_->pts, info.video_tick)
                    : PictureRetimer(rate_, Rate{0, 1}, kAudioBase, 0, kAudioBase);
  const auto frames = [&](Millis t) {
    return mul_div(t.count(), rate_.num, std::int64_t{rate_.den} * 1000, Rounding::nearest);
  };
  in_ = frames(config_.in);
  if (config_.out) {
    out_ = frames(*config_.out);
    if (*out_ <= in_)
      return make_error(Errc::invalid, "out_ms {} of {} leaves nothing to play after in_ms {}", config_.out->count(),
                        config_.path, config_.in.count());
  }
  if (in_ > 0) {
    first_.reset();
    MAINSTAY_CHECK(reader_.seek(retimer_->media_time(in_) - rate_.begin(1) / 2));
  }
  return begin_round();
}

void FilePlayer::begin_at(FrameIndex frame) {
  frame_ = frame;
  round_begin_ = frame;
}

Status FilePlayer::open_at(const Place& place) {
  MAINSTAY_CHECK(open());
  frame_ = place.frame;
  loops_ = place.loops;
  round_begin_ = place.round_begin;
  if (place.file_frame <= in_) return {};
  first_.reset();
  MAINSTAY_CHECK(reader_.seek(retimer_->media_time(place.file_frame) - rate_.begin(1) / 2));
  MAINSTAY_CHECK(begin_round());
  place_ = place.file_frame;
  round_begin_ = place.round_begin;
  return {};
}

Status FilePlayer::seek(Nanos position, FrameIndex frame) {
  frame_ = frame;
  if (const auto whole = duration()) position = std::min(position, *whole - rate_.begin(1));
  const FrameIndex ahead = mul_div(std::max(position, Nanos{0}).count(), rate_.num,
                                   std::int64_t{rate_.den} * 1'000'000'000, Rounding::nearest);
  if (ahead == 0 || reader_.info().still) return rewind();
  first_.reset();
  MAINSTAY_CHECK(reader_.seek(retimer_->media_time(in_ + ahead) - rate_.begin(1) / 2));
  MAINSTAY_CHECK(begin_round());
  place_ = in_ + ahead;
  round_begin_ = frame - ahead;
  return {};
}

std::optional<Nanos> FilePlayer::duration() const {
  if (reader_.info().still && !config_.out) return std::nullopt;
  if (config_.out) return Nanos(rate_.begin(*out_ - in_));
  const std::optional<Nanos> whole = reader_.info().duration;
  return whole ? std::optional(std::max(Nanos{0}, *whole - Nanos(rate_.begin(in_)))) : std::nullopt;
}

Status FilePlayer::restart(FrameIndex frame) {
  frame_ = frame;
  return rewind();
}

Status FilePlayer::rewind() {
  const Nanos begin = in_ > 0 ? retimer_->media_time(in_) - rate_.begin(1) / 2 : Nanos{0};
  first_.reset();
  MAINSTAY_CHECK(reader_.seek(begin));
  return begin_round();
}

Status FilePlayer::begin_round() {
  retimer_->forget();
  sound_.clear();
  if (!reader_.info().has_audio) sound_.finish();
  shown_ = nullptr;
  coming_.reset();
  held_.reset();
  pictures_over_ = !reader_.info().has_video;
  pictures_end_ = in_;
  sound_rules_ = false;
  place_ = in_;
  round_begin_ = frame_;
  if (pictures_over_) return {};
  MAINSTAY_CHECK(fetch_picture());
  if (!coming_) return {};
  // Before the first picture, the first picture.
  shown_ = coming_->frame;
  return {};
}

/// None: the media has no more, or none for a long while; then it is asked again at the next tick.
Result<std::optional<FilePlayer::Picture>> FilePlayer::read_picture() {
  Result<ffi::MediaItem> item = Error{};
  if (first_) {
    item = ffi::MediaItem(std::move(*first_));
    first_.reset();
  } else {
    item = reader_.read(MediaKind::video);
  }
  if (item) {
    auto& picture = std::get<ffi::VideoItem>(*item);
    const FrameIndex slot = retimer_->slot(picture.pts);
    return std::optional(Picture{std::move(picture.frame), slot, retimer_->end(picture.pts, picture.duration)});
  }
  if (item.error().code == Errc::end) {
    pictures_over_ = true;
  } else if (item.error().code != Errc::again) {
    return std::move(item).error();
  }
  return std::optional<Picture>();
}

Status FilePlayer::fetch_picture() {
  coming_ = std::exchange(held_, std::nullopt);
  if (!coming_) {
    MAINSTAY_TRY(coming_, read_picture());
  }
  if (!coming_) return {};
  pictures_end_ = coming_->end;
  // One that is over before a frame begins leaves its slot to the next one; when it is the last, the media is over.
  while (coming_ && coming_->slot >= coming_->end) {
    MAINSTAY_TRY(auto next, read_picture());
    if (pictures_over_) {
      coming_.reset();
    } else if (next && next->slot <= coming_->slot) {
      coming_ = std::move(next);
      pictures_end_ = coming_->end;
    } else {
      held_ = std::move(next);
      return {};
    }
  }
  return {};
}

Status FilePlayer::advance_pictures() {
  while (!pictures_over_) {
    if (!coming_) MAINSTAY_CHECK(fetch_picture());
    if (!coming_ || coming_->slot > place_) return {};
    shown_ = std::move(coming_->frame);
    MAINSTAY_CHECK(fetch_picture());
  }
  return {};
}

Status FilePlayer::fetch_sound(std::int64_t until) {
  while (!sound_.finished() && sound_.end() < until) {
    auto item = reader_.read(MediaKind::audio);
    if (item) {
      auto& sound = std::get<ffi::AudioItem>(*item);
      sound_.add(sound.first_sample, std::move(sound.block));
    } else if (item.error().code == Errc::end) {
      sound_.finish();
    } else if (item.error().code == Errc::again) {
      return {};
    } else {
      return std::move(item).error();
    }
  }
  return {};
}

std::int64_t FilePlayer::media_sample(FrameIndex program_frame) const {
  // Within a round, samples follow the program's count from the round's first frame, so that a round never stutters.
  return rate_.first_sample(in_) - retimer_->sample_shift() + rate_.first_sample(program_frame) -
         rate_.first_sample(round_begin_);
}

Result<bool> FilePlayer::at_end() {
  if (out_ && place_ >= *out_) return true;
  if (!pictures_over_ || (reader_.info().still && shown_)) return false;
  if (place_ < pictures_end_) return false;
  const std::int64_t here = media_sample(frame_);
  if (!sound_rules_) {
    MAINSTAY_CHECK(fetch_sound(here + kSoundTail));
    sound_rules_ = !reader_.info().has_video || sound_.end() >= here + kSoundTail;
    if (!sound_rules_) return true;
  }
  // The sound's end goes to the nearest frame.
  const int half_frame = rate_.samples(frame_) / 2;
  MAINSTAY_CHECK(fetch_sound(here + half_frame + 1));
  return sound_.end() <= here + half_frame && place_ > in_;
}

Result<FileTick> FilePlayer::next() {
  for (;;) {
    MAINSTAY_CHECK(advance_pictures());
    MAINSTAY_TRY(const bool over, at_end());
    if (!over) break;
    if (place_ == in_) return make_error(Errc::invalid, "{} has nothing after its in point", config_.path);
    if (!config_.loop) return Error{Errc::end, "the file is over", nullptr};
    ++loops_;
    MAINSTAY_CHECK(rewind());
  }
  const std::int64_t sample = media_sample(frame_);
  const int count = rate_.samples(frame_);
  MAINSTAY_CHECK(fetch_sound(sample + count + kRampSamples));
  std::optional<std::int64_t> cut_end;
  if (out_ && place_ + 1 >= *out_) cut_end = sample + count;
  if (pictures_over_ && !sound_rules_ && !reader_.info().still && reader_.info().has_video &&
      place_ + 1 == pictures_end_) {
    MAINSTAY_CHECK(fetch_sound(sample + count + kSoundTail));
    if (sound_.end() < sample + count + kSoundTail) cut_end = sample + count;
  }
  FileTick tick;
  tick.frame = frame_;
  tick.position = Nanos(rate_.begin(place_ - in_));
  if (!shown_ && !blank_) blank_ = make_blank_();
  tick.video = shown_ ? shown_ : blank_;
  tick.audio = sound_.cut(sample, count, in_ > 0 && place_ == in_, cut_end);
  ++frame_;
  ++place_;
  return tick;
}

}  // namespace mainstay
