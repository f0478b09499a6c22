#include "engine/studio/report.h"

#include <cmath>
#include <nlohmann/json.hpp>

namespace mainstay {

namespace {

using Json = nlohmann::ordered_json;

// Three decimals are enough for anybody, and do not fill the report with binary fractions.
double rounded(double value) {
  return std::round(value * 1000) / 1000;
}

Json optional_number(const std::optional<double>& value) {
  return value ? Json(rounded(*value)) : Json(nullptr);
}

Json encoder_json(const EncoderSnapshot& e) {
  return {{"name", e.name},
          {"encoder", e.encoder},
          {"frames", e.frames},
          {"dropped", e.dropped},
          {"kbps_mean", rounded(e.kbps_mean)},
          {"kbps_peak_1s", rounded(e.kbps_peak_1s)},
          {"digest", e.digest}};
}

Json leg_json(const LegSnapshot& leg) {
  Json outages = Json::array();
  for (const OutageSnapshot& outage : leg.outages) {
    outages.push_back({{"start_s", rounded(outage.start_s)},
                       {"detect_ms", rounded(outage.detect_ms)},
                       {"recover_ms", optional_number(outage.recover_ms)}});
  }
  Json steps = Json::array();
  for (const StepSnapshot& step : leg.steps) {
    steps.push_back({{"at_s", rounded(step.at_s)}, {"from", step.from}, {"to", step.to}, {"reason", step.reason}});
  }
  return {{"destination", leg.destination},
          {"role", leg.role},
          {"url", leg.url},
          {"state", to_string(leg.state)},
          {"detail", leg.detail},
          {"connects", leg.connects},
          {"bytes", leg.bytes},
          {"packets", leg.packets},
          {"dropped", leg.dropped},
          {"first_connect_ms", optional_number(leg.first_connect_ms)},
          {"outages", std::move(outages)},
          {"rendition", leg.rendition},
          {"step_count", leg.step_count},
          {"steps", std::move(steps)}};
}

Json source_json(const SourceSnapshot& source) {
  Json outages = Json::array();
  for (const SourceOutageSnapshot& outage : source.outages) {
    outages.push_back({{"start_s", rounded(outage.start_s)},
                       {"recover_ms", optional_number(outage.recover_ms)},
                       {"detail", outage.detail}});
  }
  return {{"name", source.name},         {"type", source.type},       {"state", source.state},
          {"detail", source.detail},     {"input", source.input},     {"frames", source.frames},
          {"repeated", source.repeated}, {"skipped", source.skipped}, {"outages", std::move(outages)}};
}

}  // namespace

std::string report_json(const Snapshot& snapshot, const std::vector<std::string>& errors, const ProcessUsage& usage) {
  Json report{{"show", snapshot.show_name},
              {"duration_s", rounded(seconds(snapshot.elapsed))},
              {"frames",
               {{"rendered", snapshot.program.rendered},
                {"late", snapshot.program.late},
                {"repeated", snapshot.program.repeated}}}};
  report["sources"] = Json::array();
  for (const SourceSnapshot& source : snapshot.sources) report["sources"].push_back(source_json(source));
  report["encoders"] = Json::array();
  for (const EncoderSnapshot& encoder : snapshot.encoders) report["encoders"].push_back(encoder_json(encoder));
  report["legs"] = Json::array();
  for (const LegSnapshot& leg : snapshot.legs) report["legs"].push_back(leg_json(leg));
  if (snapshot.recorder) {
    report["record"] = {
        {"path", snapshot.recorder->path}, {"state", snapshot.recorder->state}, {"bytes", snapshot.recorder->bytes}};
  }
  const HlsSnapshot hls = snapshot.hls.value_or(HlsSnapshot{});
  report["hls"] = {{"segments", hls.segments}, {"parts", hls.parts}};
  report["cpu_s"] = rounded(usage.cpu_s);
  report["peak_rss_mb"] = rounded(usage.peak_rss_mb);
  report["errors"] = errors;
  return report.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace mainstay
