#include "engine/ffi/av/encoder_list.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "engine/ffi/av/av_common.h"
#include "engine/ffi/av/av_init.h"

extern "C" {
#include <libavutil/hwcontext.h>
}

namespace mainstay::ffi {

namespace {

struct Known {
  Codec codec;
  const char* name;
  const char* device;  // FFmpeg's device type; null: software
};

constexpr std::array kKnown{
    Known{Codec::h264, "libx264", nullptr},
    Known{Codec::h264, "h264_nvenc", "cuda"},
    Known{Codec::h264, "h264_vaapi", "vaapi"},
    Known{Codec::h264, "h264_qsv", "qsv"},
    Known{Codec::h264, "h264_videotoolbox", "videotoolbox"},
    Known{Codec::h264, "h264_amf", "d3d11va"},
    Known{Codec::hevc, "libx265", nullptr},
    Known{Codec::hevc, "hevc_nvenc", "cuda"},
    Known{Codec::hevc, "hevc_vaapi", "vaapi"},
    Known{Codec::hevc, "hevc_qsv", "qsv"},
    Known{Codec::hevc, "hevc_videotoolbox", "videotoolbox"},
    Known{Codec::hevc, "hevc_amf", "d3d11va"},
    Known{Codec::av1, "libsvtav1", nullptr},
    Known{Codec::av1, "av1_nvenc", "cuda"},
    Known{Codec::av1, "av1_vaapi", "vaapi"},
    Known{Codec::av1, "av1_qsv", "qsv"},
    Known{Codec::av1, "av1_amf", "d3d11va"},
    Known{Codec::aac, "aac", nullptr},
    Known{Codec::opus, "libopus", nullptr},
};

bool device_opens(const char* name) {
  const AVHWDeviceType type = av_hwdevice_find_type_by_name(name);
  if (type == AV_HWDEVICE_TYPE_NONE) return false;
  const AvComplaints unheard;
  AVBufferRef* device = nullptr;
  if (av_hwdevice_ctx_create(&device, type, nullptr, nullptr, 0) < 0) return false;
  av_buffer_unref(&device);
  return true;
}

template <class Accept>
std::vector<std::string> names(Codec codec, Accept accept) {
  std::vector<std::string> found;
  for (const Known& known : kKnown) {
    if (known.codec != codec || avcodec_find_encoder_by_name(known.name) == nullptr) continue;
    if (accept(known)) found.emplace_back(known.name);
  }
  return found;
}

}  // namespace

std::vector<std::string> built_in_encoders(Codec codec) {
  return names(codec, [](const Known&) { return true; });
}

std::vector<std::string> usable_encoders(Codec codec) {
  return names(codec, [](const Known& known) { return known.device == nullptr || device_opens(known.device); });
}

std::string software_encoder(Codec codec) {
  const auto known = std::find_if(kKnown.begin(), kKnown.end(), [&](const Known& k) { return k.codec == codec; });
  return known != kKnown.end() ? known->name : "";
}

Error unusable_encoder(Errc code, Codec codec, const std::string& encoder, const std::string& why) {
  std::string present;
  for (const std::string& name : usable_encoders(codec)) present += (present.empty() ? "" : ", ") + name;
  return make_error(code, "encoder \"{}\" cannot be used: {}; present for {}: {}", encoder, why, to_string(codec),
                    present.empty() ? "none" : present);
}

Result<std::string> resolve_encoder(Codec codec, const std::string& encoder) {
  const std::string name = encoder.empty() || encoder == "auto" ? software_encoder(codec) : encoder;
  const std::vector<std::string> built_in = built_in_encoders(codec);
  if (std::find(built_in.begin(), built_in.end(), name) != built_in.end()) return name;
  const AVCodec* other = avcodec_find_encoder_by_name(name.c_str());
  if (name.empty()) return unusable_encoder(Errc::unsupported, codec, encoder, "nothing encodes this codec");
  if (other != nullptr && other->id != to_av(codec)) {
    return unusable_encoder(Errc::invalid, codec, name, fmt::format("it does not make {}", to_string(codec)));
  }
  return unusable_encoder(Errc::unsupported, codec, name,
                          other == nullptr ? "this FFmpeg does not have it" : "Mainstay cannot drive it");
}

}  // namespace mainstay::ffi
