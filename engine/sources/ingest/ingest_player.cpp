#include "engine/sources/ingest/ingest_player.h"

#include <algorithm>
#include <cmath>

#include "engine/media/channels.h"

namespace mainstay {

namespace {

constexpr Nanos kJumpBack = Millis(150);   // this far ahead of what comes it would run dry again and again
constexpr Nanos kJumpAhead = Seconds(1);   // too late by more than this is not worth a slow move
constexpr Nanos kJumpAfter = Millis(500);  // how long it must last
constexpr Nanos kCorrectAfter = Seconds(2);
constexpr Nanos kLongestCorrection = Millis(200);
constexpr Nanos kSettled = Millis(200);      // quiet time of the arrival offset before it is believed
constexpr Nanos kFresh = Millis(300);        // no steering by what came longer ago
constexpr Nanos kMostForOther = Seconds(1);  // delay taken on so that the other input can stand in without loss
constexpr Nanos kSoundStep = Micros(500);    // where there are no pictures to pass over
constexpr Nanos kSoundTolerance = Micros(1500);
constexpr std::int64_t kSlowness = 250;  // a correction takes this many times its length: 0.4 %

std::int64_t to_samples(Nanos t) {
  return rescale(t.count(), kNanosBase, kAudioBase);
}

}  // namespace

void SoundRamp::apply(AudioBlock& block, std::int64_t first, std::int64_t run_end) {
  constexpr float kStep = 1.0F / kSamples;
  const std::int64_t left = run_end - first;
  if (gain_ == 1 && left >= block.samples + kSamples) return;
  for (int i = 0; i < block.samples; ++i) {
    const float most = std::clamp(static_cast<float>(left - i) * kStep, 0.0F, 1.0F);
    gain_ = std::min(most, gain_ + kStep);
    for (int channel = 0; channel < block.channels; ++channel)
      block.plane(channel)[static_cast<std::size_t>(i)] *= gain_;
  }
}

Nanos IngestPlayer::picture_time() const {
  const Nanos interval = view_.interval;
  const Nanos tick = tick_time();
  return interval == Nanos{0} || std::chrono::abs(interval - tick) < tick / 20 ? tick : interval;
}

Nanos IngestPlayer::step() const {
  return view_.has_video ? picture_time() : kSoundStep;
}

Nanos IngestPlayer::at(FrameIndex frame) const {
  Nanos place = anchor_->media + (rate_.begin(frame) - rate_.begin(anchor_->frame));
  if (correction_ticks_ > 0) {
    place +=
        Nanos(mul_div(correction_.count(), std::min(frame - correction_from_, correction_ticks_), correction_ticks_));
  }
  return place;
}

std::int64_t IngestPlayer::sample_at(FrameIndex frame) const {
  return anchor_->sample + rate_.first_sample(frame) - rate_.first_sample(anchor_->frame);
}

void IngestPlayer::set_anchor(Nanos media) {
  correction_ticks_ = 0;
  resampler_.end();
  anchor_ = Anchor{frame_, media, to_samples(media)};
  playhead_ = media;
}

void IngestPlayer::tick(FrameIndex frame, Instant now, std::optional<Nanos> least_offset) {
  frame_ = frame;
  now_ = now;
  least_offset_ = least_offset;
  view_ = buffer_.view();
  if (view_.stream != stream_) {
    stream_ = view_.stream;
    anchor_.reset();
    shown_pts_.reset();
    wrong_since_.reset();
    correction_ticks_ = 0;
    resampler_.end();
  }
  if (!anchor_) start_when_ready();
  if (!anchor_) return;
  if (correction_ticks_ > 0 && frame_ >= correction_from_ + correction_ticks_) finish_correction();
  playhead_ = at(frame_);
  steer();
  look_for_due();
}

std::optional<Nanos> IngestPlayer::wanted() const {
  return view_.wanted(now_, delay_);
}

void IngestPlayer::start_when_ready() {
  if (!view_.startable(now_, delay_)) return;
  const Nanos place = *wanted();
  if (!view_.has_video) return set_anchor(place);
  if (const auto picture = buffer_.picture_before(place)) set_anchor(*picture);
}

void IngestPlayer::look_for_due() {
  due_ = buffer_.reaches(playhead_ - reach()) || (shown_pts_ && *shown_pts_ + picture_time() > playhead_ + reach());
}

void IngestPlayer::place(Nanos pts) {
  set_anchor(pts);
  look_for_due();
}

bool IngestPlayer::covers(Nanos pts) const {
  return playing() && buffer_.reaches(pts - reach()) && (!view_.has_video || buffer_.picture_before(pts + reach()));
}

void IngestPlayer::set_on_air(bool on_air) {
  if (on_air == on_air_) return;
  on_air_ = on_air;
  faded_from_.reset();
  wrong_since_.reset();
  if (on_air) return ramp_.open();
  ramp_.close();
  if (anchor_) set_anchor(playhead_);
}

void IngestPlayer::steer() {
  const auto own = wanted();
  const bool steady = own && view_.connected && correction_ticks_ == 0 && now_ - view_.settled_since >= kSettled &&
                      view_.last_media != kNever && now_ - view_.last_media < kFresh;
  if (!steady) return;
  const Nanos own_error = *own - playhead_;
  Nanos error = own_error;
  if (least_offset_) error -= std::clamp(*least_offset_ - *view_.offset, Nanos{0}, kMostForOther);

  const Nanos quantum = step();
  if (std::chrono::abs(error) <= (view_.has_video ? quantum * 3 / 4 : kSoundTolerance)) return wrong_since_.reset();
  const bool ahead = error < Nanos{0};
  if (!wrong_since_ || ahead != wrong_ahead_) wrong_since_ = now_;
  wrong_ahead_ = ahead;

  const Nanos lasted = now_ - *wrong_since_;
  const auto pictures = [&](Nanos distance) {
    return std::llround(static_cast<double>(distance.count()) / static_cast<double>(quantum.count()));
  };
  if (!on_air_) {
    if (lasted >= kJumpAfter) jump(playhead_ + quantum * pictures(error));
  } else if ((own_error < -kJumpBack - quantum || own_error > kJumpAhead) && lasted >= kJumpAfter) {
    jump(playhead_ + quantum * pictures(own_error));
  } else if (lasted >= kCorrectAfter) {
    correct(pictures(error));
  }
}

void IngestPlayer::correct(std::int64_t pictures) {
  const Nanos quantum = step();
  const std::int64_t most = std::max<std::int64_t>(1, kLongestCorrection / quantum);
  correction_ = quantum * std::clamp(pictures, -most, most);
  correction_from_ = frame_;
  correction_ticks_ = kSlowness * (std::chrono::abs(correction_) / tick_time() + 1);
  wrong_since_.reset();
  ++counts_.corrections;
  const std::int64_t length = rate_.first_sample(frame_ + correction_ticks_) - rate_.first_sample(frame_);
  if (!view_.has_audio) return;
  if (!resampler_.begin(sample_at(frame_), to_samples(correction_), length, view_.channels))
    jump(playhead_ + correction_);
}

void IngestPlayer::finish_correction() {
  anchor_->media += correction_;
  anchor_->sample += to_samples(correction_);
  correction_ticks_ = 0;
  resampler_.end();
}

void IngestPlayer::jump(Nanos to) {
  if (on_air_) {
    faded_from_ = sample_at(frame_);
    ++counts_.jumps;
  }
  set_anchor(to);
  wrong_since_.reset();
}

IngestPlayer::Output IngestPlayer::take_picture() {
  if (!playing()) return {shown_, false, true};
  IngestBuffer::Pick pick = buffer_.pick(playhead_ + tick_time() / 2, slack());
  if (pick.frame) {
    // A faster sender's pictures are passed over by right.
    if (shown_pts_ && picture_time() * 10 > tick_time() * 9) counts_.skipped += pick.passed_over;
    shown_ = std::move(pick.frame);
    shown_pts_ = pick.pts;
    return {shown_, true, false};
  }
  if (!due_) ++counts_.repeated;
  return {shown_, false, !due_};
}

/// In the layout that the correction began with, which may have changed since.
Status IngestPlayer::render(AudioBlock& block, const ffi::AsyncResampler::Fetch& fetch) {
  if (resampler_.channels() == block.channels) return resampler_.render(block, fetch);
  AudioBlock own(resampler_.channels(), block.samples);
  MAINSTAY_CHECK(resampler_.render(own, fetch));
  map_channels(own, 0, own.samples, block, 0);
  return {};
}

void IngestPlayer::take_sound(AudioBlock& block) {
  if (!playing()) {
    std::fill(block.data.begin(), block.data.end(), 0.0F);
    return ramp_.close();
  }
  const std::int64_t first = sample_at(frame_);
  const auto fetch = [this](std::int64_t from, AudioBlock& into) { buffer_.read_sound(from, into); };
  std::int64_t place = first;
  if (resampler_.active()) place += static_cast<std::int64_t>(resampler_.moved());
  // Before the samples are read: what comes in between would be missing in them and yet not be faded out to.
  const std::int64_t run_end = buffer_.sound_run_end(place);
  if (resampler_.active()) {
    if (!render(block, fetch)) {
      jump(playhead_);
      buffer_.read_sound(sample_at(frame_), block);
    }
  } else {
    buffer_.read_sound(first, block);
  }
  if (faded_from_) {
    AudioBlock old(block.channels, std::min(SoundRamp::kSamples, block.samples));
    buffer_.read_sound(*faded_from_, old);
    for (int channel = 0; channel < block.channels; ++channel) {
      for (int i = 0; i < old.samples; ++i) {
        const auto at = static_cast<std::size_t>(i);
        const float share = static_cast<float>(i + 1) / static_cast<float>(old.samples);
        block.plane(channel)[at] = block.plane(channel)[at] * share + old.plane(channel)[at] * (1 - share);
      }
    }
    faded_from_.reset();
  }
  ramp_.apply(block, place, run_end);
}

std::optional<Nanos> IngestPlayer::av_offset() const {
  if (!playing() || !view_.has_video || !view_.has_audio || !shown_pts_) return {};
  const std::int64_t sample = sample_at(frame_);
  if (buffer_.sound_run_end(sample) == sample) return {};  // nothing is heard
  const Nanos ahead = playhead_ - *shown_pts_;
  // A picture is shown from half a tick before its time and stays until the next one's.
  return ahead < Nanos{0} ? std::min(Nanos{0}, ahead + reach())
                          : std::max(Nanos{0}, ahead - std::max(picture_time(), reach()));
}

void IngestPlayer::pass(std::optional<Nanos> shown) {
  if (!playing()) return;
  buffer_.drop_before(shown ? *shown + slack() : playhead_ - reach());
}

}  // namespace mainstay
