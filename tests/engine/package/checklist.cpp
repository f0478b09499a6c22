#include "tests/engine/package/checklist.h"

#include <fmt/format.h>

#include <algorithm>
#include <sstream>

namespace mainstay::package::testing {

namespace {

const ReadSegment* of_number(const ReadPlaylist& playlist, std::int64_t msn) {
  for (const ReadSegment& segment : playlist.segments) {
    if (segment.msn == msn) return &segment;
  }
  return nullptr;
}

}  // namespace

std::string Tag::of(const std::string& attribute) const {
  for (const auto& [key, text] : attributes) {
    if (key != attribute) continue;
    if (text.size() >= 2 && text.front() == '"') return text.substr(1, text.size() - 2);
    return text;
  }
  return {};
}

std::vector<Tag> tags_of(const std::string& text) {
  std::vector<Tag> tags;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (line.empty()) continue;
    Tag tag;
    if (line.front() != '#') {
      tag.value = line;
      tags.push_back(std::move(tag));
      continue;
    }
    const std::size_t colon = std::min(line.find(':'), line.size());
    tag.name = line.substr(0, colon);
    if (colon < line.size()) tag.value = line.substr(colon + 1);
    for (std::size_t at = 0; at < tag.value.size();) {
      const std::size_t equals = tag.value.find('=', at);
      if (equals == std::string::npos) break;
      std::size_t end = equals + 1;
      if (end < tag.value.size() && tag.value[end] == '"') end = tag.value.find('"', end + 1);
      end = std::min(tag.value.find(',', std::min(end, tag.value.size())), tag.value.size());
      tag.attributes.emplace_back(tag.value.substr(at, equals - at), tag.value.substr(equals + 1, end - equals - 1));
      at = end + 1;
    }
    tags.push_back(std::move(tag));
  }
  return tags;
}

Update update_of(std::string rendition, bool pictures, const std::string& text) {
  Update update;
  update.rendition = std::move(rendition);
  update.pictures = pictures;
  update.now = read_playlist(text);
  update.tags = tags_of(text);
  return update;
}

std::vector<std::string> breaches_of(const Multivariant& playlist) {
  std::vector<std::string> found;
  for (const MultivariantRule& rule : multivariant_rules()) {
    if (const std::string what = rule.breach(playlist); !what.empty())
      found.push_back(fmt::format("{} ({}): {}", rule.name, rule.source, what));
  }
  return found;
}

std::vector<std::string> breaches_of(const Update& update) {
  std::vector<std::string> found;
  for (const MediaRule& rule : update.iframes ? iframe_rules() : media_rules()) {
    if (const std::string what = rule.breach(update); !what.empty())
      found.push_back(fmt::format("{}: {} ({}): {}", update.rendition, rule.name, rule.source, what));
  }
  return found;
}

ReadPlaylist rebuilt(const ReadPlaylist& before, const ReadPlaylist& delta) {
  ReadPlaylist whole = delta;
  whole.segments.clear();
  whole.skipped = 0;
  for (std::int64_t msn = delta.media_sequence; msn < delta.media_sequence + delta.skipped; ++msn) {
    if (const ReadSegment* kept = of_number(before, msn)) whole.segments.push_back(*kept);
    if (!whole.segments.empty()) whole.segments.back().parts.clear();
  }
  for (ReadSegment segment : delta.segments) {
    if (segment.map.empty() && !whole.segments.empty()) segment.map = whole.segments.back().map;
    if (segment.key.empty() && !whole.segments.empty()) segment.key = whole.segments.back().key;
    whole.segments.push_back(std::move(segment));
  }
  return whole;
}

std::string difference(const ReadPlaylist& a, const ReadPlaylist& b) {
  const auto head = [](const ReadPlaylist& p) {
    return fmt::format("{} {} {} {} {} {} {} {}", p.target_duration, p.part_target, p.part_hold_back, p.hold_back,
                       p.media_sequence, p.discontinuity_sequence, p.ended, p.hint);
  };
  if (head(a) != head(b)) return head(a) + " / " + head(b);
  if (a.reports != b.reports) return "reports";
  if (a.segments.size() != b.segments.size())
    return fmt::format("{} / {} segments", a.segments.size(), b.segments.size());
  for (std::size_t i = 0; i < a.segments.size(); ++i) {
    const auto text = [](const ReadSegment& s) {
      std::string out = fmt::format("{} {} {} {} {} {} {} {}", s.msn, s.uri, s.duration, s.gap, s.discontinuity, s.date,
                                    s.map, s.key);
      for (const ReadPart& p : s.parts) out += fmt::format(" {} {} {} {}", p.uri, p.duration, p.independent, p.gap);
      return out;
    };
    if (text(a.segments[i]) != text(b.segments[i])) return text(a.segments[i]) + " / " + text(b.segments[i]);
  }
  return "";
}

}  // namespace mainstay::package::testing
