// Hardware decoders: which device, if any, decodes a codec on this machine.
// Owned by the decoder. Only .cpp files of engine/ffi/av include this header.
// Thread-safety: one thread at a time.
#pragma once

#include <string>

#include "engine/core/log.h"
#include "engine/ffi/av/av_common.h"

namespace mainstay::ffi {

struct HwDevice {
  AVBufferRef* device = nullptr;
  AVPixelFormat format = AV_PIX_FMT_NONE;  ///< what its pictures are before they are fetched
  std::string name;

  HwDevice() = default;
  HwDevice(const HwDevice&) = delete;
  HwDevice& operator=(const HwDevice&) = delete;
  ~HwDevice() { av_buffer_unref(&device); }
};

/// A device that decodes with `decoder`, opened; null for software. `wanted` is auto, none or FFmpeg's device name.
/// "auto" only looks at devices whose node exists, so it costs nothing on a machine without one. A device that was
/// asked for by name and does not open is one warning, and software decodes.
std::unique_ptr<HwDevice> open_hw_device(const AVCodec& decoder, const std::string& wanted, Log& log,
                                         const std::string& who);

}  // namespace mainstay::ffi
