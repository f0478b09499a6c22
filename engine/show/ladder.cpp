#include "engine/show/ladder.h"

#include <algorithm>

#include "engine/show/caps.h"

namespace mainstay::show {

namespace {

constexpr int kLeastKbps = 10;  // as declared in show_schema_output.cpp
constexpr int kLeastVbv = 50;

struct Rung {
  int lines;  // of the shorter side
  int kbps;   // H.264 at 30 frames a second
};

struct Ladder {
  std::string_view name;
  std::vector<Rung> rungs;  // the largest first
};

// apple: HLS Authoring Specification for Apple devices, table of 16:9 H.264 variants, one rung a picture size and the
// higher rate at 720 lines too. mobile: what holds on congested cellular networks.
const std::vector<Ladder>& ladders() {
  static const std::vector<Ladder> all{
      {"apple", {{1080, 6000}, {720, 4500}, {720, 3000}, {540, 2000}, {432, 1100}, {360, 365}, {234, 145}}},
      {"mobile", {{540, 1200}, {432, 730}, {360, 365}, {234, 145}}},
      {"single", {{1080, 6000}, {720, 3000}, {540, 2000}, {360, 730}}}};
  return all;
}

// The picture's height whose shorter side has that many lines.
int height_for(const Program& program, int lines) {
  if (program.height <= program.width) return lines;
  return 2 * static_cast<int>(mul_div(lines, program.height, std::int64_t{program.width} * 2, Rounding::nearest));
}

VideoEncode rendition(const Rung& rung, const Program& program, const Caps& caps) {
  VideoEncode video;
  video.height = height_for(program, rung.lines);
  if (video.height == program.height) video.height = 0;
  // What no encode can be held to stays with what an encode may say; check() names the cap.
  video.kbps = caps.max_video_kbps ? std::max(kLeastKbps, std::min(rung.kbps, *caps.max_video_kbps)) : rung.kbps;
  if (caps.max_keyint_s) video.keyint_s = std::min(video.keyint_s, *caps.max_keyint_s);
  if (caps.max_vbv_ms) video.vbv_ms = std::max(kLeastVbv, std::min(video.vbv_ms, *caps.max_vbv_ms));
  const auto& allowed = caps.video_codecs;
  for (const Codec codec : {Codec::h264, Codec::hevc, Codec::av1}) {
    if (!allowed.empty() && std::find(allowed.begin(), allowed.end(), codec) == allowed.end()) continue;
    video.codec = codec;
    break;
  }
  return video;
}

}  // namespace

std::vector<std::string> ladder_names() {
  std::vector<std::string> names;
  for (const Ladder& ladder : ladders()) names.emplace_back(ladder.name);
  return names;
}

std::vector<VideoEncode> make_ladder(std::string_view name, const Program& program, const Caps& given) {
  std::vector<VideoEncode> made;
  const auto ladder =
      std::find_if(ladders().begin(), ladders().end(), [&](const Ladder& one) { return one.name == name; });
  if (ladder == ladders().end()) return made;
  const Result<Caps> resolved = resolve_caps(given);  // an unknown preset is check()'s to tell
  const Caps& caps = resolved ? *resolved : given;
  const int most = std::min(program.height, caps.max_height.value_or(program.height));
  for (const Rung& rung : ladder->rungs) {
    if (height_for(program, rung.lines) > most) continue;
    if (caps.max_video_kbps && rung.kbps > *caps.max_video_kbps) continue;
    made.push_back(rendition(rung, program, caps));
    if (name == "single") break;
  }
  if (made.empty()) {
    made.push_back(rendition(ladder->rungs.back(), program, caps));
    made.back().height = most == program.height ? 0 : most / 2 * 2;
  }
  for (std::size_t i = 0; i < made.size(); ++i) made[i].name = "v" + std::to_string(i);
  return made;
}

}  // namespace mainstay::show
