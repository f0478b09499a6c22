#include "engine/encode/audio_stage.h"

#include <utility>

namespace mainstay {

AudioStage::AudioStage(Options options, EmitPacket emit, EmitNotice notice)
    : emit_(std::move(emit)), encoder_(std::move(options.encoder), std::move(options.open), std::move(notice)) {}

Result<std::unique_ptr<AudioStage>> AudioStage::open(Options options, EmitPacket emit, EmitNotice notice) {
  std::unique_ptr<AudioStage> stage(new AudioStage(std::move(options), std::move(emit), std::move(notice)));
  MAINSTAY_CHECK(stage->encoder_.open());
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
    encoder_.fail(done.error());
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
  if (!done) encoder_.fail(done.error());
  encoder_.close();
}

bool AudioStage::rebuild(std::int64_t sample) {
  return encoder_.rebuild(time_of(sample), fmt::format("sample {}", sample));
}

}  // namespace mainstay
