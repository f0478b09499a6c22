#include "engine/package/track.h"

#include <algorithm>
#include <utility>

namespace mainstay::package {

namespace {

class VideoTrack final : public Track {
 public:
  VideoTrack(const Options& options, TrackSink& sink) : Track(options, sink) {}
  Status take(const Packet& packet) override;

 private:
  void close_early() override;
  /// False: no segment takes the IDR picture.
  bool place_key(const Packet& packet);
  /// Parts before this one are over.
  Status end_parts_before(std::int64_t part);
  std::int64_t part_frames() const {
    return options_.parts ? options_.timeline.part_frames : options_.timeline.segment_frames;
  }
  std::int64_t parts() const { return (options_.timeline.segment_frames + part_frames() - 1) / part_frames(); }
  std::int64_t tick_of_part(std::int64_t part) const {
    const std::int64_t frames = std::min(part * part_frames(), options_.timeline.segment_frames);
    return options_.timeline.begin(segment_) + frames;
  }

  std::int64_t first_dts_ = 0;  // of the open segment
  std::int64_t part_ = 0;       // being filled
  bool has_key_picture_ = false;
};

bool VideoTrack::place_key(const Packet& packet) {
  const std::int64_t segment = options_.timeline.segment_of(packet.pts);
  if (next_ && segment < *next_) {
    open_ = false;  // of a segment that was given up: what follows cannot be used either
    return false;
  }
  if (options_.timeline.is_begin(packet.pts)) {
    if (open_) close_early();
    begin(segment, packet.pts);
    first_dts_ = packet.dts;
    part_ = 0;
    has_key_picture_ = false;
    return true;
  }
  // Where the picture on the grid is missing, and behind an encoder that was rebuilt, an IDR comes anywhere. The open
  // segment goes on with it, or the segment that it lies in begins late.
  if (open_ && segment == segment_ && holds(*packet.stream)) return true;
  const bool begun = open_ && segment == segment_;
  if (open_) close_early();
  if (begun || !next_ || segment < *next_) return false;
  const FrameIndex boundary = options_.timeline.begin(segment);
  begin(segment, boundary);
  first_dts_ = packet.dts - (packet.pts - boundary);
  part_ = 0;
  has_key_picture_ = false;
  return true;
}

Status VideoTrack::end_parts_before(std::int64_t part) {
  Status done;
  while (part_ < part && done) done = end_part(tick_of_part(++part_));
  return done;
}

Status VideoTrack::take(const Packet& packet) {
  base_ = packet.stream->time_base;
  const bool usable = packet.key ? place_key(packet) : open_;
  if (!usable) {
    ++lost_;
    return {};
  }
  const std::int64_t frames = options_.timeline.segment_frames;
  const std::int64_t place = std::clamp<std::int64_t>(packet.dts - first_dts_, 0, frames - 1);
  if (Status ended = end_parts_before(place / part_frames()); !ended) return failed(std::move(ended));
  if (Status wrote = write(packet); !wrote) return failed(std::move(wrote));
  if (options_.key_pictures && packet.key && !std::exchange(has_key_picture_, true)) {
    if (Status wrote = add_key_picture(packet, frames); !wrote) return failed(std::move(wrote));
  }
  if ((place + 1) % part_frames() == 0 || place + 1 == frames) {
    if (Status ended = end_parts_before(part_ + 1); !ended) return failed(std::move(ended));
  }
  if (place + 1 == frames) end(options_.timeline.begin(segment_ + 1));
  return {};
}

void VideoTrack::close_early() {
  if (Status ended = end_parts_before(parts()); !ended) {
    static_cast<void>(failed(std::move(ended)));
    return;
  }
  end(options_.timeline.begin(segment_ + 1));
}

class AudioTrack final : public Track {
 public:
  AudioTrack(const Options& options, TrackSink& sink) : Track(options, sink) {}
  Status take(const Packet& packet) override;

 private:
  void close_early() override;
  bool place(const Packet& packet);
  /// Whether a packet goes into the part that is open.
  bool fits(std::int64_t begin, std::int64_t end) const { return follows_ ? begin < part_until_ : end <= part_until_; }
  void begin_part();

  bool follows_ = false;  // the pictures' grid
  std::int64_t part_until_ =
      0;  // tick: following, a packet that begins there is the next part's, else one that ends later
};

bool AudioTrack::place(const Packet& packet) {
  const std::int64_t segment = options_.timeline.segment_of_ticks(packet.pts, base_);
  if (next_ && segment < *next_) return false;
  if (open_ && segment > segment_) close_early();
  if (open_) return holds(*packet.stream);
  // The first segment, and one of another stream, begin at the boundary; one with a hole at its front where the last
  // one ended.
  const std::int64_t boundary = options_.timeline.begin_ticks(segment, base_);
  const bool at_boundary = packet.pts - boundary < std::max<std::int64_t>(packet.duration, 1);
  if (!at_boundary && (!next_ || !holds(*packet.stream))) return false;
  begin(segment, end_ && *end_ >= boundary ? *end_ : at_boundary ? packet.pts : boundary);
  follows_ = options_.timeline.sound_follows(std::max<std::int64_t>(packet.duration, 1), base_);
  begin_part();
  return true;
}

void AudioTrack::begin_part() {
  part_until_ = follows_ ? options_.timeline.part_begin_after(segment_, part_begin_, base_)
                         : part_begin_ + options_.timeline.part_ticks(base_);
}

Status AudioTrack::take(const Packet& packet) {
  base_ = packet.stream->time_base;
  if (!place(packet)) {
    ++lost_;
    return {};
  }
  const std::int64_t packet_end = packet.pts + packet.duration;
  if (options_.parts && !part_empty_ && !fits(packet.pts, packet_end)) {
    if (Status ended = end_part(packet.pts); !ended) return failed(std::move(ended));
    begin_part();
  }
  if (Status wrote = write(packet); !wrote) return failed(std::move(wrote));
  const bool last = packet_end >= options_.timeline.begin_ticks(segment_ + 1, base_);
  // Not to wait for the packet that shows that the part is full.
  if (last || (options_.parts && !fits(packet_end, packet_end + packet.duration))) {
    if (Status ended = end_part(packet_end); !ended) return failed(std::move(ended));
    begin_part();
  }
  if (last) end(packet_end);
  return {};
}

void AudioTrack::close_early() {
  const std::int64_t boundary = std::max(options_.timeline.begin_ticks(segment_ + 1, base_), part_begin_);
  if (!part_empty_) {
    if (Status ended = end_part(options_.parts ? std::min(part_until_, boundary) : boundary); !ended) {
      static_cast<void>(failed(std::move(ended)));
      return;
    }
  }
  gap_until(boundary);
  end(boundary);
}

}  // namespace

std::unique_ptr<Track> Track::make(MediaKind kind, const Options& options, TrackSink& sink) {
  if (kind == MediaKind::video) return std::make_unique<VideoTrack>(options, sink);
  return std::make_unique<AudioTrack>(options, sink);
}

void Track::begin(std::int64_t segment, std::int64_t begin) {
  if (next_ && *next_ < segment) give_up(segment - 1);
  open_ = true;
  segment_ = segment;
  next_ = segment;
  begin_ = part_begin_ = begin;
  part_empty_ = true;
  sink_.on_begin(segment, to_micros(begin, base_));
}

bool Track::holds(const StreamInfo& stream) const {
  return stream_ && stream_->codec == stream.codec && stream_->extradata == stream.extradata &&
         stream_->time_base == stream.time_base;
}

Result<std::unique_ptr<ffi::Muxer>> Track::open_container(const StreamInfoPtr& stream, Bytes& out) {
  ffi::MuxerOptions options;
  options.container = ffi::Container::cmaf;
  options.buffer_bytes = std::size_t{64} << 10;
  return ffi::Muxer::open(options, {stream}, [&out](std::span<const std::uint8_t> bytes) {
    out.insert(out.end(), bytes.begin(), bytes.end());
    return Status{};
  });
}

Status Track::write(const Packet& packet) {
  const bool jumped = muxer_ && packet.dts != expected_dts_;
  const bool same = holds(*packet.stream);
  if (!muxer_ || jumped || !same) {
    if (muxer_) MAINSTAY_CHECK(muxer_->flush());  // what belongs to this part already
    key_muxer_.reset();
    const std::size_t before = written_.size();
    MAINSTAY_TRY(muxer_, open_container(packet.stream, written_));
    Bytes init(written_.begin() + static_cast<std::ptrdiff_t>(before), written_.end());
    written_.resize(before);
    if (init != init_) {
      init_ = init;
      sink_.on_init(segment_, packet.stream, std::move(init));
    }
    stream_ = packet.stream;
  }
  if (part_empty_) independent_ = packet.key;
  part_empty_ = false;
  expected_dts_ = packet.dts + packet.duration;
  return muxer_->write(packet);
}

Status Track::end_part(std::int64_t end) {
  if (!part_empty_) MAINSTAY_CHECK(muxer_->flush());
  const std::int64_t duration = to_micros(end, base_) - to_micros(part_begin_, base_);
  part_begin_ = end;
  part_empty_ = true;
  const bool independent = !written_.empty() && independent_;
  sink_.on_part(duration, independent, std::exchange(written_, {}));
  return {};
}

void Track::gap_until(std::int64_t end) {
  const std::int64_t step = options_.parts ? options_.timeline.part_ticks(base_) : end - part_begin_;
  // With nothing written there is nothing that could fail.
  while (part_begin_ < end) static_cast<void>(end_part(std::min(part_begin_ + std::max<std::int64_t>(step, 1), end)));
}

void Track::end(std::int64_t end) {
  const std::int64_t duration = to_micros(end, base_) - to_micros(begin_, base_);
  open_ = false;
  next_ = segment_ + 1;
  end_ = end;
  sink_.on_end(duration);
}

Status Track::add_key_picture(const Packet& packet, std::int64_t duration) {
  if (!key_muxer_) {
    MAINSTAY_TRY(key_muxer_, open_container(packet.stream, key_written_));
    key_written_.clear();
  }
  Packet alone = packet;
  alone.duration = duration;
  alone.dts = alone.pts;
  MAINSTAY_CHECK(key_muxer_->write(alone));
  MAINSTAY_CHECK(key_muxer_->flush());
  sink_.on_key_picture(std::exchange(key_written_, {}));
  return {};
}

// The container broke: the segment ends as a hole, and the next one gets a new container.
Status Track::failed(Status status) {
  muxer_.reset();
  key_muxer_.reset();
  written_.clear();
  key_written_.clear();
  part_empty_ = true;
  if (open_) {
    const std::int64_t boundary = std::max(options_.timeline.begin_ticks(segment_ + 1, base_), part_begin_);
    gap_until(boundary);
    end(boundary);
  }
  return status;
}

void Track::give_up(std::int64_t segment) {
  if (!next_ || base_.num == 0) return;
  if (open_ && segment_ <= segment) close_early();
  while (*next_ <= segment) {
    const std::int64_t boundary = options_.timeline.begin_ticks(*next_ + 1, base_);
    segment_ = *next_;
    begin_ = part_begin_ = std::min(end_.value_or(options_.timeline.begin_ticks(*next_, base_)), boundary);
    part_empty_ = true;
    sink_.on_begin(segment_, to_micros(begin_, base_));
    gap_until(boundary);
    end(boundary);
  }
}

void Track::finish() {
  if (open_) close_early();
}

}  // namespace mainstay::package
