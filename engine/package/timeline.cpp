#include "engine/package/timeline.h"

namespace mainstay::package {

namespace {

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

std::int64_t to_micros(std::int64_t ticks, TimeBase base) {
  constexpr TimeBase kMicros{1, 1'000'000};
  return rescale(ticks, base, kMicros, Rounding::nearest);
}

}  // namespace mainstay::package
