#include "engine/ffi/av/media_reader.h"

extern "C" {
#include <libavutil/display.h>
}

#include <algorithm>
#include <array>
#include <atomic>
#include <deque>
#include <limits>
#include <utility>

#include "engine/ffi/av/av_common.h"
#include "engine/ffi/av/converter.h"
#include "engine/ffi/av/decoder.h"
#include "engine/ffi/av/demuxer.h"
#include "engine/ffi/av/media_timeline.h"
#include "engine/ffi/av/resampler.h"

namespace mainstay::ffi {

namespace {

// A stream without one good frame in so many packets is not worth waiting for (about ten seconds of video).
constexpr int kMaxConsecutiveErrors = 300;
// How far the first picture and the first sound may lie apart in the file and still be compared at open().
constexpr Nanos kStartSpan = Seconds(5);
constexpr Nanos kLiveStartSpan = Seconds(2);
// Decoders of sound swing in over their first packets.
constexpr Nanos kSoundPreroll = Millis(200);

constexpr std::array kKinds{MediaKind::video, MediaKind::audio};

int index(MediaKind kind) {
  return kind == MediaKind::video ? 0 : 1;
}

const char* word(MediaKind kind) {
  return kind == MediaKind::video ? "video" : "audio";
}

class Reader final : public MediaReader {
 public:
  Reader(MediaReaderOptions options, Log& log) : options_(std::move(options)), log_(log) {}

  Status open() override;
  const MediaInfo& info() const override { return info_; }
  Result<MediaItem> read(std::optional<MediaKind> want) override;
  Status seek(Nanos time) override;
  void abort() noexcept override { aborted_ = true; }
  MediaFaults faults() const override;

 private:
  struct Track {
    std::unique_ptr<Decoder> decoder;
    std::deque<AvFramePtr> stash;  ///< decoded while opening or winding, not given out yet
    std::optional<std::int64_t> last_ticks;
    std::int64_t last_duration = 0;  ///< ticks
    std::int64_t first_ticks = 0;    ///< of the first frame of the media
    int first_samples = 0;
    int consecutive_errors = 0;
    bool draining = false;
    bool drained = false;
  };

  Track& track(MediaKind kind) { return tracks_[index(kind)]; }
  bool has(MediaKind kind) const { return tracks_[index(kind)].decoder != nullptr; }

  Status open_input();
  Status find_zero();
  void describe();
  Status rewind_by_reopening();
  void forget_position(std::int64_t first_sample);

  Result<AvFramePtr> decode(MediaKind kind, Nanos span = kReadAheadSpan);
  Status feed(MediaKind kind, Nanos span);
  Status count_error(MediaKind kind, const Error& error);
  /// Where a frame lies, in ticks of the common base; frames without a stamp follow the last one.
  std::int64_t place(const AVFrame& frame, MediaKind kind);
  std::optional<std::int64_t> stamp(const AVFrame& frame, MediaKind kind) const;
  std::int64_t duration(const AVFrame& frame, MediaKind kind) const;

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
  std::array<Track, 2> tracks_;
  Converter converter_;
  Resampler resampler_;
  MediaTimeline timeline_;
  MediaInfo info_;
  std::int64_t errors_ = 0;
  std::int64_t damaged_ = 0;  ///< frames, of decoders that are gone
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
  for (const MediaKind kind : kKinds) {
    const AVStream* stream = demuxer_->stream(kind);
    if (!stream) continue;
    auto decoder = Decoder::open(*stream, {options_.name, options_.hw, options_.threads, options_.live}, log_);
    if (!decoder) {
      log_.warning(options_.name, "no {}: {}", word(kind), decoder.error().message);
      first_error = decoder.error();
      continue;
    }
    track(kind).decoder = std::move(*decoder);
    bases[index(kind)] = from_av(stream->time_base);
  }
  if (!has(MediaKind::video) && !has(MediaKind::audio)) return *first_error;
  timeline_ = MediaTimeline::common(bases[0], bases[1]);
  return {};
}

Status Reader::find_zero() {
  std::optional<std::int64_t> zero;
  std::optional<Error> failure;
  for (const MediaKind kind : kKinds) {
    if (!has(kind)) continue;
    auto frame = decode(kind, options_.live ? kLiveStartSpan : kStartSpan);
    if (!frame) {
      if (frame.error().code == Errc::cancelled) return std::move(frame).error();
      if (frame.error().code == Errc::again) continue;  // comes later than anybody has to wait
      if (frame.error().code != Errc::end) failure = frame.error();
      log_.warning(options_.name, "the {} stream is there, but nothing in it can be decoded", word(kind));
      track(kind).decoder.reset();
      continue;
    }
    const std::int64_t at = place(**frame, kind);
    track(kind).first_ticks = at;
    track(kind).first_samples = (*frame)->nb_samples;
    zero = std::min(zero.value_or(at), at);
    track(kind).last_ticks.reset();
    track(kind).stash.push_back(std::move(*frame));
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
  info_.has_video = has(MediaKind::video);
  info_.has_audio = has(MediaKind::audio);
  info_.still = info_.has_video && demuxer_->still();
  info_.container = demuxer_->container();
  info_.duration = demuxer_->duration();
  info_.origin = Nanos(rescale(timeline_.zero, timeline_.base, kNanosBase));
  if (info_.has_video) {
    const AVStream* stream = demuxer_->stream(MediaKind::video);
    info_.video_codec = avcodec_get_name(stream->codecpar->codec_id);
    info_.video_tick = from_av(stream->time_base);
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
  MediaFaults faults{errors_, damaged_};
  for (const Track& each : tracks_)
    if (each.decoder) faults.frames += each.decoder->damaged();
  faults.packets -= faults.frames;  // a damaged frame is an error too
  return faults;
}

Status Reader::count_error(MediaKind kind, const Error& error) {
  if (error.code != Errc::corrupt) return error;
  ++errors_;
  Track& self = track(kind);
  if (++self.consecutive_errors < kMaxConsecutiveErrors) return {};
  return make_error(Errc::corrupt, "{} in a row of the {} stream of {} could not be decoded ({})",
                    kMaxConsecutiveErrors, word(kind), options_.path, error.message);
}

Status Reader::feed(MediaKind kind, Nanos span) {
  auto packet = demuxer_->next(kind, span);
  Track& self = track(kind);
  if (packet) {
    auto sent = self.decoder->send(packet->get());
    return sent ? Status{} : count_error(kind, sent.error());
  }
  // What was read before a broken end is still played; the reason is not lost to the log.
  if (packet.error().code == Errc::again || packet.error().code == Errc::cancelled) return std::move(packet).error();
  if (packet.error().code != Errc::end) log_.error(options_.name, "{}", packet.error().message);
  self.draining = true;
  (void)self.decoder->send(nullptr);
  return {};
}

Result<AvFramePtr> Reader::decode(MediaKind kind, Nanos span) {
  Track& self = track(kind);
  if (!self.decoder) return Error{Errc::end, "the media has no such stream", nullptr};
  if (!self.stash.empty()) {
    AvFramePtr frame = std::move(self.stash.front());
    self.stash.pop_front();
    return frame;
  }
  for (;;) {
    if (aborted_) return Error{Errc::cancelled, "reading was cancelled", nullptr};
    auto frame = self.decoder->receive();
    if (frame) {
      self.consecutive_errors = 0;
      return frame;
    }
    if (frame.error().code == Errc::end) {
      self.drained = true;
      return std::move(frame).error();
    }
    if (frame.error().code == Errc::again) {
      if (self.draining) return Error{Errc::end, "the decoder is drained", nullptr};
      MAINSTAY_CHECK(feed(kind, span));
    } else {
      MAINSTAY_CHECK(count_error(kind, frame.error()));
    }
  }
}

std::optional<std::int64_t> Reader::stamp(const AVFrame& frame, MediaKind kind) const {
  std::int64_t value = frame.best_effort_timestamp;
  if (value == AV_NOPTS_VALUE) value = frame.pts;
  if (value == AV_NOPTS_VALUE) return std::nullopt;
  return timeline_.ticks(value, from_av(demuxer_->stream(kind)->time_base));
}

std::int64_t Reader::duration(const AVFrame& frame, MediaKind kind) const {
  const AVStream* stream = demuxer_->stream(kind);
  const auto ticks = timeline_.ticks(std::max<std::int64_t>(0, frame.pkt_duration), from_av(stream->time_base));
  if (ticks && *ticks > 0) return *ticks;
  const AVRational rate = stream->avg_frame_rate;
  if (kind == MediaKind::video && rate.num > 0 && rate.den > 0) return rescale(1, {rate.den, rate.num}, timeline_.base);
  return 0;
}

std::int64_t Reader::place(const AVFrame& frame, MediaKind kind) {
  Track& self = track(kind);
  std::int64_t at = self.last_ticks ? *self.last_ticks + std::max<std::int64_t>(1, self.last_duration) : timeline_.zero;
  if (const auto stamped = stamp(frame, kind)) {
    // Times rise; a stamp that does not is one tick after the last, and the consumer shows the later picture.
    at = self.last_ticks ? std::max(*stamped, *self.last_ticks + 1) : *stamped;
  }
  self.last_ticks = at;
  self.last_duration = duration(frame, kind);
  return at;
}

Result<MediaItem> Reader::read(std::optional<MediaKind> want) {
  if (!demuxer_) return Error{Errc::invalid, "read before open", nullptr};
  if (aborted_) return Error{Errc::cancelled, "reading was cancelled", nullptr};
  if (!want) return next_of_any();
  return *want == MediaKind::video ? next_picture() : next_sound();
}

Result<MediaItem> Reader::picture_item(AvFramePtr frame) {
  const std::int64_t at = place(*frame, MediaKind::video);
  const std::int64_t lasts = duration(*frame, MediaKind::video);
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
    MAINSTAY_TRY(AvFramePtr frame, decode(MediaKind::video));
    auto item = picture_item(std::move(frame));
    if (item) return item;
    MAINSTAY_CHECK(count_error(MediaKind::video, item.error()));
  }
}

Status Reader::push_sound(const AVFrame& frame) {
  std::optional<std::int64_t> at = stamp(frame, MediaKind::audio);
  if (at) *at -= timeline_.zero;
  return resampler_.push(frame, at, timeline_.base, from_av(demuxer_->stream(MediaKind::audio)->time_base));
}

Result<MediaItem> Reader::next_sound() {
  for (;;) {
    if (auto item = resampler_.take()) return MediaItem(std::move(*item));
    auto frame = decode(MediaKind::audio);
    if (!frame) {
      if (frame.error().code != Errc::end) return std::move(frame).error();
      MAINSTAY_CHECK(resampler_.finish());
      if (auto item = resampler_.take()) return MediaItem(std::move(*item));
      return std::move(frame).error();
    }
    if (auto pushed = push_sound(**frame); !pushed) MAINSTAY_CHECK(count_error(MediaKind::audio, pushed.error()));
  }
}

Result<MediaItem> Reader::next_of_any() {
  for (;;) {
    if (aborted_) return Error{Errc::cancelled, "reading was cancelled", nullptr};
    if (auto item = resampler_.take()) return MediaItem(std::move(*item));
    for (const MediaKind kind : kKinds) {
      Track& self = track(kind);
      if (!self.decoder || (self.drained && self.stash.empty())) continue;
      Result<AvFramePtr> frame = Error{};
      if (!self.stash.empty()) {
        frame = std::move(self.stash.front());
        self.stash.pop_front();
      } else {
        frame = self.decoder->receive();
      }
      if (!frame) {
        if (frame.error().code == Errc::end)
          self.drained = true;
        else if (frame.error().code != Errc::again)
          MAINSTAY_CHECK(count_error(kind, frame.error()));
        if (self.drained && kind == MediaKind::audio) MAINSTAY_CHECK(resampler_.finish());
        continue;
      }
      self.consecutive_errors = 0;
      if (kind == MediaKind::audio) {
        if (auto pushed = push_sound(**frame); !pushed) MAINSTAY_CHECK(count_error(kind, pushed.error()));
        break;
      }
      auto item = picture_item(std::move(*frame));
      if (item) return item;
      MAINSTAY_CHECK(count_error(kind, item.error()));
    }
    if (auto item = resampler_.take()) return MediaItem(std::move(*item));
    auto packet = demuxer_->next_any();
    if (packet) {
      const MediaKind kind = demuxer_->kind_of(**packet);
      if (!has(kind)) continue;
      if (auto sent = track(kind).decoder->send(packet->get()); !sent) MAINSTAY_CHECK(count_error(kind, sent.error()));
      continue;
    }
    if (packet.error().code == Errc::cancelled) return std::move(packet).error();
    if (packet.error().code != Errc::end) log_.error(options_.name, "{}", packet.error().message);
    bool left = false;
    for (const MediaKind kind : kKinds) {
      Track& self = track(kind);
      if (!self.decoder || (self.drained && self.stash.empty())) continue;
      left = true;
      if (!std::exchange(self.draining, true)) (void)self.decoder->send(nullptr);
    }
    if (!left) return Error{Errc::end, "the media is over", nullptr};
  }
}

void Reader::forget_position(std::int64_t first_sample) {
  for (Track& each : tracks_) {
    each.stash.clear();
    each.last_ticks.reset();
    each.consecutive_errors = 0;
    each.draining = each.drained = false;
    if (each.decoder) each.decoder->flush();
  }
  resampler_.reset(first_sample);
}

Status Reader::rewind_by_reopening() {
  if (options_.bytes) return make_error(Errc::unsupported, "{} cannot be wound", options_.path);
  const MediaTimeline before = timeline_;
  const std::array<bool, 2> had{has(MediaKind::video), has(MediaKind::audio)};
  for (Track& each : tracks_) {
    if (each.decoder) damaged_ += each.decoder->damaged();
    each.decoder.reset();
    each.stash.clear();
    each.last_ticks.reset();
    each.draining = each.drained = false;
  }
  demuxer_.reset();
  MAINSTAY_CHECK(open_input());
  if (!(timeline_.base == before.base) || (had[0] && !has(MediaKind::video)) || (had[1] && !has(MediaKind::audio)))
    return make_error(Errc::io, "{} changed while it was playing", options_.path);
  for (const MediaKind kind : kKinds)
    if (!had[index(kind)]) track(kind).decoder.reset();
  timeline_ = before;
  return {};
}

Result<bool> Reader::skip_pictures(std::int64_t ticks) {
  AvFramePtr shown;
  for (;;) {
    auto frame = decode(MediaKind::video);
    if (!frame) {
      if (frame.error().code != Errc::end && frame.error().code != Errc::again) return std::move(frame).error();
      if (!shown) return false;
      track(MediaKind::video).stash.push_back(std::move(shown));
      return true;
    }
    const auto at = stamp(**frame, MediaKind::video);
    if (!shown || !at || *at <= ticks) {
      const bool late = !shown && at && *at > ticks;
      shown = std::move(*frame);
      if (!late) continue;
      track(MediaKind::video).stash.push_back(std::move(shown));
      return false;
    }
    track(MediaKind::video).stash.push_back(std::move(shown));
    track(MediaKind::video).stash.push_back(std::move(*frame));
    return true;
  }
}

Result<bool> Reader::same_start() {
  for (const MediaKind kind : kKinds) {
    Track& self = track(kind);
    if (!self.decoder) continue;
    auto frame = decode(kind);
    if (!frame && frame.error().code == Errc::cancelled) return std::move(frame).error();
    if (!frame) return false;
    const auto at = stamp(**frame, kind);
    const bool same = (!at || *at == self.first_ticks) && (*frame)->nb_samples == self.first_samples;
    self.stash.push_front(std::move(*frame));
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
    if (!has(MediaKind::video)) return {};
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
