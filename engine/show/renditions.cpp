#include "engine/show/renditions.h"

#include <fmt/core.h>

#include <algorithm>
#include <tuple>

namespace mainstay::show {

namespace {

template <class T>
const T* find(const std::vector<T>& renditions, std::string_view name) {
  for (const T& rendition : renditions) {
    if (name.empty() || rendition.name == name) return &rendition;
  }
  return nullptr;
}

// How an encoder orders pictures: decode times of two renditions agree only when both do it alike.
auto order_of_pictures(const VideoEncode& video) {
  const bool by_preset = video.bframes < 0;
  const bool baseline = video.profile == "baseline" || video.profile == "constrained_baseline";
  return std::tuple(video.encoder, video.bframes, by_preset ? video.preset : "", by_preset ? video.tune : "",
                    by_preset && baseline);
}

}  // namespace

const VideoEncode* find_video(const Encode& encode, std::string_view name) {
  return find(encode.video, name);
}

const AudioEncode* find_audio(const Encode& encode, std::string_view name) {
  return find(encode.audio, name);
}

std::string why_no_step(const VideoEncode& from, const VideoEncode& to) {
  if (to.codec != from.codec) return fmt::format("it is {}, not {}", to_string(to.codec), to_string(from.codec));
  if (to.kbps >= from.kbps) return fmt::format("its {} kb/s are no less than {}", to.kbps, from.kbps);
  if (to.keyint_s != from.keyint_s) return fmt::format("its keyint_s is {}, not {}", to.keyint_s, from.keyint_s);
  if (order_of_pictures(to) != order_of_pictures(from)) {
    return "its B-frames may differ: \"encoder\" and \"bframes\" must be the same, and without \"bframes\" also "
           "\"preset\" and \"tune\"";
  }
  return {};
}

std::vector<const VideoEncode*> lower_rungs(const Encode& encode, const Destination& destination) {
  std::vector<const VideoEncode*> rungs;
  const VideoEncode* top = find_video(encode, destination.video);
  if (!destination.step || top == nullptr) return rungs;
  const std::string& down_to = destination.step->down_to;
  const VideoEncode* lowest = down_to.empty() ? nullptr : find_video(encode, down_to);
  if (!down_to.empty() && lowest == nullptr) return rungs;
  for (const VideoEncode& video : encode.video) {
    if (why_no_step(*top, video).empty() && (lowest == nullptr || video.kbps >= lowest->kbps)) rungs.push_back(&video);
  }
  std::stable_sort(rungs.begin(), rungs.end(), [](const auto* a, const auto* b) { return a->kbps > b->kbps; });
  const auto same_rate = [](const auto* a, const auto* b) { return a->kbps == b->kbps; };
  rungs.erase(std::unique(rungs.begin(), rungs.end(), same_rate), rungs.end());
  return rungs;
}

bool may_send(const Encode& encode, const Destination& destination, const VideoEncode& video) {
  const VideoEncode* sent = find_video(encode, destination.video);
  if (sent != nullptr && sent->name == video.name) return true;
  const std::vector<const VideoEncode*> lower = lower_rungs(encode, destination);
  return std::any_of(lower.begin(), lower.end(), [&](const VideoEncode* rung) { return rung->name == video.name; });
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
