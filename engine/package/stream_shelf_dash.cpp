// The shelf's DASH manifest, and what must stay as it was once told there: periods, epoch, and the promise when
// segments are here.
#include <algorithm>
#include <utility>

#include "engine/package/stream_shelf.h"
#include "engine/package/stream_shelf_internal.h"

namespace mainstay::package {

namespace {

constexpr std::int64_t kLagMarginUs = 250'000;      // what the promise leaves for a busy moment
constexpr std::int64_t kLagBrokenUs = 1'000'000;    // behind it by more, another is made
constexpr std::int64_t kLongestLagUs = 30'000'000;  // of an encoder that looks far ahead
constexpr Nanos kEpochBroken = Millis(500);         // dates were slewed further

}  // namespace

void StreamShelf::note_period(const Segment& segment) {
  const std::int64_t msn = segment.msn;
  const bool begins = periods_.empty() || segment.discontinuity || msn < periods_.begin()->first;
  if (!begins && !periods_.contains(msn)) return;
  // An earlier run may have had another grid.
  const std::int64_t frames = segment.moved_us == 0 ? options_.segment_frames : 0;
  const DashPeriod made{msn, segment.begin_us, segment.moved_us, frames, options_.rate.den, options_.rate.num};
  const auto [at, fresh] = periods_.try_emplace(msn, made);
  // Sound may begin a packet later.
  if (!fresh) at->second.begin_us = std::min(at->second.begin_us, segment.begin_us);
  view_changed_ = view_changed_ || fresh;
}

void StreamShelf::forget_periods() {
  std::int64_t oldest = -1;
  for (const auto& [name, of] : renditions_) {
    if (!of->segments.empty() && (oldest < 0 || of->segments.front().msn < oldest)) oldest = of->segments.front().msn;
  }
  while (periods_.size() > 1 && std::next(periods_.begin())->first <= oldest) periods_.erase(periods_.begin());
  for (const auto& [name, of] : renditions_) {
    for (auto segment = of->segments.rbegin(); segment != of->segments.rend(); ++segment) {
      if (!segment->whole() || segment->gap || segment->moved_us != 0) continue;
      if (!epoch_) origin_us_ = periods_.begin()->second.begin_us;
      const UtcInstant epoch = segment->date - Micros(segment->begin_us);
      if (!epoch_ || std::max(*epoch_ - epoch, epoch - *epoch_) > kEpochBroken) epoch_ = epoch;
      return;
    }
  }
}

void StreamShelf::note_lag(const Segment& segment) {
  if (clock_.offline()) return;
  const Nanos behind = clock_.utc_now() - (segment.date + Micros(segment.duration_us));
  const std::int64_t lag_us = std::clamp<std::int64_t>(behind / Micros(1), 0, kLongestLagUs);
  if (lag_us > lag_us_ + (published_ ? kLagBrokenUs : -kLagMarginUs)) lag_us_ = lag_us + kLagMarginUs;
}

ItemPtr StreamShelf::make_manifest(bool is_file) const {
  if (!epoch_) return nullptr;  // all there is so far is an earlier run's
  DashManifest manifest;
  for (const std::string& name : order_) {
    const Rendition& of = *renditions_.at(name);
    if (!of.stream || !is_ready(of)) continue;
    manifest.renditions.push_back(
        {name, of.stream, of.codecs, std::max(of.peak_bps, std::int64_t{of.stream->kbps} * 1000), &of.segments});
    if (!is_file && options_.part_target_us > 0)
      manifest.part_target_us = std::max({manifest.part_target_us, options_.part_target_us, of.part_target_us});
  }
  for (const auto& [msn, period] : periods_) manifest.periods.push_back(period);
  manifest.target_duration_s = options_.target_duration_s;
  manifest.window_s = options_.target_duration_s * static_cast<std::int64_t>(options_.window_segments);
  manifest.epoch = *epoch_;
  manifest.origin_us = origin_us_;
  manifest.lag_us = lag_us_;
  manifest.now = clock_.utc_now();
  manifest.ended = ended_;
  if (!is_file) manifest.clock_uri = "time";
  PlaylistText text = dash_manifest(manifest);
  return text.text.empty() ? nullptr : text_item(ItemKind::manifest, std::move(text), nullptr);
}

}  // namespace mainstay::package
