#include "engine/studio/source_records.h"

#include <fmt/format.h>

#include <utility>

namespace mainstay {

void SourceRecords::note(const std::string& source, SourceState state, const std::string& detail, Nanos at) {
  Record& record = records_[source];
  record.failed = state == SourceState::failed;
  record.why = record.failed ? detail : std::string();
  if (record.failed || state == SourceState::stalled) {
    if (!std::exchange(record.away, true)) {
      record.outages.push_back({.start_s = seconds(at), .recover_ms = std::nullopt, .detail = detail});
      if (record.outages.size() > kKept) record.outages.pop_front();
    } else if (record.failed) {
      record.outages.back().detail = detail;  // why it does not come back says more than that it stopped
    }
  } else if (state != SourceState::opening && std::exchange(record.away, false)) {
    SourceOutageSnapshot& outage = record.outages.back();
    outage.recover_ms = seconds(at) * 1000 - outage.start_s * 1000;
  }
}

void SourceRecords::keep(const std::function<bool(const std::string& source)>& known) {
  std::erase_if(records_, [&](const auto& record) { return !known(record.first); });
}

std::string SourceRecords::failure(const std::string& source) const {
  const auto found = records_.find(source);
  if (found == records_.end() || !found->second.failed) return {};
  return fmt::format("source {}: {}", source, found->second.why);
}

std::vector<std::string> SourceRecords::failing() const {
  std::vector<std::string> names;
  for (const auto& [name, record] : records_) {
    if (record.failed) names.push_back(name);
  }
  return names;
}

std::vector<SourceOutageSnapshot> SourceRecords::outages(const std::string& source) const {
  const auto found = records_.find(source);
  if (found == records_.end()) return {};
  return {found->second.outages.begin(), found->second.outages.end()};
}

}  // namespace mainstay
