#include "engine/show/caps.h"

#include <algorithm>
#include <array>

#include "engine/show/json_text.h"
#include "engine/show/levels.h"
#include "engine/show/renditions.h"
#include "engine/show/show_schema.h"
#include "engine/show/suggest.h"
#include "resources/resources.h"

namespace mainstay::show {

namespace {

std::vector<CapsPreset> read_presets() {
  std::vector<CapsPreset> presets;
  const JsonText text = parse_json(resource("presets/caps.json"));
  if (!text.value || !text.value->is_object()) return presets;
  const FieldInfo place;
  for (const auto& [name, entry] : text.value->items()) {
    CapsPreset preset;
    preset.name = name;
    preset.description = entry.value("description", "");
    preset.source = entry.value("source", "");
    Reader reader;
    section_of<Caps>().read(entry.value("caps", Json::object()), preset.caps, place, reader);
    // A preset with an error would be a weaker limit than it says; a unit test keeps the file clean.
    if (std::move(reader).take().empty()) presets.push_back(std::move(preset));
  }
  return presets;
}

const CapsPreset* find_preset(std::string_view name) {
  for (const CapsPreset& preset : caps_presets()) {
    if (preset.name == name) return &preset;
  }
  return nullptr;
}

template <class T>
void keep_least(std::optional<T>& kept, const std::optional<T>& other, bool (*less)(const T&, const T&)) {
  if (other && (!kept || less(*other, *kept))) kept = *other;
}

template <class T>
bool smaller(const T& a, const T& b) {
  return a < b;
}

std::vector<Codec> common(const std::vector<Codec>& a, const std::vector<Codec>& b) {
  if (a.empty() || b.empty()) return a.empty() ? b : a;
  std::vector<Codec> both;
  for (const Codec codec : a) {
    if (std::find(b.begin(), b.end(), codec) != b.end()) both.push_back(codec);
  }
  return both.empty() ? a : both;
}

constexpr std::array<std::string_view, 8> kH264Profiles{
    "baseline", "constrained_baseline", "main", "constrained_high", "high", "high10", "high422", "high444"};
constexpr std::array<std::string_view, 6> kHevcProfiles{"main", "main10", "main12", "main422-10", "main444-8", "rext"};
constexpr std::array<std::string_view, 3> kAv1Profiles{"main", "high", "professional"};

// A cap names no codec: its words mean the same order in H.264 and HEVC.
int cap_rank(const std::string& profile) {
  if (profile == "baseline") return 0;
  if (profile == "main") return 1;
  return profile == "high10" ? 3 : 2;  // high and main10
}

bool lower_profile(const std::string& a, const std::string& b) {
  return cap_rank(a) < cap_rank(b);
}

bool lower_level(const std::string& a, const std::string& b) {
  return level_number(a) < level_number(b);
}

}  // namespace

const std::vector<CapsPreset>& caps_presets() {
  static const std::vector<CapsPreset> presets = read_presets();
  return presets;
}

std::vector<std::string> caps_preset_names() {
  std::vector<std::string> names;
  for (const CapsPreset& preset : caps_presets()) names.push_back(preset.name);
  return names;
}

Caps stricter(const Caps& a, const Caps& b) {
  Caps out = a;
  keep_least(out.max_video_kbps, b.max_video_kbps, smaller<int>);
  keep_least(out.max_audio_kbps, b.max_audio_kbps, smaller<int>);
  keep_least(out.max_audio_channels, b.max_audio_channels, smaller<int>);
  keep_least(out.max_height, b.max_height, smaller<int>);
  keep_least<Rate>(out.max_rate, b.max_rate, [](const Rate& x, const Rate& y) { return slower(x, y); });
  keep_least(out.max_keyint_s, b.max_keyint_s, smaller<double>);
  keep_least(out.max_bframes, b.max_bframes, smaller<int>);
  keep_least(out.max_vbv_ms, b.max_vbv_ms, smaller<int>);
  keep_least(out.max_profile, b.max_profile, lower_profile);
  keep_least(out.max_level, b.max_level, lower_level);
  out.video_codecs = common(a.video_codecs, b.video_codecs);
  out.audio_codecs = common(a.audio_codecs, b.audio_codecs);
  return out;
}

Result<Caps> resolve_caps(const Caps& caps) {
  if (caps.preset.empty()) return caps;
  const CapsPreset* preset = find_preset(caps.preset);
  if (preset == nullptr) {
    const std::string near = nearest(caps.preset, caps_preset_names());
    return make_error(Errc::invalid, "unknown caps preset {}{}; the presets are {}", in_quotes(caps.preset),
                      near.empty() ? "" : fmt::format(": did you mean \"{}\"?", near), listed(caps_preset_names()));
  }
  return stricter(caps, preset->caps);
}

Caps effective_caps(const Show& show, const VideoEncode& video) {
  const auto limits = [](const Caps& caps) { return resolve_caps(caps).has_value() ? *resolve_caps(caps) : caps; };
  Caps caps = limits(show.encode.caps);
  for (const auto& [name, destination] : show.destinations) {
    if (may_send(show.encode, destination, video)) caps = stricter(caps, limits(destination.caps));
  }
  return caps;
}

Caps effective_caps(const Show& show, const AudioEncode& audio) {
  const auto limits = [](const Caps& caps) { return resolve_caps(caps).has_value() ? *resolve_caps(caps) : caps; };
  Caps caps = limits(show.encode.caps);
  for (const auto& [name, destination] : show.destinations) {
    const AudioEncode* sent = find_audio(show.encode, destination.audio);
    if (sent != nullptr && sent->name == audio.name) caps = stricter(caps, limits(destination.caps));
  }
  return caps;
}

int profile_rank(Codec codec, std::string_view profile) {
  if (codec == Codec::h264) {
    if (profile == "baseline" || profile == "constrained_baseline") return 0;
    if (profile == "main") return 1;
    if (profile == "high" || profile == "constrained_high") return 2;
    if (profile == "high10") return 3;
  } else if (codec == Codec::hevc) {
    if (profile == "main") return 1;
    if (profile == "main10") return 2;
  }
  const std::vector<std::string> known = profile_names(codec);
  return std::find(known.begin(), known.end(), profile) == known.end() ? -1 : 4;
}

std::vector<std::string> profile_names(Codec codec) {
  if (codec == Codec::h264) return {kH264Profiles.begin(), kH264Profiles.end()};
  if (codec == Codec::hevc) return {kHevcProfiles.begin(), kHevcProfiles.end()};
  if (codec == Codec::av1) return {kAv1Profiles.begin(), kAv1Profiles.end()};
  return {};
}

}  // namespace mainstay::show
