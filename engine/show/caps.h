// What an encode may not exceed: the presets shipped as data, and how several limits combine.
// Functions without state; the table of presets is a constant of the program image.
// Thread-safety: from any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/core/result.h"
#include "engine/show/show.h"

namespace mainstay::show {

struct CapsPreset {
  std::string name;
  std::string description;
  std::string source;  ///< the public page or specification, and its date
  Caps caps;
};

/// In the order of resources/presets/caps.json.
const std::vector<CapsPreset>& caps_presets();
std::vector<std::string> caps_preset_names();

/// Both limits at once: of each field the stricter value. Codec lists: what both take; when they have nothing in
/// common, a's (check() refuses such a show).
Caps stricter(const Caps& a, const Caps& b);

/// The caps with those of their preset merged in; `preset` keeps the name. Errc::invalid for an unknown preset, with
/// the known ones.
Result<Caps> resolve_caps(const Caps& caps);

/// What holds for a rendition: encode.caps and the caps of every destination that sends it. The measured peak of any
/// second stays under max_video_kbps. Unknown presets count as no limit here; check() refuses them.
Caps effective_caps(const Show& show, const VideoEncode& video);
Caps effective_caps(const Show& show, const AudioEncode& audio);

/// Order of profiles within a codec: H.264 baseline < main < high < high10 < …, HEVC main < main10 < …; -1: not known.
int profile_rank(Codec codec, std::string_view profile);
std::vector<std::string> profile_names(Codec codec);

}  // namespace mainstay::show
