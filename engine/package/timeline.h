// Where segments and parts of all renditions begin: a grid of frames since the program's first one. So a segment's
// number follows from its time alone, renditions agree on it without talking, and nothing is ever summed up.
// Plain values.
// Thread-safety: as any value.
#pragma once

#include <cstdint>

#include "engine/media/rate.h"

namespace mainstay::package {

struct Timeline {
  Rate rate;
  FrameIndex first_frame = 0;  ///< of the program: where segment 0 of the grid begins
  std::int64_t segment_frames = 60;
  std::int64_t part_frames = 10;

  FrameIndex begin(std::int64_t segment) const { return first_frame + segment * segment_frames; }
  /// The segment that a frame lies in.
  std::int64_t segment_of(FrameIndex frame) const;
  bool is_begin(FrameIndex frame) const { return begin(segment_of(frame)) == frame; }

  /// The same in ticks of a stream: the first tick that belongs to the segment.
  std::int64_t begin_ticks(std::int64_t segment, TimeBase base) const;
  /// The segment that a tick lies in.
  std::int64_t segment_of_ticks(std::int64_t ticks, TimeBase base) const;
  /// Length of a part in ticks, rounded down.
  std::int64_t part_ticks(TimeBase base) const;
  /// The first tick behind `tick` where a part of the pictures begins, in the segment or at its end.
  std::int64_t part_begin_after(std::int64_t segment, std::int64_t tick, TimeBase base) const;
  /// Whether parts of sound, of packets that long, end with the packet in which the pictures' part ends. Then some have
  /// a packet less than others, which must not be less than 85 % of the longest (RFC 8216bis 4.4.4.9).
  bool sound_follows(std::int64_t packet_ticks, TimeBase base) const;
  /// Most packets of sound that a part holds.
  std::int64_t sound_packets(std::int64_t packet_ticks, TimeBase base) const;

  friend bool operator==(const Timeline&, const Timeline&) = default;
};

/// Ticks since the epoch in microseconds, as playlists tell time: differences of these add up exactly.
std::int64_t to_micros(std::int64_t ticks, TimeBase base);

}  // namespace mainstay::package
