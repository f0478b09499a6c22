// Rules of media playlists and I-frame playlists.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <set>

#include "tests/engine/package/checklist.h"

namespace mainstay::package::testing {

namespace {

constexpr double kTiny = 1e-6;
constexpr double kDateStep = 0.002;  // dates are told to the millisecond

std::size_t count(const Update& update, const std::string& name) {
  return static_cast<std::size_t>(
      std::count_if(update.tags.begin(), update.tags.end(), [&](const Tag& tag) { return tag.name == name; }));
}

std::size_t first(const std::vector<Tag>& tags, const std::string& name) {
  return static_cast<std::size_t>(
      std::find_if(tags.begin(), tags.end(), [&](const Tag& tag) { return tag.name == name; }) - tags.begin());
}

bool is_whole(const ReadSegment& segment) {
  return !segment.uri.empty();
}

double length_of(const ReadSegment& segment) {
  if (is_whole(segment)) return segment.duration;
  double sum = 0;
  for (const ReadPart& part : segment.parts) sum += part.duration;
  return sum;
}

/// Seconds since 1970 of "2026-01-02T03:04:05.678Z"; negative: it is none.
double seconds_of(const std::string& date) {
  int y = 0, mo = 0, d = 0, h = 0, mi = 0;
  double s = 0;
  char zone = 0;
  if (std::sscanf(date.c_str(), "%4d-%2d-%2dT%2d:%2d:%lf%c", &y, &mo, &d, &h, &mi, &s, &zone) != 7 || zone != 'Z')
    return -1;
  const auto days = std::chrono::sys_days{std::chrono::year(y) / mo / d}.time_since_epoch().count();
  return static_cast<double>(days) * 86'400 + h * 3600 + mi * 60 + s;
}

const ReadSegment* of_number(const ReadPlaylist& playlist, std::int64_t msn) {
  for (const ReadSegment& segment : playlist.segments) {
    if (segment.msn == msn) return &segment;
  }
  return nullptr;
}

/// Number of the last segment that is listed, and of its last part (-1: none).
std::pair<std::int64_t, std::int64_t> end_of(const ReadPlaylist& playlist) {
  if (playlist.segments.empty()) return {-1, -1};
  const ReadSegment& last = playlist.segments.back();
  return {last.msn, static_cast<std::int64_t>(last.parts.size()) - 1};
}

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

// --- Hints and reports ---

std::string hints_once(const Update& u) {
  const std::size_t hints = count(u, "#EXT-X-PRELOAD-HINT");
  if (u.now.ended || !u.low_latency) return hints == 0 ? "" : "a hint where nothing comes";
  if (hints != 1) return fmt::format("{} hints of one type", hints);
  const Tag& hint = u.tags[first(u.tags, "#EXT-X-PRELOAD-HINT")];
  return hint.of("TYPE") == "PART" ? "" : "TYPE=" + hint.of("TYPE");
}

std::string hints_at_what_comes(const Update& u) {
  if (u.before == nullptr || u.before->hint.empty()) return "";
  const auto [msn, part] = end_of(*u.before);
  const ReadSegment* open = of_number(u.now, msn);
  const auto next = static_cast<std::size_t>(part + 1);
  if (open != nullptr && is_whole(u.before->segments.back())) open = nullptr;
  if (open != nullptr && next < open->parts.size())
    return open->parts[next].uri == u.before->hint ? "" : open->parts[next].uri + ", hinted as " + u.before->hint;
  if (open != nullptr && !is_whole(*open)) return "";  // nothing came yet
  const ReadSegment* following = of_number(u.now, msn + 1);
  if (following == nullptr || following->parts.empty()) return "";
  // The segment ended with what was its last part already: the hint came to nothing, as it may (4.4.5.3).
  if (open != nullptr) return "";
  return following->parts[0].uri == u.before->hint ? "" : following->parts[0].uri + ", hinted as " + u.before->hint;
}

std::string hints_at_the_future(const Update& u) {
  for (const ReadSegment& s : u.now.segments) {
    for (const ReadPart& part : s.parts) {
      if (!u.now.hint.empty() && part.uri == u.now.hint) return u.now.hint + " is there already";
    }
  }
  return "";
}

std::string reports_on_the_others(const Update& u) {
  if (u.now.ended || !u.low_latency) return "";
  for (const auto& [name, other] : u.others) {
    if (!u.now.reports.contains("../" + name + "/index.m3u8")) return "no report on " + name;
  }
  for (const auto& [uri, end] : u.now.reports) {
    if (uri.find("://") != std::string::npos) return uri + " is not relative";
  }
  return "";
}

std::string reports_the_truth(const Update& u) {
  for (const auto& [name, other] : u.others) {
    const auto report = u.now.reports.find("../" + name + "/index.m3u8");
    if (report == u.now.reports.end() || other.ended) continue;
    if (report->second < end_of(other) || report->second.first > end_of(other).first + 1)
      return fmt::format("{} is at {}.{}, and reported to be at {}.{}", name, end_of(other).first, end_of(other).second,
                         report->second.first, report->second.second);
  }
  return "";
}

// --- From one update to the next ---

std::string numbers_only_rise(const Update& u) {
  if (u.before == nullptr) return "";
  return u.now.media_sequence >= u.before->media_sequence ? "" : "MEDIA-SEQUENCE went back";
}

std::string target_stays(const Update& u) {
  if (u.before == nullptr) return "";
  return u.now.target_duration == u.before->target_duration ? "" : "TARGETDURATION changed";
}

std::string counts_what_left(const Update& u) {
  if (u.before == nullptr) return "";
  std::int64_t left = u.before->discontinuity_sequence;
  for (const ReadSegment& s : u.before->segments) left += s.discontinuity && s.msn < u.now.media_sequence ? 1 : 0;
  return u.now.discontinuity_sequence == left
             ? ""
             : fmt::format("DISCONTINUITY-SEQUENCE {} where {} is due", u.now.discontinuity_sequence, left);
}

std::string what_was_told_stays(const Update& u) {
  if (u.before == nullptr) return "";
  for (const ReadSegment& then : u.before->segments) {
    const ReadSegment* s = of_number(u.now, then.msn);
    if (s == nullptr && then.msn >= u.now.media_sequence) return fmt::format("segment {} is gone", then.msn);
    if (s == nullptr) continue;
    const bool same = s->date == then.date && s->map == then.map && s->key == then.key &&
                      s->discontinuity == then.discontinuity &&
                      (!is_whole(then) || (s->uri == then.uri && s->duration == then.duration && s->gap == then.gap));
    if (!same) return fmt::format("segment {} is another", then.msn);
    for (std::size_t i = 0; i < std::min(s->parts.size(), then.parts.size()); ++i) {
      if (s->parts[i].uri != then.parts[i].uri || s->parts[i].duration != then.parts[i].duration ||
          s->parts[i].independent != then.parts[i].independent)
        return then.parts[i].uri + " is another";
    }
    if (!s->parts.empty() && s->parts.size() < then.parts.size()) return fmt::format("parts of {} are gone", then.msn);
  }
  return "";
}

std::string brings_something(const Update& u) {
  if (u.before == nullptr || u.now.ended) return "";
  const auto whole = [](const ReadPlaylist& p) {
    return p.segments.empty() ? -1 : p.segments.back().msn - (is_whole(p.segments.back()) ? 0 : 1);
  };
  const bool more = end_of(u.now) > end_of(*u.before) || whole(u.now) > whole(*u.before);
  return more ? "" : "an update without anything new";
}

std::string stays_long_enough(const Update& u) {
  if (u.before == nullptr || u.now.ended || u.now.media_sequence == u.before->media_sequence) return "";
  return u.now.listed() >= 3.0 * u.now.target_duration ? "" : fmt::format("{} s are left", u.now.listed());
}

std::string ends_for_good(const Update& u) {
  if (u.before == nullptr || !u.before->ended) return "";
  return u.now.text == u.before->text ? "" : "it changed behind its ENDLIST";
}

// --- Between renditions ---

std::string targets_agree(const Update& u) {
  for (const auto& [name, other] : u.others) {
    if (other.target_duration != u.now.target_duration) return name + " has another target duration";
  }
  return "";
}

std::string discontinuities_agree(const Update& u) {
  for (const auto& [name, other] : u.others) {
    for (const ReadSegment& s : u.now.segments) {
      const ReadSegment* same = of_number(other, s.msn);
      if (same != nullptr && same->discontinuity != s.discontinuity)
        return fmt::format("{} does not agree on the discontinuity at {}", name, s.msn);
    }
    if (other.media_sequence == u.now.media_sequence && other.discontinuity_sequence != u.now.discontinuity_sequence)
      return name + " has another DISCONTINUITY-SEQUENCE";
  }
  return "";
}

std::string dates_agree(const Update& u) {
  constexpr double kPacket = 0.045;  // of sound, which begins with the first that fits
  for (const auto& [name, other] : u.others) {
    for (const ReadSegment& s : u.now.segments) {
      const ReadSegment* same = of_number(other, s.msn);
      if (same != nullptr && std::abs(seconds_of(same->date) - seconds_of(s.date)) > kPacket)
        return fmt::format("segment {} of {} is of another time", s.msn, name);
    }
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
  static const std::vector<MediaRule> rules = {
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
      {"hints_once", "RFC 8216bis 4.4.5.3", hints_once},
      {"hints_at_what_comes", "RFC 8216bis 4.4.5.3", hints_at_what_comes},
      {"hints_at_the_future", "RFC 8216bis 4.4.5.3", hints_at_the_future},
      {"reports_on_the_others", "Apple authoring specification, RFC 8216bis 4.4.5.4", reports_on_the_others},
      {"reports_the_truth", "RFC 8216bis 4.4.5.4", reports_the_truth},
      {"numbers_only_rise", "RFC 8216bis 6.2.2", numbers_only_rise},
      {"target_duration_stays", "RFC 8216bis 4.4.3.1", target_stays},
      {"counts_discontinuities_that_left", "RFC 8216bis 6.2.2", counts_what_left},
      {"what_was_told_stays", "RFC 8216bis 6.2.1", what_was_told_stays},
      {"brings_something_new", "RFC 8216bis 6.2.2", brings_something},
      {"stays_three_targets_long", "RFC 8216bis 6.2.2", stays_long_enough},
      {"ends_for_good", "RFC 8216bis 4.4.3.4", ends_for_good},
      {"target_durations_agree", "Apple authoring specification, RFC 8216bis 6.2.4", targets_agree},
      {"discontinuities_agree", "RFC 8216bis 6.2.4", discontinuities_agree},
      {"dates_agree", "RFC 8216bis 6.2.4", dates_agree},
  };
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
