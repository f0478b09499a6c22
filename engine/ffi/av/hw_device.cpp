#include "engine/ffi/av/hw_device.h"

extern "C" {
#include <libavutil/hwcontext.h>
}

#include <filesystem>

namespace mainstay::ffi {

namespace {

/// Whether a device of this type can be there at all.
bool plausible(AVHWDeviceType type) {
  std::error_code error;
  switch (type) {
    case AV_HWDEVICE_TYPE_CUDA:
      return std::filesystem::exists("/dev/nvidia0", error);
    case AV_HWDEVICE_TYPE_VAAPI:
      return std::filesystem::exists("/dev/dri/renderD128", error);
    case AV_HWDEVICE_TYPE_VIDEOTOOLBOX:
    case AV_HWDEVICE_TYPE_D3D11VA:
      return true;  // where FFmpeg is built with these, the system always has one
    default:
      return false;  // the others only by name
  }
}

AVPixelFormat hw_format(const AVCodec& decoder, AVHWDeviceType type) {
  for (int i = 0;; ++i) {
    const AVCodecHWConfig* config = avcodec_get_hw_config(&decoder, i);
    if (!config) return AV_PIX_FMT_NONE;
    if (config->device_type == type && (config->methods & AV_CODEC_HW_CONFIG_METHOD_HW_DEVICE_CTX))
      return config->pix_fmt;
  }
}

std::unique_ptr<HwDevice> try_open(const AVCodec& decoder, AVHWDeviceType type) {
  auto device = std::make_unique<HwDevice>();
  device->format = hw_format(decoder, type);
  device->name = av_hwdevice_get_type_name(type);
  if (device->format == AV_PIX_FMT_NONE) return nullptr;
  if (av_hwdevice_ctx_create(&device->device, type, nullptr, nullptr, 0) < 0) return nullptr;
  return device;
}

}  // namespace

std::unique_ptr<HwDevice> open_hw_device(const AVCodec& decoder, const std::string& wanted, Log& log,
                                         const std::string& who) {
  if (wanted == "none" || wanted.empty()) return nullptr;
  if (wanted != "auto") {
    const AVHWDeviceType type = av_hwdevice_find_type_by_name(wanted.c_str());
    auto device = type == AV_HWDEVICE_TYPE_NONE ? nullptr : try_open(decoder, type);
    if (!device)
      log.warning(who, "hardware decoder \"{}\" cannot be used for {} here: decoding in software", wanted,
                  decoder.name);
    return device;
  }
  for (AVHWDeviceType type = av_hwdevice_iterate_types(AV_HWDEVICE_TYPE_NONE); type != AV_HWDEVICE_TYPE_NONE;
       type = av_hwdevice_iterate_types(type)) {
    if (!plausible(type) || hw_format(decoder, type) == AV_PIX_FMT_NONE) continue;
    if (auto device = try_open(decoder, type)) return device;
    log.info(who, "{} is there but does not open: decoding in software", av_hwdevice_get_type_name(type));
  }
  return nullptr;
}

}  // namespace mainstay::ffi
