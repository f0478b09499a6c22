#include "engine/sources/sound_strip.h"

#include <algorithm>
#include <utility>

#include "engine/media/channels.h"

namespace mainstay {

void SoundStrip::add(std::int64_t first, AudioBlockPtr block) {
  if (block->samples <= 0) return;
  end_ = first + block->samples;
  runs_.push_back({first, std::move(block)});
}

void SoundStrip::clear() {
  runs_.clear();
  end_ = 0;
  finished_ = false;
  heard_ = sounding_ = false;
  ramp_from_.reset();
}

AudioBlockPtr SoundStrip::cut(std::int64_t first, int count, bool cut_begin, std::optional<std::int64_t> cut_end) {
  const std::int64_t last = first + count;
  while (!runs_.empty() && runs_.front().end() <= first) runs_.pop_front();
  if (runs_.empty() || runs_.front().first >= last) {
    sounding_ = false;
    return nullptr;
  }
  int channels = 1;
  for (const Run& run : runs_) {
    if (run.first >= last) break;
    channels = std::max(channels, run.block->channels);
  }
  auto out = std::make_shared<AudioBlock>(channels, count);
  for (std::size_t i = 0; i < runs_.size() && runs_[i].first < last;) {
    std::size_t behind = i + 1;  // a stretch: runs without a gap between them
    while (behind < runs_.size() && runs_[behind].first == runs_[behind - 1].end()) ++behind;
    const std::int64_t begin = runs_[i].first;
    const std::int64_t end = runs_[behind - 1].end();
    for (std::size_t r = i; r < behind && runs_[r].first < last; ++r) copy(runs_[r], first, *out);

    if (!sounding_ || begin > first) {
      const bool broken = begin <= first ? cut_begin : heard_;  // the file's own beginning is left as it is
      ramp_from_ = broken ? std::optional(std::max(first, begin)) : std::nullopt;
    }
    const std::int64_t stop = cut_end ? std::min(end, *cut_end) : end;
    const bool ends = behind < runs_.size() || finished_;
    const bool fades = cut_end ? end > *cut_end || (ends && end < *cut_end) : ends;
    shape(*out, first, std::max(first, begin), std::min(last, end), fades ? std::optional(stop) : std::nullopt);
    heard_ = true;
    sounding_ = end > last || (end == last && !ends);
    i = behind;
  }
  return out;
}

void SoundStrip::copy(const Run& run, std::int64_t first, AudioBlock& out) {
  const std::int64_t from = std::max(first, run.first);
  const std::int64_t to = std::min(first + out.samples, run.end());
  if (to <= from) return;
  map_channels(*run.block, static_cast<int>(from - run.first), static_cast<int>(to - from), out,
               static_cast<int>(from - first));
}

void SoundStrip::shape(AudioBlock& out, std::int64_t first, std::int64_t from, std::int64_t to,
                       std::optional<std::int64_t> fade_end) const {
  for (std::int64_t s = from; s < to; ++s) {
    float gain = 1;
    if (ramp_from_ && s - *ramp_from_ < kRampSamples) gain = static_cast<float>(s - *ramp_from_) / kRampSamples;
    if (fade_end && *fade_end - s <= kRampSamples)
      gain *= static_cast<float>(std::max<std::int64_t>(0, *fade_end - s - 1)) / kRampSamples;
    if (gain >= 1) continue;
    for (int c = 0; c < out.channels; ++c) out.plane(c)[static_cast<std::size_t>(s - first)] *= gain;
  }
}

}  // namespace mainstay
