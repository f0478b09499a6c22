// Levels of H.264 (ITU-T H.264 Table A-1) and HEVC (ITU-T H.265 Tables A.8 and A.9, main tier): whether a stream fits.
// Functions without state.
// Thread-safety: from any thread.
#pragma once

#include <string>
#include <string_view>

#include "engine/core/result.h"
#include "engine/media/packet.h"
#include "engine/media/rate.h"

namespace mainstay::show {

/// What a level limits.
struct StreamLoad {
  Codec codec = Codec::h264;
  std::string profile;  ///< H.264: high profiles are allowed 1.25 times the bitrate; empty counts as high
  int width = 0;
  int height = 0;
  Rate rate;
  int kbps = 0;
  int vbv_kbits = 0;
};

/// "4.1" as 41, "4" as 40, "1b" between 1 and 1.1; 0 when it is no level's name.
int level_number(std::string_view level);

/// Errc::invalid when the codec has no such level, or the stream needs a higher one; the message says which limit it
/// breaks and which level would do. Codecs other than H.264 and HEVC always fit.
Status fits_level(const StreamLoad& load, std::string_view level);

}  // namespace mainstay::show
