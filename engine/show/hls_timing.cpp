#include "engine/show/hls_timing.h"

#include <algorithm>
#include <cmath>

namespace mainstay::show {

namespace {

bool among(const std::vector<std::string>& names, const std::string& name) {
  return names.empty() || std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

std::int64_t gop_frames(Rate rate, const VideoEncode& video) {
  return std::max<std::int64_t>(1, rate.frames_in(Nanos(std::llround(video.keyint_s * 1e9))));
}

bool packages_video(const Hls& hls, const std::string& name) {
  return among(hls.video, name);
}

bool packages_audio(const Hls& hls, const std::string& name) {
  return among(hls.audio, name);
}

HlsTiming hls_timing(const Show& show, const Hls& hls) {
  const Rate rate = show.program.rate;
  const double fps = static_cast<double>(rate.num) / static_cast<double>(rate.den);
  std::int64_t gop = 0;
  for (const VideoEncode& video : show.encode.video) {
    if (packages_video(hls, video.name)) gop = std::max(gop, gop_frames(rate, video));
  }
  if (gop == 0) gop = std::max<std::int64_t>(1, std::llround(hls.segment_s * fps));
  HlsTiming timing;
  timing.segment_frames = std::max<std::int64_t>(1, std::llround(hls.segment_s * fps / static_cast<double>(gop))) * gop;
  timing.part_frames = std::clamp<std::int64_t>(std::llround(hls.part_ms * fps / 1000), 1, timing.segment_frames);
  return timing;
}

}  // namespace mainstay::show
