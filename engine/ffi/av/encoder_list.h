// Which encoders this FFmpeg has for a codec, and which of them this machine can run.
// Plain functions.
// Thread-safety: any thread. usable_encoders() opens devices, so it belongs on set-up and error paths only.
#pragma once

#include <string>
#include <vector>

#include "engine/core/result.h"
#include "engine/media/packet.h"

namespace mainstay::ffi {

/// FFmpeg's names, software first. Only encoders that Mainstay knows how to drive.
std::vector<std::string> built_in_encoders(Codec codec);

/// Those of built_in_encoders() whose device opens here (software always does).
std::vector<std::string> usable_encoders(Codec codec);

/// What "auto" stands for: libx264, libx265, libsvtav1, aac, libopus. Empty for other codecs.
std::string software_encoder(Codec codec);

/// `encoder` with "auto" replaced, when this FFmpeg has it for `codec`; otherwise an error that lists those present.
Result<std::string> resolve_encoder(Codec codec, const std::string& encoder);

/// `encoder "X" cannot be used: WHY; present: …`.
Error unusable_encoder(Errc code, Codec codec, const std::string& encoder, const std::string& why);

}  // namespace mainstay::ffi
