// Rules of media playlists that look at more than one text: hints, reports, updates, other renditions.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "tests/engine/package/checklist_reading.h"

namespace mainstay::package::testing {

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

namespace {

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

}  // namespace

const std::vector<MediaRule>& sequence_rules() {
  static const std::vector<MediaRule> rules = {
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

}  // namespace mainstay::package::testing
