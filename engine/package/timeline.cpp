#include "engine/package/timeline.h"

#include <algorithm>

namespace mainstay::package {

namespace {

constexpr std::int64_t kLeastPercent = 85;  // of the longest part

std::int64_t floor_div(std::int64_t value, std::int64_t by) {
  return value >= 0 ? value / by : -((-value + by - 1) / by);
}

}  // namespace

std::int64_t Timeline::segment_of(FrameIndex frame) const {
  return floor_div(frame - first_frame, segment_frames);
}

std::int64_t Timeline::begin_ticks(std::int64_t segment, TimeBase base) const {
  return rescale(begin(segment), rate.time_base(), base, Rounding::down);
}

std::int64_t Timeline::segment_of_ticks(std::int64_t ticks, TimeBase base) const {
  // One off at most, by rounding: then the boundaries decide.
  std::int64_t segment = segment_of(rescale(ticks, base, rate.time_base(), Rounding::down));
  while (begin_ticks(segment + 1, base) <= ticks) ++segment;
  while (begin_ticks(segment, base) > ticks) --segment;
  return segment;
}

std::int64_t Timeline::part_ticks(TimeBase base) const {
  return rescale(part_frames, rate.time_base(), base, Rounding::down);
}

std::int64_t Timeline::part_begin_after(std::int64_t segment, std::int64_t tick, TimeBase base) const {
  for (std::int64_t frames = part_frames; frames < segment_frames; frames += part_frames) {
    const std::int64_t begin_of_part = rescale(begin(segment) + frames, rate.time_base(), base, Rounding::down);
    if (begin_of_part > tick) return begin_of_part;
  }
  return begin_ticks(segment + 1, base);
}

bool Timeline::sound_follows(std::int64_t packet_ticks, TimeBase base) const {
  const std::int64_t part = rescale(part_frames, rate.time_base(), base, Rounding::up);
  const std::int64_t most = (part + packet_ticks - 1) / packet_ticks;
  return part % packet_ticks == 0 || (most - 1) * 100 >= most * kLeastPercent;
}

std::int64_t Timeline::sound_packets(std::int64_t packet_ticks, TimeBase base) const {
  const std::int64_t part = rescale(part_frames, rate.time_base(), base, Rounding::up);
  if (sound_follows(packet_ticks, base)) return (part + packet_ticks - 1) / packet_ticks;
  return std::max<std::int64_t>(1, part_ticks(base) / packet_ticks);
}

std::int64_t to_micros(std::int64_t ticks, TimeBase base) {
  constexpr TimeBase kMicros{1, 1'000'000};
  return rescale(ticks, base, kMicros, Rounding::nearest);
}

}  // namespace mainstay::package
