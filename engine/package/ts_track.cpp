// Segments of transport streams: pictures and sound in one, for receivers that take nothing else. One container runs
// through, so that continuity counters and clocks do too; a segment ends where the next one's IDR comes.
#include <utility>

#include "engine/package/track.h"

namespace mainstay::package {

namespace {

class TsTrack final : public Track {
 public:
  TsTrack(std::string sound_name, const Options& options, TrackSink& sink)
      : Track(options, sink), sound_name_(std::move(sound_name)) {}

  Status take(const Packet& packet) override;

 private:
  void close_early() override;
  Status open(const StreamInfoPtr& pictures);
  bool place_key(const Packet& packet);
  Status failed_ts(Status status);

  const std::string sound_name_;
  StreamInfoPtr sound_;
  StreamInfoPtr pictures_;
  std::unique_ptr<ffi::Muxer> muxer_;
  Bytes written_;
};

Status TsTrack::open(const StreamInfoPtr& pictures) {
  ffi::MuxerOptions options;
  options.container = ffi::Container::mpegts;
  std::vector<StreamInfoPtr> streams{pictures};
  if (sound_) streams.push_back(sound_);
  MAINSTAY_TRY(muxer_, ffi::Muxer::open(options, streams, [this](std::span<const std::uint8_t> bytes) {
                 written_.insert(written_.end(), bytes.begin(), bytes.end());
                 return Status{};
               }));
  return {};
}

bool TsTrack::place_key(const Packet& packet) {
  const std::int64_t segment = options_.timeline.segment_of(packet.pts);
  if (next_ && segment < *next_) {
    open_ = false;
    return false;
  }
  // A rebuilt encoder begins anywhere; the segment that is open goes on with it.
  if (!options_.timeline.is_begin(packet.pts)) return open_ && segment == segment_;
  if (open_) close_early();
  begin(segment, packet.pts);
  return true;
}

Status TsTrack::take(const Packet& packet) {
  if (!packet.video()) {
    sound_ = packet.stream;
    if (!open_ || !muxer_) return {};
    const Status wrote = muxer_->write(packet);
    return wrote ? Status{} : failed_ts(wrote.error());
  }
  base_ = packet.stream->time_base;
  // A container names its streams at its beginning.
  if (!sound_name_.empty() && !sound_) return {};
  if (!(packet.key ? place_key(packet) : open_)) {
    ++lost_;
    return {};
  }
  if (!muxer_) {
    if (Status opened = open(packet.stream); !opened) return failed_ts(std::move(opened));
  }
  if (!pictures_ || pictures_->extradata != packet.stream->extradata) {
    sink_.on_init(segment_, packet.stream, {});
    if (sound_) sink_.on_init(segment_, sound_, {});
  }
  pictures_ = packet.stream;
  const Status wrote = muxer_->write(packet);
  return wrote ? Status{} : failed_ts(wrote.error());
}

void TsTrack::close_early() {
  const std::int64_t boundary = options_.timeline.begin(segment_ + 1);
  if (muxer_ && !muxer_->flush()) written_.clear();
  const std::int64_t duration = to_micros(boundary, base_) - to_micros(options_.timeline.begin(segment_), base_);
  sink_.on_part(duration, true, std::exchange(written_, {}));
  end(boundary);
}

Status TsTrack::failed_ts(Status status) {
  muxer_.reset();
  written_.clear();
  if (open_) close_early();
  return status;
}

}  // namespace

std::unique_ptr<Track> Track::make_transport_stream(const std::string& sound, const Options& options, TrackSink& sink) {
  return std::make_unique<TsTrack>(sound, options, sink);
}

}  // namespace mainstay::package
