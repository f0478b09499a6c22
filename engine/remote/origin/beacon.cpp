#include "engine/remote/origin/beacon.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "engine/remote/origin/cmcd.h"
#include "engine/show/section.h"

namespace mainstay::remote {

namespace {

using show::Json;

constexpr double kDay = 86'400'000;  // in ms
constexpr std::array<std::string_view, 4> kModes{"low_latency", "plain", "lowest", "native"};

Status number(const Json& from, const char* key, double most, double& into) {
  const auto found = from.find(key);
  if (found == from.end() || found->is_null()) return {};
  if (!found->is_number()) return make_error(Errc::invalid, "{} is no number", key);
  const double value = found->get<double>();
  if (!std::isfinite(value) || value < 0 || value > most)
    return make_error(Errc::invalid, "{} is not within 0 and {}", key, most);
  into = value;
  return {};
}

Status number(const Json& from, const char* key, double most, std::optional<double>& into) {
  double value = -1;
  MAINSTAY_CHECK(number(from, key, most, value));
  if (value >= 0) into = value;
  return {};
}

template <class Whole>
Status whole(const Json& from, const char* key, double most, Whole& into) {
  double value = 0;
  MAINSTAY_CHECK(number(from, key, most, value));
  into = static_cast<Whole>(value);
  return {};
}

Status flag(const Json& from, const char* key, bool& into) {
  const auto found = from.find(key);
  if (found == from.end() || found->is_null()) return {};
  if (!found->is_boolean()) return make_error(Errc::invalid, "{} is not true or false", key);
  into = found->get<bool>();
  return {};
}

}  // namespace

Result<Beacon> parse_beacon(std::string_view text) {
  if (text.size() > Beacon::kMostBytes)
    return make_error(Errc::invalid, "a report has {} bytes at most", Beacon::kMostBytes);
  const Json from = Json::parse(text, nullptr, false);
  if (!from.is_object()) return make_error(Errc::invalid, "a report is a JSON object");
  Beacon beacon;
  const auto session = from.find("session");
  if (session != from.end() && session->is_string())
    beacon.session = session_name(session->get_ref<const std::string&>());
  if (beacon.session.empty()) return make_error(Errc::invalid, "session is missing, or no name");
  if (const auto mode = from.find("mode"); mode != from.end() && mode->is_string()) {
    const auto& word = mode->get_ref<const std::string&>();
    if (std::find(kModes.begin(), kModes.end(), word) != kModes.end()) beacon.mode = word;
  }
  MAINSTAY_CHECK(whole(from, "number", 1e9, beacon.number));
  MAINSTAY_CHECK(number(from, "startup_ms", kDay, beacon.startup_ms));
  MAINSTAY_CHECK(whole(from, "rebuffers", 1e6, beacon.rebuffers));
  MAINSTAY_CHECK(number(from, "rebuffer_ms", 365 * kDay, beacon.rebuffer_ms));
  MAINSTAY_CHECK(whole(from, "switches", 1e6, beacon.switches));
  MAINSTAY_CHECK(number(from, "watch_ms", 365 * kDay, beacon.watch_ms));
  MAINSTAY_CHECK(whole(from, "errors", 1e6, beacon.errors));
  MAINSTAY_CHECK(flag(from, "failed", beacon.failed));
  MAINSTAY_CHECK(number(from, "latency_ms", kDay, beacon.latency_ms));
  MAINSTAY_CHECK(whole(from, "height", 16'384, beacon.height));
  MAINSTAY_CHECK(flag(from, "ended", beacon.ended));
  return beacon;
}

}  // namespace mainstay::remote
