#include "engine/sources/ingest/ingest_playout.h"

#include <algorithm>

namespace mainstay {

namespace {

constexpr Nanos kSameEncode = Millis(1500);  // most that two paths of the same encode are apart

InputView view_of(const IngestPlayer& player) {
  return {true, player.view().connected, player.view().last_media, player.has_due()};
}

void cross_fade(const AudioBlock& from, AudioBlock& to) {
  const int fade = std::min(SoundRamp::kSamples, to.samples);
  for (int channel = 0; channel < to.channels; ++channel) {
    const auto old = from.plane(channel);
    const auto now = to.plane(channel);
    for (int i = 0; i < fade; ++i) {
      const auto at = static_cast<std::size_t>(i);
      const float share = static_cast<float>(i + 1) / static_cast<float>(fade);
      now[at] = now[at] * share + old[at] * (1 - share);
    }
  }
}

}  // namespace

IngestPlayout::IngestPlayout(Options options, Instant now, IngestBuffer& main, IngestBuffer* backup)
    : options_(options), main_(main, options.rate, options.delay), switch_(options.rules, now), last_fresh_(now) {
  if (backup != nullptr) backup_.emplace(*backup, options.rate, options.delay);
  main_.set_on_air(true);
}

bool IngestPlayout::same_encode() const {
  if (!main_.playing() || !backup_->playing()) return false;
  const IngestBuffer::View& a = main_.view();
  const IngestBuffer::View& b = backup_->view();
  // An encode does not change its timeline while it comes: what was found out stays until a connection is another.
  if (aligned_ && (!a.connected || !b.connected)) return true;
  if (!a.offset || !b.offset || !a.newest || !b.newest || !a.has_video || !b.has_video) return false;
  if (std::chrono::abs(*a.offset - *b.offset) > kSameEncode) return false;
  return main_.saw(*b.newest) || backup_->saw(*a.newest);
}

void IngestPlayout::align() {
  const bool on_main = switch_.on_air() == IngestRole::main;
  const IngestPlayer& current = on_main ? main_ : *backup_;
  IngestPlayer& other = on_main ? *backup_ : main_;
  if (other.covers(current.playhead())) return other.place(current.playhead());
  if (current.has_due() || !current.shown_pts()) return;
  // The one on air has run dry and the other's path is longer: it goes on after the last picture shown, once it has
  // been delayed as an input should be.
  const Nanos next = *current.shown_pts() + current.picture_time();
  if (const auto wanted = other.wanted(); wanted && *wanted >= next) other.place(next);
}

SourceOutput IngestPlayout::pull(FrameIndex frame, Instant now) {
  const auto offset_of = [&](const IngestPlayer* player) -> std::optional<Nanos> {
    if (!aligned_ || !player->view().connected) return {};
    return player->view().offset;
  };
  main_.tick(frame, now, offset_of(backup_ ? &*backup_ : nullptr));
  InputView backup_view;
  if (backup_) {
    backup_->tick(frame, now, offset_of(&main_));
    aligned_ = same_encode();
    if (aligned_) align();
    backup_view = view_of(*backup_);
  }

  IngestPlayer& before = on_air_player();
  switch_.decide(now, view_of(main_), backup_view, aligned_);
  IngestPlayer& current = on_air_player();

  auto block = std::make_shared<AudioBlock>(current.view().channels, options_.rate.samples(frame));
  take_sound(before, current, *block);
  const IngestPlayer::Output picture = current.take_picture();
  if (backup_) {
    // What is on the way to be shown next must be there when the other one stands in: no more is forgotten than shown.
    (&current == &main_ ? *backup_ : main_).pass(aligned_ ? current.shown_pts() : std::nullopt);
  }

  if (picture.fresh) {
    shown_ = picture.frame;
    last_fresh_ = now;
  }
  playing_ = !picture.missing;
  if (picture.missing && now - last_fresh_ > options_.keep) shown_ = nullptr;
  return {shown_, std::move(block), picture.missing};
}

void IngestPlayout::take_sound(IngestPlayer& before, IngestPlayer& current, AudioBlock& block) {
  if (&before == &current) return current.take_sound(block);
  AudioBlock old(block.channels, block.samples);
  before.take_sound(old);
  before.set_on_air(false);
  current.set_on_air(true);
  current.take_sound(block);
  cross_fade(old, block);
}

PlayerCounts IngestPlayout::counts() const {
  PlayerCounts sum = main_.counts();
  if (backup_) {
    sum.repeated += backup_->counts().repeated;
    sum.skipped += backup_->counts().skipped;
    sum.corrections += backup_->counts().corrections;
    sum.jumps += backup_->counts().jumps;
  }
  return sum;
}

}  // namespace mainstay
