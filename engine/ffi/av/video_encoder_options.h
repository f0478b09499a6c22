// How each encoder wants to be told the same thing: the option names of libx264, libx265, SVT-AV1 and the hardware
// encoders for preset, rate control, forced IDR and delay.
// Plain functions and values; no FFmpeg types, so that the tables are tested without the hardware.
// Thread-safety: any thread.
#pragma once

#include <map>
#include <string>

#include "engine/core/result.h"
#include "engine/ffi/av/video_encoder.h"

namespace mainstay::ffi {

enum class PictureInput {
  i420,  ///< the frame as it is
  nv12,  ///< converted in memory
  vaapi  ///< converted and uploaded to a VAAPI surface
};

struct EncoderSetup {
  std::map<std::string, std::string> options;  ///< private options of the encoder
  PictureInput input = PictureInput::i420;
  int level_number = 0;        ///< for encoders that take the level as a number in the context; 0: unset
  bool slice_threads = false;  ///< threads share a picture instead of working on several: no delay
};

/// Errc::invalid when the configuration says something that Mainstay itself decides (gop, bitrate, flags).
Result<EncoderSetup> encoder_setup(const VideoEncoderConfig& config, const std::string& encoder);

/// "4.1" as 41; 0 when it is no level.
int level_number(const std::string& level);

}  // namespace mainstay::ffi
