#include "engine/studio/hls_json.h"

#include <cmath>
#include <type_traits>

namespace mainstay {

namespace {

using show::Json;

double rounded(double value) {
  return std::round(value * 1000) / 1000;
}

Json rendition_json(const HlsRenditionSnapshot& r) {
  return {{"codecs", r.codecs},
          {"segments", r.segments},
          {"parts", r.parts},
          {"bytes", r.bytes},
          {"kbps_mean", rounded(r.kbps_mean)},
          {"kbps_peak", rounded(r.kbps_peak)}};
}

Json publish_json(const HlsPublishSnapshot& p) {
  return {{"where", p.where}, {"state", p.state},   {"detail", p.detail}, {"files", p.files},
          {"bytes", p.bytes}, {"queued", p.queued}, {"lost", p.lost}};
}

template <class T>
void read(const Json& json, const char* key, T& out) {
  const auto found = json.is_object() ? json.find(key) : json.end();
  if (!json.is_object() || found == json.end()) return;
  if constexpr (std::is_same_v<T, std::string>) {
    if (found->is_string()) out = found->template get<std::string>();
  } else if (std::is_integral_v<T> ? found->is_number_integer() : found->is_number()) {
    out = found->template get<T>();
  }
}

HlsRenditionSnapshot rendition_of(const std::string& name, const Json& json) {
  HlsRenditionSnapshot r;
  r.name = name;
  read(json, "codecs", r.codecs);
  read(json, "segments", r.segments);
  read(json, "parts", r.parts);
  read(json, "bytes", r.bytes);
  read(json, "kbps_mean", r.kbps_mean);
  read(json, "kbps_peak", r.kbps_peak);
  return r;
}

HlsPublishSnapshot publish_of(const Json& json) {
  HlsPublishSnapshot p;
  read(json, "where", p.where);
  read(json, "state", p.state);
  read(json, "detail", p.detail);
  read(json, "files", p.files);
  read(json, "bytes", p.bytes);
  read(json, "queued", p.queued);
  read(json, "lost", p.lost);
  return p;
}

}  // namespace

Json hls_json(const HlsSnapshot& hls) {
  Json json{{"state", hls.state},
            {"detail", hls.detail},
            {"url", hls.url},
            {"segment_s", rounded(hls.segment_s)},
            {"part_s", rounded(hls.part_s)},
            {"sequence", hls.sequence},
            {"segments", hls.segments},
            {"parts", hls.parts},
            {"bytes", hls.bytes},
            {"dropped", hls.dropped},
            {"memory_bytes", hls.memory_bytes}};
  json["renditions"] = Json::object();
  for (const HlsRenditionSnapshot& one : hls.renditions) json["renditions"][one.name] = rendition_json(one);
  json["publish"] = Json::array();
  for (const HlsPublishSnapshot& one : hls.publish) json["publish"].push_back(publish_json(one));
  return json;
}

HlsSnapshot hls_from_json(const Json& json) {
  HlsSnapshot hls;
  read(json, "state", hls.state);
  read(json, "detail", hls.detail);
  read(json, "url", hls.url);
  read(json, "segment_s", hls.segment_s);
  read(json, "part_s", hls.part_s);
  read(json, "sequence", hls.sequence);
  read(json, "segments", hls.segments);
  read(json, "parts", hls.parts);
  read(json, "bytes", hls.bytes);
  read(json, "dropped", hls.dropped);
  read(json, "memory_bytes", hls.memory_bytes);
  if (const auto found = json.find("renditions"); found != json.end() && found->is_object()) {
    for (const auto& [name, one] : found->items()) hls.renditions.push_back(rendition_of(name, one));
  }
  if (const auto found = json.find("publish"); found != json.end() && found->is_array()) {
    for (const Json& one : *found) hls.publish.push_back(publish_of(one));
  }
  return hls;
}

}  // namespace mainstay
