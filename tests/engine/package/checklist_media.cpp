// Rules of media playlists and I-frame playlists.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "tests/engine/package/checklist_reading.h"

namespace mainstay::package::testing {

namespace {

// --- The text ---

std::string begins_right(const Update& u) {
  return u.now.text.starts_with("#EXTM3U\n") ? "" : "#EXTM3U is not the first line";
}

std::string is_clean_text(const Update& u) {
  for (const char c : u.now.text) {
    if (static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\r') return "a control character";
    if (static_cast<unsigned char>(c) >= 0x80) return "a character that is not ASCII, in a text of ours";
  }
  return "";
}

std::string knows_its_tags(const Update& u) {
  static const std::set<std::string> known = {"#EXTM3U",
                                              "#EXT-X-VERSION",
                                              "#EXT-X-TARGETDURATION",
                                              "#EXT-X-PART-INF",
                                              "#EXT-X-SERVER-CONTROL",
                                              "#EXT-X-MEDIA-SEQUENCE",
                                              "#EXT-X-DISCONTINUITY-SEQUENCE",
                                              "#EXT-X-INDEPENDENT-SEGMENTS",
                                              "#EXT-X-SKIP",
                                              "#EXT-X-DISCONTINUITY",
                                              "#EXT-X-MAP",
                                              "#EXT-X-KEY",
                                              "#EXT-X-PROGRAM-DATE-TIME",
                                              "#EXT-X-PART",
                                              "#EXT-X-GAP",
                                              "#EXTINF",
                                              "#EXT-X-PRELOAD-HINT",
                                              "#EXT-X-RENDITION-REPORT",
                                              "#EXT-X-ENDLIST",
                                              "#EXT-X-I-FRAMES-ONLY"};
  for (const Tag& tag : u.tags) {
    if (!tag.name.empty() && !known.contains(tag.name)) return tag.name + " in a media playlist";
  }
  return "";
}

std::string says_attributes_once(const Update& u) {
  for (const Tag& tag : u.tags) {
    std::set<std::string> seen;
    for (const auto& [name, value] : tag.attributes) {
      if (!seen.insert(name).second) return tag.name + " has " + name + " twice";
    }
  }
  return "";
}

std::string says_heads_once(const Update& u) {
  for (const char* name : {"#EXTM3U", "#EXT-X-VERSION", "#EXT-X-TARGETDURATION", "#EXT-X-MEDIA-SEQUENCE"}) {
    if (count(u, name) != 1) return fmt::format("{} {} times", name, count(u, name));
  }
  for (const char* name : {"#EXT-X-SERVER-CONTROL", "#EXT-X-PART-INF", "#EXT-X-SKIP", "#EXT-X-ENDLIST"}) {
    if (count(u, name) > 1) return fmt::format("{} {} times", name, count(u, name));
  }
  return "";
}

std::string version_suffices(const Update& u) {
  const int needed = count(u, "#EXT-X-SKIP") > 0 ? 9 : count(u, "#EXT-X-MAP") > 0 ? (u.iframes ? 5 : 6) : 3;
  return u.now.version >= needed ? "" : fmt::format("version {} where {} is needed", u.now.version, needed);
}

std::string counts_discontinuities(const Update& u) {
  if (count(u, "#EXT-X-DISCONTINUITY-SEQUENCE") != 1) return "DISCONTINUITY-SEQUENCE is not there once";
  const std::size_t at = first(u.tags, "#EXT-X-DISCONTINUITY-SEQUENCE");
  if (at > first(u.tags, "#EXTINF") || at > first(u.tags, "#EXT-X-DISCONTINUITY"))
    return "DISCONTINUITY-SEQUENCE comes behind a segment";
  return "";
}

std::string numbers_come_first(const Update& u) {
  const std::size_t at = first(u.tags, "#EXT-X-MEDIA-SEQUENCE");
  return at < first(u.tags, "#EXTINF") && at < first(u.tags, "#EXT-X-PART") ? "" : "MEDIA-SEQUENCE behind a segment";
}

std::string pairs_extinf_and_uri(const Update& u) {
  bool open = false;
  for (const Tag& tag : u.tags) {
    if (tag.name == "#EXTINF") {
      if (open) return "EXTINF without a URI";
      open = true;
    } else if (tag.name.empty()) {
      if (!open) return tag.value + " has no EXTINF";
      open = false;
    }
  }
  return open ? "EXTINF without a URI" : "";
}

// --- Segments ---

std::string target_holds(const Update& u) {
  for (const ReadSegment& s : u.now.segments) {
    if (std::lround(s.duration) > u.now.target_duration)
      return fmt::format("{} s of {} with a target of {}", s.duration, s.uri, u.now.target_duration);
  }
  return u.now.target_duration > 0 ? "" : "no target duration";
}

std::string overruns_little(const Update& u) {
  for (const ReadSegment& s : u.now.segments) {
    if (s.duration > u.now.target_duration + 0.5) return fmt::format("{} s of {}", s.duration, s.uri);
  }
  return "";
}

std::string has_dates(const Update& u) {
  for (const ReadSegment& s : u.now.segments) {
    if (seconds_of(s.date) < 0) return fmt::format("segment {} has the date '{}'", s.msn, s.date);
  }
  return "";
}

std::string dates_add_up(const Update& u) {
  for (std::size_t i = 1; i < u.now.segments.size(); ++i) {
    const ReadSegment& a = u.now.segments[i - 1];
    const ReadSegment& b = u.now.segments[i];
    if (b.discontinuity) continue;
    const double off = seconds_of(b.date) - seconds_of(a.date) - a.duration;
    if (std::abs(off) > kDateStep) return fmt::format("segment {} begins {} s off", b.msn, off);
  }
  return "";
}

std::string has_maps(const Update& u) {
  for (const ReadSegment& s : u.now.segments) {
    if (s.map.empty()) return fmt::format("segment {} has no EXT-X-MAP", s.msn);
  }
  return "";
}

std::string is_independent(const Update& u) {
  return count(u, "#EXT-X-INDEPENDENT-SEGMENTS") == 1 ? "" : "EXT-X-INDEPENDENT-SEGMENTS is missing";
}

std::string lists_six(const Update& u) {
  const auto whole = [](const ReadPlaylist& p) {
    return std::count_if(p.segments.begin(), p.segments.end(), is_whole);
  };
  if (u.now.ended || u.before == nullptr || whole(*u.before) < 6) return "";
  return whole(u.now) >= 6 ? "" : fmt::format("{} segments", whole(u.now));
}

// --- Server control and parts ---

std::string holds_back(const Update& u) {
  return u.now.hold_back >= 3.0 * u.now.target_duration - kTiny ? "" : fmt::format("HOLD-BACK={}", u.now.hold_back);
}

std::string skips_far(const Update& u) {
  if (u.now.can_skip_until == 0) return "";
  return u.now.can_skip_until >= 6.0 * u.now.target_duration ? ""
                                                             : fmt::format("CAN-SKIP-UNTIL={}", u.now.can_skip_until);
}

std::string has_part_inf(const Update& u) {
  if (!u.low_latency) return "";
  return u.now.part_target > 0 ? "" : "no PART-TARGET";
}

std::string blocks(const Update& u) {
  return !u.low_latency || u.now.can_block ? "" : "CAN-BLOCK-RELOAD is missing";
}

std::string holds_parts_back(const Update& u) {
  if (!u.low_latency) return "";
  return u.now.part_hold_back >= 3 * u.now.part_target - kTiny
             ? ""
             : fmt::format("PART-HOLD-BACK={} of parts of {}", u.now.part_hold_back, u.now.part_target);
}

std::string parts_fit(const Update& u) {
  for (const ReadSegment& s : u.now.segments) {
    for (const ReadPart& part : s.parts) {
      if (part.duration > u.now.part_target + kTiny) return fmt::format("{} s of {}", part.duration, part.uri);
    }
  }
  return "";
}

std::string parts_are_long_enough(const Update& u) {
  for (const ReadSegment& s : u.now.segments) {
    for (std::size_t i = 0; i < s.parts.size(); ++i) {
      const ReadPart& part = s.parts[i];
      const bool last = is_whole(s) && i + 1 == s.parts.size();
      const bool before_gap = i + 1 < s.parts.size() && s.parts[i + 1].gap;
      // An IDR may stand anywhere; but sound is independent everywhere, and its parts are to be whole all the same.
      const bool excused = last || before_gap || part.gap || (u.pictures && part.independent);
      // The last one of an open segment may turn out to be its last.
      const bool maybe_last = !is_whole(s) && i + 1 == s.parts.size();
      if (!excused && !maybe_last && part.duration < 0.85 * u.now.part_target - kTiny)
        return fmt::format("{} s of {}", part.duration, part.uri);
    }
  }
  return "";
}

std::string parts_add_up(const Update& u) {
  for (const ReadSegment& s : u.now.segments) {
    if (!is_whole(s) || s.parts.empty()) continue;
    double sum = 0;
    for (const ReadPart& part : s.parts) sum += part.duration;
    if (std::abs(sum - s.duration) > kTiny) return fmt::format("{} s of parts in {} s of {}", sum, s.duration, s.uri);
  }
  return "";
}

std::string parts_come_behind_headers(const Update& u) {
  bool in_parts = false;
  for (const Tag& tag : u.tags) {
    if (tag.name == "#EXT-X-PART") in_parts = true;
    if (tag.name.empty()) in_parts = false;
    const bool header = tag.name == "#EXT-X-DISCONTINUITY" || tag.name == "#EXT-X-KEY" || tag.name == "#EXT-X-MAP" ||
                        tag.name == "#EXT-X-PROGRAM-DATE-TIME";
    if (in_parts && header) return tag.name + " behind a part of its segment";
  }
  return "";
}

std::string parts_are_listed(const Update& u) {
  if (!u.low_latency || u.now.ended) return "";
  double from_end = 0;
  for (auto s = u.now.segments.rbegin(); s != u.now.segments.rend(); ++s) {
    if (from_end < 3.0 * u.now.target_duration - kTiny && s->parts.empty())
      return fmt::format("segment {} has no parts, {} s from the end", s->msn, from_end);
    from_end += length_of(*s);
  }
  return "";
}

std::string first_parts_are_independent(const Update& u) {
  for (const ReadSegment& s : u.now.segments) {
    if (!s.parts.empty() && !s.parts.front().gap && !s.parts.front().independent)
      return s.parts.front().uri + " begins a segment and is not INDEPENDENT";
  }
  return "";
}

// --- I-frame playlists ---

std::string is_of_iframes(const Update& u) {
  return count(u, "#EXT-X-I-FRAMES-ONLY") == 1 ? "" : "EXT-X-I-FRAMES-ONLY is missing";
}

std::string has_no_parts(const Update& u) {
  return count(u, "#EXT-X-PART") + count(u, "#EXT-X-PRELOAD-HINT") == 0 ? "" : "parts";
}

}  // namespace

const std::vector<MediaRule>& media_rules() {
  static const std::vector<MediaRule> rules = [] {
    std::vector<MediaRule> all = {
        {"begins_with_extm3u", "RFC 8216bis 4.4.1.1", begins_right},
        {"is_clean_text", "RFC 8216bis 4", is_clean_text},
        {"knows_its_tags", "RFC 8216bis 4.1, 4.4.2", knows_its_tags},
        {"says_attributes_once", "RFC 8216bis 4.2", says_attributes_once},
        {"says_heads_once", "RFC 8216bis 4.4.1.2, 4.4.3", says_heads_once},
        {"version_suffices", "RFC 8216bis 8", version_suffices},
        {"tells_the_discontinuity_sequence", "RFC 8216bis 4.4.3.3, 6.2.2", counts_discontinuities},
        {"tells_the_media_sequence_first", "RFC 8216bis 4.4.3.2", numbers_come_first},
        {"pairs_extinf_and_uri", "RFC 8216bis 4.4.4.1", pairs_extinf_and_uri},
        {"keeps_the_target_duration", "RFC 8216bis 4.4.3.1", target_holds},
        {"overruns_by_half_a_second_at_most", "Apple authoring specification", overruns_little},
        {"has_dates", "Apple authoring specification", has_dates},
        {"dates_add_up", "RFC 8216bis 4.4.4.6", dates_add_up},
        {"has_maps", "RFC 8216bis 3.1.2", has_maps},
        {"segments_are_independent", "Apple authoring specification, RFC 8216bis 4.4.2.1", is_independent},
        {"lists_six_segments", "Apple authoring specification", lists_six},
        {"holds_back_three_targets", "RFC 8216bis 4.4.3.8", holds_back},
        {"skips_beyond_six_targets", "RFC 8216bis 4.4.3.8", skips_far},
        {"has_a_part_target", "RFC 8216bis 4.4.3.7", has_part_inf},
        {"blocks_reloads", "Apple authoring specification", blocks},
        {"holds_back_three_parts", "Apple 14.3, RFC 8216bis 4.4.3.8", holds_parts_back},
        {"parts_fit_their_target", "RFC 8216bis 4.4.3.7", parts_fit},
        {"parts_are_long_enough", "RFC 8216bis 4.4.3.7", parts_are_long_enough},
        {"parts_add_up", "RFC 8216bis 4.4.4.9", parts_add_up},
        {"parts_come_behind_headers", "RFC 8216bis 4.4.4.9", parts_come_behind_headers},
        {"parts_are_listed_for_three_targets", "RFC 8216bis 6.2.2", parts_are_listed},
        {"first_parts_are_independent", "RFC 8216bis 4.4.4.9", first_parts_are_independent},
    };
    const std::vector<MediaRule>& more = sequence_rules();
    all.insert(all.end(), more.begin(), more.end());
    return all;
  }();
  return rules;
}

const std::vector<MediaRule>& iframe_rules() {
  static const std::vector<MediaRule> rules = {
      {"begins_with_extm3u", "RFC 8216bis 4.4.1.1", begins_right},
      {"knows_its_tags", "RFC 8216bis 4.1, 4.4.2", knows_its_tags},
      {"says_heads_once", "RFC 8216bis 4.4.1.2, 4.4.3", says_heads_once},
      {"version_suffices", "RFC 8216bis 8", version_suffices},
      {"is_of_iframes", "RFC 8216bis 4.4.3.6", is_of_iframes},
      {"has_no_parts", "RFC 8216bis 4.4.3.6", has_no_parts},
      {"has_maps", "RFC 8216bis 4.4.3.6", has_maps},
      {"pairs_extinf_and_uri", "RFC 8216bis 4.4.4.1", pairs_extinf_and_uri},
      {"keeps_the_target_duration", "RFC 8216bis 4.4.3.1", target_holds},
      {"has_dates", "Apple authoring specification", has_dates},
      {"dates_add_up", "RFC 8216bis 4.4.4.6", dates_add_up},
      {"discontinuities_agree", "RFC 8216bis 6.2.4", discontinuities_agree},
  };
  return rules;
}

}  // namespace mainstay::package::testing
