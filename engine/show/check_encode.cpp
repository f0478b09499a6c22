// Encodes: what a rendition says must go together.
#include <algorithm>
#include <optional>
#include <string_view>

#include "engine/show/caps.h"
#include "engine/show/check_parts.h"
#include "engine/show/renditions.h"
#include "engine/show/suggest.h"

namespace mainstay::show {

namespace {

// The codec that an encoder makes, by the way FFmpeg names encoders; none for a name unknown here.
std::optional<Codec> codec_of_encoder(const std::string& encoder) {
  using Entry = std::pair<std::string_view, Codec>;
  for (const auto& [prefix, codec] : {Entry{"libx264", Codec::h264},
                                      {"libopenh264", Codec::h264},
                                      {"h264_", Codec::h264},
                                      {"libx265", Codec::hevc},
                                      {"libkvazaar", Codec::hevc},
                                      {"hevc_", Codec::hevc},
                                      {"libsvtav1", Codec::av1},
                                      {"libaom", Codec::av1},
                                      {"librav1e", Codec::av1},
                                      {"av1_", Codec::av1},
                                      {"libvpx-vp9", Codec::vp9},
                                      {"aac", Codec::aac},
                                      {"libfdk_aac", Codec::aac},
                                      {"libopus", Codec::opus},
                                      {"opus", Codec::opus}}) {
    if (encoder.starts_with(prefix)) return codec;
  }
  return std::nullopt;
}

void check_encoder(const std::string& encoder, Codec codec, const std::string& pointer, Findings& findings) {
  const std::optional<Codec> made = codec_of_encoder(encoder);
  if (encoder == "auto" || !made || *made == codec) return;
  findings.add(pointer + "/encoder", "{} makes {}, but \"codec\" is {}", encoder, to_string(*made), to_string(codec));
}

void check_video(const Show& show, std::size_t index, Findings& findings) {
  const VideoEncode& video = show.encode.video[index];
  const std::string pointer = fmt::format("/encode/video/{}", index);
  check_encoder(video.encoder, video.codec, pointer, findings);
  if (!video.profile.empty() && profile_rank(video.codec, video.profile) < 0) {
    findings.add(pointer + "/profile", "{} has no profile {}{}", to_string(video.codec), in_quotes(video.profile),
                 hint(video.profile, profile_names(video.codec)));
  }
  if (!video.level.empty()) {
    if (const Status fits = fits_level(load_of(show, video), video.level); !fits)
      findings.add_text(pointer + "/level", fits.error().message);
  }
  if (video.bframes > 0 && profile_rank(video.codec, video.profile) == 0)
    findings.add(pointer + "/bframes", "profile {} has no B-frames: leave this out or use main or high", video.profile);
  if (video.bframes > 0 && show.program.latency_target == LatencyTarget::sub_second) {
    findings.add(pointer + "/bframes", "B-frames do not go with the latency target \"sub_second\" (WebRTC): use 0");
  }
  if (video.height > show.program.height) {
    findings.add(pointer + "/height", "{} lines are more than the program's {}: a rendition is not scaled up",
                 video.height, show.program.height);
  }
}

// A rendition is not made of less than it holds, but stereo of mono, for who plays no mono.
void check_channels(const Show& show, int channels, const std::string& pointer, Findings& findings) {
  const int there = channels_of(show.program.audio_layout);
  if (channels <= std::max(there, 2)) return;
  findings.add(pointer + "/channels", "{} channels are more than the program's {}: set program.audio_layout to \"5.1\"",
               channels, there);
}

void check_audio(const Show& show, std::size_t index, Findings& findings) {
  const AudioEncode& audio = show.encode.audio[index];
  const std::string pointer = fmt::format("/encode/audio/{}", index);
  check_encoder(audio.encoder, audio.codec, pointer, findings);
  const int channels = rendition_channels(show.program, audio);
  check_channels(show, channels, pointer, findings);
  const int least = audio.codec == Codec::aac ? 8 * channels : channels > 2 ? 6 * channels : 6;
  if (audio.kbps < least)
    findings.add(pointer + "/kbps", "{} kb/s is too little for {} in {} channels: at least {}", audio.kbps,
                 to_string(audio.codec), channels, least);
}

}  // namespace

StreamLoad load_of(const Show& show, const VideoEncode& video) {
  const PictureSize size = rendition_size(show.program, video);
  const auto vbv = static_cast<int>(mul_div(video.kbps, video.vbv_ms, 1000));
  return {video.codec, video.profile, size.width, size.height, show.program.rate, video.kbps, vbv};
}

void check_encode(const Show& show, Findings& findings) {
  for (std::size_t i = 0; i < show.encode.video.size(); ++i) check_video(show, i, findings);
  for (std::size_t i = 0; i < show.encode.audio.size(); ++i) check_audio(show, i, findings);
}

}  // namespace mainstay::show
