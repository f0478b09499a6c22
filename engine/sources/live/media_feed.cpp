#include "engine/sources/live/media_feed.h"

#include <utility>

#include "engine/media/rate.h"

namespace mainstay {

namespace {

ffi::MediaReaderOptions live(ffi::MediaReaderOptions options) {
  options.live = true;
  return options;
}

}  // namespace

MediaFeed::MediaFeed(ffi::MediaReaderOptions options, Log& log, std::function<void()> abort_bytes)
    : abort_bytes_(std::move(abort_bytes)), reader_(ffi::MediaReader::make(live(std::move(options)), log)) {}

Result<LiveInfo> MediaFeed::open() {
  MAINSTAY_CHECK(reader_->open());
  const ffi::MediaInfo& info = reader_->info();
  origin_ = info.origin;
  return LiveInfo{info.has_video, info.has_audio, info.summary};
}

Result<LiveItem> MediaFeed::read() {
  MAINSTAY_TRY(ffi::MediaItem item, reader_->read());
  if (auto* video = std::get_if<ffi::VideoItem>(&item))
    return LiveItem(
        LivePicture{std::move(video->frame), origin_ + Nanos(rescale(video->pts, video->time_base, kNanosBase))});
  auto& audio = std::get<ffi::AudioItem>(item);
  return LiveItem(
      LiveSound{std::move(audio.block), audio.first_sample + rescale(origin_.count(), kNanosBase, kAudioBase)});
}

Result<LiveItem> MediaFeed::pass() {
  MAINSTAY_TRY(const std::optional<Nanos> pts, reader_->pass());
  return LiveItem(LivePassed{pts ? std::optional(origin_ + *pts) : std::nullopt});
}

void MediaFeed::abort() noexcept {
  reader_->abort();
  if (abort_bytes_) abort_bytes_();
}

std::int64_t MediaFeed::damaged() const {
  const ffi::MediaFaults faults = reader_->faults();
  return faults.packets + faults.frames;
}

}  // namespace mainstay
