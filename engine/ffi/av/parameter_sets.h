// What encoded streams say about themselves: profile and level, and where in an Annex B access unit the picture begins
// behind repeated parameter sets. ITU-T H.264 7.3, H.265 7.3, AV1 5.5.
// Plain functions.
// Thread-safety: any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "engine/media/packet.h"

namespace mainstay::ffi {

struct ProfileLevel {
  int profile = -1;  ///< profile_idc, seq_profile
  int level = -1;    ///< level_idc (H.264: 41 is 4.1; HEVC: 123 is 4.1), seq_level_idx (AV1: 9 is 4.1)
};

/// Of the first SPS (Annex B) or sequence header (OBU) in `header`; -1 where there is none or it is cut off.
ProfileLevel profile_level(Codec codec, std::span<const std::uint8_t> header);

/// `annexb` without the access unit delimiters and parameter sets it begins with. The bytes are not copied.
std::span<const std::uint8_t> without_parameter_sets(Codec codec, std::span<const std::uint8_t> annexb);

/// True when an access unit holds an IDR picture (H.264 type 5; HEVC types 19 and 20).
bool has_idr(Codec codec, std::span<const std::uint8_t> annexb);

/// True when no other picture refers to this one (H.264 nal_ref_idc 0; HEVC sub-layer non-reference types, in a stream
/// of one sub-layer). libavcodec's own flag is not set by every encoder.
bool is_droppable(Codec codec, std::span<const std::uint8_t> annexb);

}  // namespace mainstay::ffi
