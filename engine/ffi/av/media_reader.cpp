#include "engine/ffi/av/media_reader.h"

extern "C" {
#include <libavutil/display.h>
}

#include <algorithm>
#include <array>
#include <atomic>
#include <limits>
#include <optional>
#include <utility>

#include "engine/ffi/av/av_common.h"
#include "engine/ffi/av/converter.h"
#include "engine/ffi/av/decoder.h"
#include "engine/ffi/av/demuxer.h"
#include "engine/ffi/av/media_timeline.h"
#include "engine/ffi/av/media_track.h"
#include "engine/ffi/av/resampler.h"

namespace mainstay::ffi {

namespace {

// How far the first picture and the first sound may lie apart in the file and still be compared at open().
constexpr Nanos kStartSpan = Seconds(5);
constexpr Nanos kLiveStartSpan = Seconds(2);
// Decoders of sound swing in over their first packets.
constexpr Nanos kSoundPreroll = Millis(200);

int index(MediaKind kind) {
  return kind == MediaKind::video ? 0 : 1;
}

class Reader final : public MediaReader {
 public:
  Reader(MediaReaderOptions options, Log& log)
      : options_(std::move(options)),
        log_(log),
        tracks_{MediaTrack(MediaKind::video, options_, aborted_, log),
                MediaTrack(MediaKind::audio, options_, aborted_, log)} {}

  Status open() override;
  const MediaInfo& info() const override { return info_; }
  Result<MediaItem> read(std::optional<MediaKind> want) override;
  Result<std::optional<Nanos>> pass() override;
  Status seek(Nanos time) override;
  void abort() noexcept override { aborted_ = true; }
  MediaFaults faults() const override;

 private:
  MediaTrack& video() { return tracks_[index(MediaKind::video)]; }
  MediaTrack& audio() { return tracks_[index(MediaKind::audio)]; }

  Status open_input();
  Status find_zero();
  void describe();
  Status rewind_by_reopening();
  void forget_position(std::int64_t first_sample);

  Result<MediaItem> next_picture();
  Result<MediaItem> next_sound();
  Result<MediaItem> next_of_any();
  Result<MediaItem> picture_item(AvFramePtr frame);
  Status push_sound(const AVFrame& frame);

  /// Decodes up to the picture being shown at `ticks`; false when the first one decoded is already later.
  Result<bool> skip_pictures(std::int64_t ticks);
  Result<bool> same_start();

  MediaReaderOptions options_;
  Log& log_;
  std::atomic<bool> aborted_{false};
  std::unique_ptr<Demuxer> demuxer_;
  std::array<MediaTrack, 2> tracks_;
  Converter converter_;
  Resampler resampler_;
  MediaTimeline timeline_;
  MediaInfo info_;
  bool passing_ = false;  ///< the last piece was passed over
};

Status Reader::open() {
  MAINSTAY_CHECK(open_input());
  MAINSTAY_CHECK(find_zero());
  resampler_.reset(0);
  describe();
  return {};
}

Status Reader::open_input() {
  MAINSTAY_TRY(demuxer_, Demuxer::open(options_, aborted_, log_));
  std::array<std::optional<TimeBase>, 2> bases;
  std::optional<Error> first_error;
  for (MediaTrack& track : tracks_) {
    const AVStream* stream = demuxer_->stream(track.kind());
    if (!stream) continue;
    auto decoder = Decoder::open(*stream, {options_.name, options_.hw, options_.threads, options_.live}, log_);
    if (!decoder) {
      log_.warning(options_.name, "no {}: {}", track.word(), decoder.error().message);
      first_error = decoder.error();
      continue;
    }
    track.start(std::move(*decoder), *stream);
    bases[index(track.kind())] = track.tick();
  }
  if (!video().there() && !audio().there()) return *first_error;
  timeline_ = MediaTimeline::common(bases[0], bases[1]);
  return {};
}

Status Reader::find_zero() {
  std::optional<std::int64_t> zero;
  std::optional<Error> failure;
  for (MediaTrack& track : tracks_) {
    if (!track.there()) continue;
    auto frame = track.next(*demuxer_, options_.live ? kLiveStartSpan : kStartSpan);
    if (!frame) {
      if (frame.error().code == Errc::cancelled) return std::move(frame).error();
      if (frame.error().code == Errc::again) continue;  // comes later than anybody has to wait
      if (frame.error().code != Errc::end) failure = frame.error();
      log_.warning(options_.name, "the {} stream is there, but nothing in it can be decoded", track.word());
      track.close();
      continue;
    }
    const std::int64_t at = track.begin(std::move(*frame), timeline_);
    zero = std::min(zero.value_or(at), at);
  }
  if (!zero) {
    if (failure) return wrap(*failure, options_.path + " cannot be played");
    return make_error(Errc::corrupt, "{} holds no picture and no sound that can be decoded", options_.path);
  }
  timeline_.zero = *zero;
  return {};
}

void Reader::describe() {
  info_ = {};
  info_.has_video = video().there();
  info_.has_audio = audio().there();
  info_.still = info_.has_video && demuxer_->still();
  info_.container = demuxer_->container();
  info_.duration = demuxer_->duration();
  info_.origin = Nanos(rescale(timeline_.zero, timeline_.base, kNanosBase));
  if (info_.has_video) {
    const AVStream* stream = demuxer_->stream(MediaKind::video);
    info_.video_codec = avcodec_get_name(stream->codecpar->codec_id);
    info_.video_tick = video().tick();
    info_.width = stream->codecpar->width;
    info_.height = stream->codecpar->height;
    if (Turn::from_matrix(demuxer_->display_matrix()).degrees % 180 != 0) std::swap(info_.width, info_.height);
    AVRational rate = stream->avg_frame_rate;
    if (rate.num <= 0 || rate.den <= 0) rate = stream->r_frame_rate;
    if (rate.num > 0 && rate.den > 0 && rate.num / rate.den <= 1000) info_.rate = {rate.num, rate.den};
    info_.summary = fmt::format("{}×{} ", info_.width, info_.height);
    if (info_.rate.num > 0 && !info_.still) info_.summary += fmt::format("{:.5g} fps ", info_.rate.fps());
    info_.summary += info_.video_codec;
  }
  if (info_.has_audio) {
    const AVCodecParameters* codec = demuxer_->stream(MediaKind::audio)->codecpar;
    info_.audio_codec = avcodec_get_name(codec->codec_id);
    info_.sample_rate = codec->sample_rate;
    info_.channels = codec->ch_layout.nb_channels;
    info_.summary += fmt::format("{}{:g} kHz {} ch {}", info_.summary.empty() ? "" : ", ", info_.sample_rate / 1000.0,
                                 info_.channels, info_.audio_codec);
  }
}

MediaFaults Reader::faults() const {
  MediaFaults faults;
  for (const MediaTrack& each : tracks_) {
    faults.packets += each.errors();
    faults.frames += each.damaged();
  }
  faults.packets -= faults.frames;  // a damaged frame is an error too
  return faults;
}

Result<MediaItem> Reader::read(std::optional<MediaKind> want) {
  if (!demuxer_) return Error{Errc::invalid, "read before open", nullptr};
  if (aborted_) return Error{Errc::cancelled, "reading was cancelled", nullptr};
  passing_ = false;
  if (!want) return next_of_any();
  return *want == MediaKind::video ? next_picture() : next_sound();
}

Result<MediaItem> Reader::picture_item(AvFramePtr frame) {
  const std::int64_t at = video().place(*frame, timeline_);
  const std::int64_t lasts = video().duration(*frame, timeline_);
  const AVFrameSideData* own = av_frame_get_side_data(frame.get(), AV_FRAME_DATA_DISPLAYMATRIX);
  const auto* matrix = own && own->size >= 9 * sizeof(std::int32_t) ? reinterpret_cast<const std::int32_t*>(own->data)
                                                                    : demuxer_->display_matrix();
  if (frame->sample_aspect_ratio.num <= 0) {
    const AVStream* stream = demuxer_->stream(MediaKind::video);
    frame->sample_aspect_ratio =
        stream->sample_aspect_ratio.num > 0 ? stream->sample_aspect_ratio : stream->codecpar->sample_aspect_ratio;
  }
  MAINSTAY_TRY(FramePtr picture, converter_.convert(std::move(frame), Turn::from_matrix(matrix)));
  return MediaItem(VideoItem{std::move(picture), at - timeline_.zero, timeline_.base, lasts});
}

Result<MediaItem> Reader::next_picture() {
  for (;;) {
    MAINSTAY_TRY(AvFramePtr frame, video().next(*demuxer_));
    auto item = picture_item(std::move(frame));
    if (item) return item;
    MAINSTAY_CHECK(video().count_error(item.error()));
  }
}

Status Reader::push_sound(const AVFrame& frame) {
  std::optional<std::int64_t> at = audio().stamp(frame, timeline_);
  if (at) *at -= timeline_.zero;
  return resampler_.push(frame, at, timeline_.base, audio().tick());
}

Result<MediaItem> Reader::next_sound() {
  for (;;) {
    if (auto item = resampler_.take()) return MediaItem(std::move(*item));
    auto frame = audio().next(*demuxer_);
    if (!frame) {
      if (frame.error().code != Errc::end) return std::move(frame).error();
      MAINSTAY_CHECK(resampler_.finish());
      if (auto item = resampler_.take()) return MediaItem(std::move(*item));
      return std::move(frame).error();
    }
    if (auto pushed = push_sound(**frame); !pushed) MAINSTAY_CHECK(audio().count_error(pushed.error()));
  }
}

Result<MediaItem> Reader::next_of_any() {
  for (;;) {
    if (aborted_) return Error{Errc::cancelled, "reading was cancelled", nullptr};
    if (auto item = resampler_.take()) return MediaItem(std::move(*item));
    for (MediaTrack& track : tracks_) {
      if (track.over()) continue;
      const bool sound = track.kind() == MediaKind::audio;
      auto frame = track.ready();
      if (!frame) {
        const Errc code = frame.error().code;
        if (code != Errc::end && code != Errc::again) MAINSTAY_CHECK(track.count_error(frame.error()));
        if (sound && code == Errc::end) MAINSTAY_CHECK(resampler_.finish());
        continue;
      }
      if (sound) {
        if (auto pushed = push_sound(**frame); !pushed) MAINSTAY_CHECK(track.count_error(pushed.error()));
        break;
      }
      auto item = picture_item(std::move(*frame));
      if (item) return item;
      MAINSTAY_CHECK(track.count_error(item.error()));
    }
    if (auto item = resampler_.take()) return MediaItem(std::move(*item));
    auto packet = demuxer_->next_any();
    if (packet) {
      MediaTrack& track = tracks_[index(demuxer_->kind_of(**packet))];
      if (track.there()) MAINSTAY_CHECK(track.send(**packet));
      continue;
    }
    if (packet.error().code == Errc::cancelled) return std::move(packet).error();
    // What comes live is opened anew: why it ended is worth more than the decoder's last pictures.
    if (packet.error().code != Errc::end && !options_.url.empty()) return std::move(packet).error();
    if (packet.error().code != Errc::end) log_.error(options_.name, "{}", packet.error().message);
    bool left = false;
    for (MediaTrack& track : tracks_) {
      if (track.over()) continue;
      left = true;
      track.finish();
    }
    if (!left) return Error{Errc::end, "the media is over", nullptr};
  }
}

Result<std::optional<Nanos>> Reader::pass() {
  if (!demuxer_) return Error{Errc::invalid, "read before open", nullptr};
  MAINSTAY_TRY(const AvPacketPtr packet, demuxer_->next_any());
  if (!std::exchange(passing_, true)) {
    for (MediaTrack& track : tracks_) track.pass_over();
    resampler_.reset(0);
  }
  const MediaTrack& track = tracks_[index(demuxer_->kind_of(*packet))];
  const std::int64_t stamp = packet->dts != AV_NOPTS_VALUE ? packet->dts : packet->pts;
  const bool counts = track.kind() == MediaKind::video || !info_.has_video;
  if (!track.there() || !counts || stamp == AV_NOPTS_VALUE) return std::optional<Nanos>();
  const std::int64_t zero = rescale(timeline_.zero, timeline_.base, kNanosBase);
  return std::optional(Nanos(rescale(stamp, track.tick(), kNanosBase) - zero));
}

void Reader::forget_position(std::int64_t first_sample) {
  for (MediaTrack& track : tracks_) track.forget();
  resampler_.reset(first_sample);
}

Status Reader::rewind_by_reopening() {
  if (options_.bytes) return make_error(Errc::unsupported, "{} cannot be wound", options_.path);
  const MediaTimeline before = timeline_;
  const std::array<bool, 2> had{tracks_[0].there(), tracks_[1].there()};
  for (MediaTrack& track : tracks_) track.close();
  demuxer_.reset();
  MAINSTAY_CHECK(open_input());
  if (!(timeline_.base == before.base) || (had[0] && !tracks_[0].there()) || (had[1] && !tracks_[1].there()))
    return make_error(Errc::io, "{} changed while it was playing", options_.path);
  for (MediaTrack& track : tracks_)
    if (!had[index(track.kind())]) track.close();
  timeline_ = before;
  return {};
}

Result<bool> Reader::skip_pictures(std::int64_t ticks) {
  AvFramePtr shown;
  for (;;) {
    auto frame = video().next(*demuxer_);
    if (!frame) {
      if (frame.error().code != Errc::end && frame.error().code != Errc::again) return std::move(frame).error();
      if (!shown) return false;
      video().hold_last(std::move(shown));
      return true;
    }
    const auto at = video().stamp(**frame, timeline_);
    if (!shown || !at || *at <= ticks) {
      const bool late = !shown && at && *at > ticks;
      shown = std::move(*frame);
      if (!late) continue;
      video().hold_last(std::move(shown));
      return false;
    }
    video().hold_last(std::move(shown));
    video().hold_last(std::move(*frame));
    return true;
  }
}

Result<bool> Reader::same_start() {
  for (MediaTrack& track : tracks_) {
    if (!track.there()) continue;
    auto frame = track.next(*demuxer_);
    if (!frame && frame.error().code == Errc::cancelled) return std::move(frame).error();
    if (!frame) return false;
    const bool same = track.is_first(**frame, timeline_);
    track.hold_first(std::move(*frame));
    if (!same) return false;
  }
  return true;
}

Status Reader::seek(Nanos time) {
  if (!demuxer_) return Error{Errc::invalid, "seek before open", nullptr};
  time = std::max(time, Nanos{0});
  const std::int64_t target = timeline_.zero + rescale(time.count(), kNanosBase, timeline_.base);
  const std::int64_t micros = rescale(target, timeline_.base, {1, AV_TIME_BASE}, Rounding::down);
  const std::int64_t first_sample = rescale(time.count(), kNanosBase, kAudioBase);
  // Transport streams have no index: a jump may land behind the keyframe needed, so each try jumps further back.
  for (const Nanos back : {Nanos{0}, Nanos(Seconds(1)), Nanos(Seconds(4)), Nanos(Seconds(16)), Nanos::max()}) {
    if (aborted_) return Error{Errc::cancelled, "winding was cancelled", nullptr};
    const bool from_start = back == Nanos::max() || time <= kSoundPreroll + back;
    const std::int64_t to =
        from_start ? std::numeric_limits<std::int64_t>::min() : micros - (kSoundPreroll + back).count() / 1000;
    const auto sound_from = from_start && time == Nanos{0} ? std::numeric_limits<std::int64_t>::min() : micros;
    auto moved = demuxer_->seek(to, sound_from);
    if (!moved && moved.error().code == Errc::cancelled) return moved;
    if (!moved && !from_start) continue;
    if (moved) forget_position(first_sample);
    if (from_start) {
      bool there = moved.has_value();
      if (there && time == Nanos{0}) {
        MAINSTAY_TRY(there, same_start());
        if (there) return {};
      }
      if (!there) {
        MAINSTAY_CHECK(rewind_by_reopening());
        resampler_.reset(first_sample);
        if (time == Nanos{0}) return {};
      }
    }
    if (!video().there()) return {};
    MAINSTAY_TRY(const bool found, skip_pictures(target));
    if (found || from_start) return {};
  }
  return {};
}

}  // namespace

std::unique_ptr<MediaReader> MediaReader::make(MediaReaderOptions options, Log& log) {
  return std::make_unique<Reader>(std::move(options), log);
}

}  // namespace mainstay::ffi
