// Rules of the multivariant playlist.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "tests/engine/package/checklist.h"

namespace mainstay::package::testing {

namespace {

constexpr const char* kVariant = "#EXT-X-STREAM-INF";
constexpr const char* kMedia = "#EXT-X-MEDIA";
constexpr const char* kIframes = "#EXT-X-I-FRAME-STREAM-INF";

template <class F>
std::string each(const Multivariant& playlist, const char* name, F&& wrong) {
  for (const Tag& tag : playlist.tags) {
    if (tag.name != name) continue;
    if (std::string what = wrong(tag); !what.empty()) return what;
  }
  return {};
}

double number(const std::string& text) {
  return text.empty() ? 0 : std::strtod(text.c_str(), nullptr);
}

bool has_pictures(const Tag& variant) {
  const std::string codecs = variant.of("CODECS");
  return codecs.starts_with("avc1") || codecs.starts_with("hvc1") || codecs.starts_with("av01");
}

std::string begins_right(const Multivariant& p) {
  return p.text.starts_with("#EXTM3U\n") ? "" : "#EXTM3U is not the first line";
}

std::string knows_its_tags(const Multivariant& p) {
  static const std::set<std::string> known = {"#EXTM3U", "#EXT-X-VERSION", "#EXT-X-INDEPENDENT-SEGMENTS",
                                              kMedia,    kVariant,         kIframes};
  for (const Tag& tag : p.tags) {
    if (!tag.name.empty() && !known.contains(tag.name)) return tag.name + " in a multivariant playlist";
  }
  return "";
}

std::string pairs_variant_and_uri(const Multivariant& p) {
  for (std::size_t i = 0; i < p.tags.size(); ++i) {
    const bool follows = i > 0 && p.tags[i - 1].name == kVariant;
    if (p.tags[i].name.empty() != follows) return "line " + std::to_string(i) + " is out of its place";
  }
  return p.tags.empty() || p.tags.back().name == kVariant ? "the last variant has no URI" : "";
}

std::string has_variants(const Multivariant& p) {
  const bool any = std::any_of(p.tags.begin(), p.tags.end(), [](const Tag& tag) { return tag.name == kVariant; });
  return any ? "" : "no variant";
}

std::string variants_say_bandwidth(const Multivariant& p) {
  return each(p, kVariant, [](const Tag& tag) { return number(tag.of("BANDWIDTH")) > 0 ? "" : "no BANDWIDTH"; });
}

std::string variants_say_average(const Multivariant& p) {
  return each(p, kVariant, [](const Tag& tag) {
    const double average = number(tag.of("AVERAGE-BANDWIDTH"));
    return average > 0 && average <= number(tag.of("BANDWIDTH")) ? "" : "AVERAGE-BANDWIDTH is missing or too large";
  });
}

std::string variants_say_codecs(const Multivariant& p) {
  return each(p, kVariant, [](const Tag& tag) { return tag.has("CODECS") ? "" : "no CODECS"; });
}

std::string pictures_say_their_shape(const Multivariant& p) {
  return each(p, kVariant, [](const Tag& tag) {
    if (!has_pictures(tag)) return "";
    return tag.has("RESOLUTION") && number(tag.of("FRAME-RATE")) > 0 && tag.has("VIDEO-RANGE")
               ? ""
               : "no RESOLUTION, FRAME-RATE or VIDEO-RANGE";
  });
}

std::string captions_agree(const Multivariant& p) {
  std::set<std::string> told;
  each(p, kVariant, [&](const Tag& tag) { return told.insert(tag.of("CLOSED-CAPTIONS")), ""; });
  return told.size() <= 1 ? "" : "CLOSED-CAPTIONS=NONE in some variants alone";
}

std::string groups_exist(const Multivariant& p) {
  std::set<std::string> groups;
  each(p, kMedia, [&](const Tag& tag) { return groups.insert(tag.of("TYPE") + "/" + tag.of("GROUP-ID")), ""; });
  return each(p, kVariant, [&](const Tag& tag) -> std::string {
    if (tag.has("AUDIO") && !groups.contains("AUDIO/" + tag.of("AUDIO"))) return "no group " + tag.of("AUDIO");
    return "";
  });
}

std::string renditions_are_named(const Multivariant& p) {
  std::set<std::string> seen;
  return each(p, kMedia, [&](const Tag& tag) -> std::string {
    if (!tag.has("TYPE") || !tag.has("GROUP-ID") || !tag.has("NAME")) return "no TYPE, GROUP-ID or NAME";
    const bool fresh = seen.insert(tag.of("GROUP-ID") + "/" + tag.of("NAME")).second;
    return fresh ? "" : tag.of("NAME") + " twice in a group";
  });
}

std::string one_is_the_default(const Multivariant& p) {
  std::set<std::string> seen;
  return each(p, kMedia, [&](const Tag& tag) -> std::string {
    if (tag.of("DEFAULT") != "YES") return "";
    if (tag.of("AUTOSELECT") == "NO") return "a default that is not selected by itself";
    return seen.insert(tag.of("GROUP-ID")).second ? "" : "two defaults in a group";
  });
}

std::string sound_says_channels(const Multivariant& p) {
  return each(p, kMedia, [](const Tag& tag) {
    return tag.of("TYPE") != "AUDIO" || number(tag.of("CHANNELS")) > 0 ? "" : "no CHANNELS";
  });
}

std::string pictures_have_iframes(const Multivariant& p) {
  std::size_t pictures = 0;
  std::size_t iframes = 0;
  each(p, kVariant, [&](const Tag& tag) { return pictures += has_pictures(tag) ? 1 : 0, ""; });
  const std::string wrong = each(p, kIframes, [&](const Tag& tag) -> std::string {
    ++iframes;
    return tag.has("URI") && number(tag.of("BANDWIDTH")) > 0 && tag.has("CODECS") && tag.has("RESOLUTION")
               ? ""
               : "an I-frame playlist without URI, BANDWIDTH, CODECS or RESOLUTION";
  });
  if (!wrong.empty()) return wrong;
  return iframes == pictures ? "" : fmt::format("{} I-frame playlists of {} variants", iframes, pictures);
}

// What a variant brings, with the sound that goes with it.
std::string measured_fits(const Multivariant& p, const char* attribute, double Measured::*figure, double most) {
  Measured sound;
  each(p, kMedia, [&](const Tag& tag) {
    const auto found = p.measured.find(tag.of("URI"));
    if (found != p.measured.end() && tag.of("TYPE") == "AUDIO") sound = found->second;
    return "";
  });
  for (std::size_t i = 0; i + 1 < p.tags.size(); ++i) {
    if (p.tags[i].name != kVariant) continue;
    const auto found = p.measured.find(p.tags[i + 1].value);
    if (found == p.measured.end()) continue;
    const double brings = found->second.*figure + (has_pictures(p.tags[i]) ? sound.*figure : 0);
    const double told = number(p.tags[i].of(attribute));
    if (brings > told * most)
      return fmt::format("{} brings {:.0f} b/s where {}={:.0f}", p.tags[i + 1].value, brings, attribute, told);
  }
  return "";
}

std::string peak_holds(const Multivariant& p) {
  return measured_fits(p, "BANDWIDTH", &Measured::peak_bps, 1.0);
}

std::string average_holds(const Multivariant& p) {
  return measured_fits(p, "AVERAGE-BANDWIDTH", &Measured::average_bps, 1.1);
}

}  // namespace

const std::vector<MultivariantRule>& multivariant_rules() {
  static const std::vector<MultivariantRule> rules = {
      {"begins_with_extm3u", "RFC 8216bis 4.4.1.1", begins_right},
      {"knows_its_tags", "RFC 8216bis 4.1", knows_its_tags},
      {"has_variants", "RFC 8216bis 4.4.6", has_variants},
      {"pairs_variant_and_uri", "RFC 8216bis 4.4.6.2", pairs_variant_and_uri},
      {"variants_say_bandwidth", "RFC 8216bis 4.4.6.2", variants_say_bandwidth},
      {"variants_say_average_bandwidth", "Apple authoring specification", variants_say_average},
      {"variants_say_codecs", "Apple authoring specification", variants_say_codecs},
      {"pictures_say_their_shape", "Apple authoring specification", pictures_say_their_shape},
      {"captions_agree", "RFC 8216bis 4.4.6.2", captions_agree},
      {"groups_exist", "RFC 8216bis 4.4.6.2", groups_exist},
      {"renditions_are_named", "RFC 8216bis 4.4.6.1", renditions_are_named},
      {"one_is_the_default", "RFC 8216bis 4.4.6.1", one_is_the_default},
      {"sound_says_channels", "Apple authoring specification", sound_says_channels},
      {"pictures_have_iframes", "Apple authoring specification", pictures_have_iframes},
      {"peak_holds", "RFC 8216bis 4.4.6.2", peak_holds},
      {"average_holds", "Apple authoring specification", average_holds},
  };
  return rules;
}

}  // namespace mainstay::package::testing
