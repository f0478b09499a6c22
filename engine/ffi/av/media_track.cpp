#include "engine/ffi/av/media_track.h"

#include <algorithm>
#include <utility>

namespace mainstay::ffi {

namespace {

// A stream without one good frame in so many packets is not worth waiting for (about ten seconds of video).
constexpr int kMaxConsecutiveErrors = 300;
// As long a key picture is waited for; some streams mark none.
constexpr int kMostUnkeyed = 300;

}  // namespace

void MediaTrack::start(std::unique_ptr<Decoder> decoder, const AVStream& stream) {
  close();
  decoder_ = std::move(decoder);
  stream_ = &stream;
}

void MediaTrack::close() {
  damaged_before_ = damaged();
  decoder_.reset();
  stream_ = nullptr;
  forget();
}

void MediaTrack::forget() {
  stash_.clear();
  last_ticks_.reset();
  consecutive_errors_ = 0;
  draining_ = drained_ = false;
  if (decoder_) decoder_->flush();
}

void MediaTrack::pass_over() {
  if (!decoder_) return;
  forget();
  if (kind_ == MediaKind::video) unkeyed_ = 1;
}

Status MediaTrack::count_error(const Error& error) {
  if (error.code != Errc::corrupt) return error;
  ++errors_;
  if (++consecutive_errors_ < kMaxConsecutiveErrors) return {};
  return make_error(Errc::corrupt, "{} in a row of the {} stream of {} could not be decoded ({})",
                    kMaxConsecutiveErrors, word(), options_.path, error.message);
}

Status MediaTrack::send(const AVPacket& packet) {
  if (unkeyed_ > 0) {
    if ((packet.flags & AV_PKT_FLAG_KEY) == 0 && unkeyed_++ < kMostUnkeyed) return {};
    unkeyed_ = 0;
  }
  const Status sent = decoder_->send(&packet);
  return sent ? Status{} : count_error(sent.error());
}

void MediaTrack::finish() {
  if (!std::exchange(draining_, true)) (void)decoder_->send(nullptr);
}

Status MediaTrack::feed(Demuxer& demuxer, Nanos span) {
  auto packet = demuxer.next(kind_, span);
  if (packet) return send(**packet);
  // What was read before a broken end is still played; the reason is not lost to the log.
  if (packet.error().code == Errc::again || packet.error().code == Errc::cancelled) return std::move(packet).error();
  if (packet.error().code != Errc::end) log_.error(options_.name, "{}", packet.error().message);
  finish();
  return {};
}

Result<AvFramePtr> MediaTrack::ready() {
  if (!stash_.empty()) {
    AvFramePtr frame = std::move(stash_.front());
    stash_.pop_front();
    return frame;
  }
  auto frame = decoder_->receive();
  if (frame) {
    consecutive_errors_ = 0;
  } else if (frame.error().code == Errc::end) {
    drained_ = true;
  }
  return frame;
}

Result<AvFramePtr> MediaTrack::next(Demuxer& demuxer, Nanos span) {
  if (!decoder_) return Error{Errc::end, "the media has no such stream", nullptr};
  for (;;) {
    if (aborted_) return Error{Errc::cancelled, "reading was cancelled", nullptr};
    auto frame = ready();
    if (frame || frame.error().code == Errc::end) return frame;
    if (frame.error().code == Errc::again) {
      if (draining_) return Error{Errc::end, "the decoder is drained", nullptr};
      MAINSTAY_CHECK(feed(demuxer, span));
    } else {
      MAINSTAY_CHECK(count_error(frame.error()));
    }
  }
}

std::int64_t MediaTrack::begin(AvFramePtr first, const MediaTimeline& timeline) {
  first_ticks_ = place(*first, timeline);
  first_samples_ = first->nb_samples;
  last_ticks_.reset();
  hold_last(std::move(first));
  return first_ticks_;
}

bool MediaTrack::is_first(const AVFrame& frame, const MediaTimeline& timeline) const {
  const auto at = stamp(frame, timeline);
  return (!at || *at == first_ticks_) && frame.nb_samples == first_samples_;
}

std::optional<std::int64_t> MediaTrack::stamp(const AVFrame& frame, const MediaTimeline& timeline) const {
  std::int64_t value = frame.best_effort_timestamp;
  if (value == AV_NOPTS_VALUE) value = frame.pts;
  if (value == AV_NOPTS_VALUE) return std::nullopt;
  return timeline.ticks(value, tick());
}

std::int64_t MediaTrack::duration(const AVFrame& frame, const MediaTimeline& timeline) const {
  const auto ticks = timeline.ticks(std::max<std::int64_t>(0, frame.pkt_duration), tick());
  if (ticks && *ticks > 0) return *ticks;
  const AVRational rate = stream_->avg_frame_rate;
  if (kind_ == MediaKind::video && rate.num > 0 && rate.den > 0) return rescale(1, {rate.den, rate.num}, timeline.base);
  return 0;
}

std::int64_t MediaTrack::place(const AVFrame& frame, const MediaTimeline& timeline) {
  std::int64_t at = last_ticks_ ? *last_ticks_ + std::max<std::int64_t>(1, last_duration_) : timeline.zero;
  if (const auto stamped = stamp(frame, timeline)) {
    // Times rise; a stamp that does not is one tick after the last, and the consumer shows the later picture.
    at = last_ticks_ ? std::max(*stamped, *last_ticks_ + 1) : *stamped;
  }
  last_ticks_ = at;
  last_duration_ = duration(frame, timeline);
  return at;
}

}  // namespace mainstay::ffi
