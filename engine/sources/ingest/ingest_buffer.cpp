#include "engine/sources/ingest/ingest_buffer.h"

#include <algorithm>

#include "engine/media/channels.h"
#include "engine/media/rate.h"

namespace mainstay {

namespace {

constexpr Nanos kSettled = Millis(5);       // a fall of the offset by less than this is jitter
constexpr Nanos kQuiet = Millis(200);       // time without a fall after which the offset is believed
constexpr Nanos kSameStamp = Micros(1500);  // FLV counts milliseconds, TS 1/90000 s
constexpr std::int64_t kSoundSpan = 4 * kProgramSampleRate;

}  // namespace

void RecentMin::add(Instant now, Nanos value) {
  const std::int64_t number = now.time_since_epoch() / kSlot;
  Slot& slot = slots_[static_cast<std::size_t>(number % kSlots)];
  if (slot.number != number) slot = {number, value};
  if (number - newest_ >= kSlots) settled_at_ = Nanos::max();  // after a silence all is open again
  slot.smallest = std::min(slot.smallest, value);
  newest_ = number;
  if (settled_at_ == Nanos::max() || value < settled_at_ - kSettled) {
    settled_at_ = value;
    settled_since_ = now;
  }
}

std::optional<Nanos> RecentMin::value() const {
  std::optional<Nanos> smallest;
  for (const Slot& slot : slots_) {
    if (slot.number < 0 || slot.number <= newest_ - kSlots) continue;
    if (!smallest || slot.smallest < *smallest) smallest = slot.smallest;
  }
  return smallest;
}

std::optional<Nanos> IngestBuffer::View::wanted(Instant now, Nanos delay) const {
  if (!offset) return {};
  return now.time_since_epoch() - *offset - delay;
}

bool IngestBuffer::View::startable(Instant now, Nanos delay) const {
  const auto place = wanted(now, delay);
  return place && connected && oldest && *place >= *oldest && now - settled_since >= std::min(delay, kQuiet);
}

void IngestBuffer::begin_stream(bool has_video, bool has_audio) {
  std::lock_guard lock(mutex_);
  // The timeline of a new connection may be any: nothing of the old one can be joined to it.
  pictures_.clear();
  sounds_.clear();
  bytes_ = 0;
  picture_offset_.reset();
  sound_offset_.reset();
  lately_count_ = 0;
  const std::int64_t stream = view_.stream + 1;
  view_ = View{};
  view_.stream = stream;
  view_.connected = true;
  view_.has_video = has_video;
  view_.has_audio = has_audio;
  counts_.first_pts.reset();
  counts_.last_pts.reset();
}

void IngestBuffer::count(Nanos pts) {
  if (counts_.last_pts) {
    const Nanos step = pts - *counts_.last_pts;
    if (view_.interval == Nanos{0} || step < view_.interval) view_.interval = step;
    // Milliseconds jump by one, and a rate is learnt from below: a slow mean keeps the interval true.
    if (step < view_.interval * 3 / 2)
      view_.interval += (step - view_.interval) / 8;
    else {
      ++counts_.gaps;
      counts_.missing += (step + view_.interval / 2) / view_.interval - 1;
    }
  } else {
    counts_.first_pts = pts;
  }
  counts_.last_pts = pts;
  ++counts_.frames;
}

void IngestBuffer::push_picture(FramePtr frame, Nanos pts) {
  const Instant now = clock_.now();
  std::lock_guard lock(mutex_);
  if (counts_.last_pts && pts <= *counts_.last_pts) return;  // sent again
  count(pts);
  view_.last_media = now;
  view_.newest = pts;
  picture_offset_.add(now, now.time_since_epoch() - pts);
  lately_[lately_count_++ % lately_.size()] = pts;
  const std::int64_t size = frame_bytes(*frame);
  bytes_ += size;
  pictures_.push_back({std::move(frame), pts, size});
  trim();
}

void IngestBuffer::push_sound(AudioBlockPtr block, std::int64_t first_sample) {
  const Instant now = clock_.now();
  const std::int64_t last = first_sample + block->samples;
  const Nanos end = Nanos(rescale(last, kAudioBase, kNanosBase, Rounding::down));
  std::lock_guard lock(mutex_);
  if (!view_.has_video) {
    view_.last_media = now;
    view_.newest = end;
  }
  sound_offset_.add(now, now.time_since_epoch() - end);
  view_.channels = block->channels;
  if (!sounds_.empty() && first_sample < sounds_.back().end()) sounds_.clear();  // the timeline went back
  sounds_.push_back({std::move(block), first_sample});
  while (sounds_.back().end() - sounds_.front().first > kSoundSpan) sounds_.pop_front();
}

void IngestBuffer::end_stream() {
  std::lock_guard lock(mutex_);
  view_.connected = false;
}

void IngestBuffer::trim() {
  while (pictures_.size() > 1 &&
         (bytes_ > limits_.bytes || pictures_.back().pts - pictures_.front().pts > limits_.span)) {
    bytes_ -= pictures_.front().bytes;
    pictures_.pop_front();
    ++counts_.overflow;
  }
}

IngestBuffer::View IngestBuffer::view() const {
  std::lock_guard lock(mutex_);
  View view = view_;
  const auto picture = picture_offset_.value();
  const auto sound = sound_offset_.value();
  if (picture && sound)
    view.offset = std::max(*picture, *sound);
  else
    view.offset = picture ? picture : sound;
  view.settled_since = std::max(picture_offset_.settled_since(), sound_offset_.settled_since());
  if (!pictures_.empty())
    view.oldest = pictures_.front().pts;
  else if (!view.has_video && !sounds_.empty()) {
    view.oldest = Nanos(rescale(sounds_.front().first, kAudioBase, kNanosBase, Rounding::up));
  }
  return view;
}

IngestCounts IngestBuffer::counts() const {
  std::lock_guard lock(mutex_);
  return counts_;
}

IngestBuffer::Pick IngestBuffer::pick(Nanos until, Nanos slack) {
  std::lock_guard lock(mutex_);
  Pick pick;
  while (!pictures_.empty() && pictures_.front().pts <= (pick.frame ? until - slack : until + slack)) {
    if (pick.frame) ++pick.passed_over;
    pick.frame = std::move(pictures_.front().frame);
    pick.pts = pictures_.front().pts;
    bytes_ -= pictures_.front().bytes;
    pictures_.pop_front();
  }
  pick.more = !pictures_.empty();
  return pick;
}

std::optional<Nanos> IngestBuffer::picture_before(Nanos until) const {
  std::lock_guard lock(mutex_);
  std::optional<Nanos> found;
  for (const Picture& picture : pictures_) {
    if (picture.pts > until) break;
    found = picture.pts;
  }
  return found;
}

bool IngestBuffer::reaches(Nanos until) const {
  std::lock_guard lock(mutex_);
  if (view_.has_video) return !pictures_.empty() && pictures_.back().pts >= until;
  return !sounds_.empty() && sounds_.back().end() > rescale(until.count(), kNanosBase, kAudioBase);
}

void IngestBuffer::drop_before(Nanos pts) {
  std::lock_guard lock(mutex_);
  while (!pictures_.empty() && pictures_.front().pts < pts) {
    bytes_ -= pictures_.front().bytes;
    pictures_.pop_front();
  }
}

void IngestBuffer::read_sound(std::int64_t first, AudioBlock& block) const {
  std::fill(block.data.begin(), block.data.end(), 0.0F);
  const std::int64_t last = first + block.samples;
  std::lock_guard lock(mutex_);
  for (const Sound& sound : sounds_) {
    if (sound.end() <= first) continue;
    if (sound.first >= last) break;
    const std::int64_t from = std::max(first, sound.first);
    const std::int64_t count = std::min(last, sound.end()) - from;
    map_channels(*sound.block, static_cast<int>(from - sound.first), static_cast<int>(count), block,
                 static_cast<int>(from - first));
  }
}

std::int64_t IngestBuffer::sound_run_end(std::int64_t sample) const {
  std::lock_guard lock(mutex_);
  std::int64_t end = sample;
  for (const Sound& sound : sounds_) {
    if (sound.end() <= end) continue;
    if (sound.first > end) break;
    end = sound.end();
  }
  return end;
}

Nanos IngestBuffer::kept_sound() const {
  std::lock_guard lock(mutex_);
  if (sounds_.empty()) return Nanos{0};
  return Nanos(rescale(sounds_.back().end() - sounds_.front().first, kAudioBase, kNanosBase));
}

bool IngestBuffer::seen(Nanos pts) const {
  std::lock_guard lock(mutex_);
  const std::size_t count = std::min(lately_count_, lately_.size());
  return std::any_of(lately_.begin(), lately_.begin() + static_cast<std::ptrdiff_t>(count),
                     [&](Nanos other) { return std::chrono::abs(other - pts) <= kSameStamp; });
}

}  // namespace mainstay
