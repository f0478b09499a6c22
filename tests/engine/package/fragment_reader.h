// What a player's demuxer and decoder make of fragments: libavformat and libavcodec alone, as a yardstick that shares
// nothing with what wrote them.
// Owned by the test.
// Thread-safety: from any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace mainstay::package::testing {

struct ReadFragment {
  std::vector<std::int64_t> times;  ///< of presentation, in ticks, in order
  std::int64_t ticks_a_second = 0;
  std::int64_t last_duration = 0;  ///< of the last packet
  bool begins_with_key = false;
  std::int64_t decoded = 0;  ///< pictures, or samples of sound
  int width = 0;
  std::string trouble;  ///< the first thing that was wrong; empty: nothing

  /// In that unit, which must fit exactly; -1: it does not.
  std::int64_t at(std::size_t index, std::int64_t a_second) const;
};

/// An initialisation segment (empty: none is needed) and what follows it, on their own.
ReadFragment read_fragment(std::string_view init, std::string_view media, bool decode);

}  // namespace mainstay::package::testing
