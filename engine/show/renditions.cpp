#include "engine/show/renditions.h"

#include <algorithm>

namespace mainstay::show {

namespace {

template <class T>
const T* find(const std::vector<T>& renditions, std::string_view name) {
  for (const T& rendition : renditions) {
    if (name.empty() || rendition.name == name) return &rendition;
  }
  return nullptr;
}

}  // namespace

const VideoEncode* find_video(const Encode& encode, std::string_view name) {
  return find(encode.video, name);
}

const AudioEncode* find_audio(const Encode& encode, std::string_view name) {
  return find(encode.audio, name);
}

PictureSize rendition_size(const Program& program, const VideoEncode& video) {
  if (video.height == 0 || video.height == program.height) return {program.width, program.height};
  const auto halves = mul_div(program.width, video.height, std::int64_t{program.height} * 2, Rounding::nearest);
  return {std::max(2, static_cast<int>(halves) * 2), video.height};
}

int rendition_channels(const Program& program, const AudioEncode& audio) {
  return audio.channels > 0 ? audio.channels : channels_of(program.audio_layout);
}

}  // namespace mainstay::show
