#include "engine/encode/audio_stage.h"

#include <utility>

namespace mainstay {

AudioStage::AudioStage(Options options, EmitPacket emit, EmitNotice notice)
    : options_(std::move(options)), emit_(std::move(emit)), notice_(std::move(notice)) {}

Result<std::unique_ptr<AudioStage>> AudioStage::open(Options options, EmitPacket emit, EmitNotice notice) {
  std::unique_ptr<AudioStage> stage(new AudioStage(std::move(options), std::move(emit), std::move(notice)));
  MAINSTAY_TRY(stage->encoder_, stage->options_.open(stage->options_.encoder));
  stage->stream_ = stage->encoder_->stream();
  return stage;
}

void AudioStage::take(const Item& item) {
  if (!item.payload) return;
  if (!encoder_ && !rebuild(item.position)) {
    ++lost_;
    return;
  }
  Status done = encoder_->send(*item.payload, item.position);
  if (done) done = collect();
  if (!done) {
    ++lost_;
    fail(done.error());
  }
}

Status AudioStage::collect() {
  for (;;) {
    auto packet = encoder_->receive();
    if (!packet) {
      if (packet.error().code == Errc::again || packet.error().code == Errc::end) return {};
      return std::move(packet).error();
    }
    // A new encoder's priming would lie over the old one's last packets.
    if (emitted_ && (*packet)->pts < end_) continue;
    emitted_ = true;
    end_ = (*packet)->pts + (*packet)->duration;
    emit_(*std::move(packet));
  }
}

void AudioStage::drain() {
  if (!encoder_) return;
  Status done = encoder_->drain();
  if (done) done = collect();
  if (!done) fail(done.error());
  encoder_.reset();
}

bool AudioStage::rebuild(std::int64_t sample) {
  if (!budget_.take(time_of(sample))) {
    if (budget_.spent() && !std::exchange(told_waiting_, true)) {
      tell(EncodeNotice::Kind::waiting, fmt::format("failed {} times within a minute: the next attempt comes when that "
                                                    "minute is over; last error: {}",
                                                    RebuildBudget::kPerMinute, error_));
    }
    return false;
  }
  ffi::AudioEncoderConfig config = options_.encoder;
  config.predecessor = stream_;
  auto opened = options_.open(config);
  budget_.attempt_ended(opened.has_value());
  if (!opened) {
    error_ = opened.error().describe();
    tell(EncodeNotice::Kind::failed, error_);
    return false;
  }
  encoder_ = *std::move(opened);
  stream_ = encoder_->stream();
  told_waiting_ = false;
  error_.clear();
  tell(EncodeNotice::Kind::rebuilt, fmt::format("works again from sample {}", sample));
  return true;
}

void AudioStage::fail(const Error& error) {
  encoder_.reset();
  error_ = error.describe();
  tell(EncodeNotice::Kind::failed, error_);
}

void AudioStage::tell(EncodeNotice::Kind kind, std::string message) const {
  if (notice_) notice_({kind, options_.encoder.name, std::move(message)});
}

}  // namespace mainstay
