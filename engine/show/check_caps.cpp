// Caps: each rendition stays within the limits of encode.caps and of every destination that sends it. Each limit is
// looked at where it was set, so that the message names the one that has to give.
#include <algorithm>

#include "engine/show/caps.h"
#include "engine/show/check_parts.h"
#include "engine/show/renditions.h"
#include "engine/show/section.h"
#include "engine/show/suggest.h"

namespace mainstay::show {

namespace {

/// Limits from one place: a caps object without its preset, or a preset.
struct Limits {
  Caps caps;
  std::string of;  ///< "/encode/caps", "caps preset \"twitch\" (destination \"platform\")"

  template <class T>
  std::string named(const char* key, const T& value) const {
    return fmt::format("{} {} of {}", key, value, of);
  }
};

std::vector<Limits> limits_of(const Caps& caps, const std::string& pointer, const std::string& who,
                              Findings& findings) {
  std::vector<Limits> limits{{caps, pointer + who}};
  if (caps.preset.empty()) return limits;
  Caps preset;
  preset.preset = caps.preset;
  if (Result<Caps> resolved = resolve_caps(preset)) {
    limits.push_back({*std::move(resolved), fmt::format("caps preset \"{}\"{}", caps.preset, who)});
  } else {
    findings.add_text(pointer + "/preset", resolved.error().message);
  }
  return limits;
}

std::string listed_codecs(const std::vector<Codec>& codecs) {
  std::vector<std::string> names;
  for (const Codec codec : codecs) names.emplace_back(to_string(codec));
  return listed(names);
}

bool among(Codec codec, const std::vector<Codec>& codecs) {
  return codecs.empty() || std::find(codecs.begin(), codecs.end(), codec) != codecs.end();
}

void check_numbers(const VideoEncode& video, const std::string& pointer, const Limits& limits, Findings& findings) {
  const Caps& caps = limits.caps;
  if (caps.max_video_kbps && video.kbps > *caps.max_video_kbps) {
    findings.add(pointer + "/kbps", "{} kb/s exceeds {}", video.kbps,
                 limits.named("max_video_kbps", *caps.max_video_kbps));
  }
  if (caps.max_keyint_s && video.keyint_s > *caps.max_keyint_s) {
    findings.add(pointer + "/keyint_s", "{} s exceeds {}", video.keyint_s,
                 limits.named("max_keyint_s", *caps.max_keyint_s));
  }
  if (caps.max_bframes && video.bframes > *caps.max_bframes) {
    findings.add(pointer + "/bframes", "{} exceeds {}", video.bframes, limits.named("max_bframes", *caps.max_bframes));
  }
  if (caps.max_vbv_ms && video.vbv_ms > *caps.max_vbv_ms) {
    findings.add(pointer + "/vbv_ms", "{} ms exceeds {}", video.vbv_ms, limits.named("max_vbv_ms", *caps.max_vbv_ms));
  }
}

void check_profile_and_level(const Show& show, const VideoEncode& video, const std::string& pointer,
                             const Limits& limits, Findings& findings) {
  const Caps& caps = limits.caps;
  if (caps.max_profile && !video.profile.empty()) {
    // A profile of another codec ("high" for HEVC) says nothing about this one.
    const int most = profile_rank(video.codec, *caps.max_profile);
    if (most >= 0 && profile_rank(video.codec, video.profile) > most) {
      findings.add(pointer + "/profile", "{} exceeds {}", video.profile,
                   limits.named("max_profile", *caps.max_profile));
    }
  }
  if (!caps.max_level) return;
  if (level_number(video.level) > level_number(*caps.max_level)) {
    findings.add(pointer + "/level", "{} exceeds {}", video.level, limits.named("max_level", *caps.max_level));
  } else if (const Status fits = fits_level(load_of(show, video), *caps.max_level); !fits) {
    findings.add(pointer, "the stream does not fit {}: {}", limits.named("max_level", *caps.max_level),
                 fits.error().message);
  }
}

void check_video(const Show& show, const VideoEncode& video, const Limits& limits, Findings& findings) {
  const std::string pointer = fmt::format("/encode/video/{}", &video - show.encode.video.data());
  const Caps& caps = limits.caps;
  const int height = rendition_size(show.program, video).height;
  if (caps.max_height && height > *caps.max_height)
    findings.add(pointer + "/height", "{} lines exceeds {}", height, limits.named("max_height", *caps.max_height));
  if (caps.max_rate && slower(*caps.max_rate, show.program.rate)) {
    findings.add("/program/rate", "{} frames/s exceeds {}", show.program.rate.str(),
                 limits.named("max_rate", caps.max_rate->str()));
  }
  if (!among(video.codec, caps.video_codecs)) {
    findings.add(pointer + "/codec", "{} is not among {}", to_string(video.codec),
                 limits.named("video_codecs", listed_codecs(caps.video_codecs)));
  }
  check_numbers(video, pointer, limits, findings);
  check_profile_and_level(show, video, pointer, limits, findings);
}

void check_audio(const Show& show, const AudioEncode& audio, const Limits& limits, Findings& findings) {
  const std::string pointer = fmt::format("/encode/audio/{}", &audio - show.encode.audio.data());
  const Caps& caps = limits.caps;
  if (caps.max_audio_kbps && audio.kbps > *caps.max_audio_kbps) {
    findings.add(pointer + "/kbps", "{} kb/s exceeds {}", audio.kbps,
                 limits.named("max_audio_kbps", *caps.max_audio_kbps));
  }
  if (const int channels = rendition_channels(show.program, audio);
      caps.max_audio_channels && channels > *caps.max_audio_channels) {
    findings.add(pointer + "/channels", "{} channels exceed {}", channels,
                 limits.named("max_audio_channels", *caps.max_audio_channels));
  }
  if (!among(audio.codec, caps.audio_codecs)) {
    findings.add(pointer + "/codec", "{} is not among {}", to_string(audio.codec),
                 limits.named("audio_codecs", listed_codecs(caps.audio_codecs)));
  }
}

}  // namespace

void check_caps(const Show& show, Findings& findings) {
  for (const Limits& limits : limits_of(show.encode.caps, "/encode/caps", "", findings)) {
    for (const VideoEncode& video : show.encode.video) check_video(show, video, limits, findings);
    for (const AudioEncode& audio : show.encode.audio) check_audio(show, audio, limits, findings);
  }
  for (const auto& [name, destination] : show.destinations) {
    const std::string who = fmt::format(" (destination {})", in_quotes(name));
    const AudioEncode* audio = find_audio(show.encode, destination.audio);
    const std::string pointer = pointer_to("/destinations", name) + "/caps";
    for (const Limits& limits : limits_of(destination.caps, pointer, who, findings)) {
      for (const VideoEncode& video : show.encode.video) {
        if (may_send(show.encode, destination, video)) check_video(show, video, limits, findings);
      }
      if (audio != nullptr) check_audio(show, *audio, limits, findings);
    }
  }
}

}  // namespace mainstay::show
