#include "engine/package/segment_index.h"

#include <nlohmann/json.hpp>

namespace mainstay::package {

namespace {

using Json = nlohmann::json;

constexpr std::int64_t kMostNumber = std::int64_t{1} << 53;  // what JSON can tell; sums of a few still fit
constexpr std::int64_t kLongestUs = 3'600'000'000;           // an hour
constexpr std::int64_t kMostDateNs = std::int64_t{1} << 62;  // the year 2116
constexpr std::size_t kLongestName = 64;

bool take(const Json& from, const char* key, std::int64_t least, std::int64_t most, std::int64_t& to) {
  const auto found = from.find(key);
  if (found == from.end() || !found->is_number_integer()) return false;
  if (found->is_number_unsigned() && found->get<std::uint64_t>() > static_cast<std::uint64_t>(most)) return false;
  to = found->get<std::int64_t>();
  return to >= least && to <= most;
}

bool take(const Json& from, const char* key, bool& to) {
  const auto found = from.find(key);
  if (found == from.end() || !found->is_boolean()) return false;
  to = found->get<bool>();
  return true;
}

// A name of ours: nothing that leaves its folder, or means anything in a playlist.
bool take(const Json& from, const char* key, bool may_be_empty, std::string& to) {
  const auto found = from.find(key);
  if (found == from.end() || !found->is_string()) return false;
  to = found->get<std::string>();
  if (to.empty()) return may_be_empty;
  if (to.size() > kLongestName || to.front() == '.') return false;
  for (const char c : to) {
    const bool fine =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_';
    if (!fine) return false;
  }
  return true;
}

}  // namespace

std::string index_line(const KeptSegment& kept) {
  const Segment& s = kept.segment;
  return Json{{"rendition", kept.rendition},
              {"msn", s.msn},
              {"begin_us", s.begin_us},
              {"duration_us", s.duration_us},
              {"date_ns", s.date.time_since_epoch().count()},
              {"discontinuity", s.discontinuity},
              {"discontinuities", kept.discontinuity_sequence},
              {"gap", s.gap},
              {"bytes", s.bytes},
              {"uri", s.uri},
              {"map", s.map},
              {"key_picture", s.key_picture_uri}}
             .dump() +
         "\n";
}

std::optional<KeptSegment> parse_index_line(const std::string& line) {
  const Json json = Json::parse(line, nullptr, false);
  if (!json.is_object()) return std::nullopt;  // the last line, when the program was killed in it
  KeptSegment kept;
  Segment& s = kept.segment;
  std::int64_t date_ns = 0;
  const bool good =
      take(json, "rendition", false, kept.rendition) &&
      take(json, "discontinuities", 0, kMostNumber, kept.discontinuity_sequence) &&
      take(json, "msn", 0, kMostNumber, s.msn) && take(json, "begin_us", -kMostNumber, kMostNumber, s.begin_us) &&
      take(json, "duration_us", 1, kLongestUs, s.duration_us) && take(json, "date_ns", 0, kMostDateNs, date_ns) &&
      take(json, "discontinuity", s.discontinuity) && take(json, "gap", s.gap) &&
      take(json, "bytes", 0, kMostNumber, s.bytes) && take(json, "uri", false, s.uri) &&
      take(json, "map", true, s.map) && take(json, "key_picture", true, s.key_picture_uri);
  if (!good) return std::nullopt;
  s.date = UtcInstant(Nanos(date_ns));
  s.stored = true;
  return kept;
}

}  // namespace mainstay::package
