#include "engine/studio/hls_json.h"

#include <cmath>

#include "engine/studio/json_read.h"

namespace mainstay {

namespace {

using json_read::read;
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
          {"bytes", p.bytes}, {"queued", p.queued}, {"lost", p.lost},     {"lost_segments", p.lost_segments}};
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
  read(json, "lost_segments", p.lost_segments);
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
  for (const auto& [name, one] : json_read::object_at(json, "renditions").items())
    hls.renditions.push_back(rendition_of(name, one));
  for (const Json& one : json_read::list_at(json, "publish")) hls.publish.push_back(publish_of(one));
  return hls;
}

}  // namespace mainstay
