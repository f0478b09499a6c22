#include "engine/remote/obs/output_status.h"

#include <fmt/format.h>

#include <algorithm>

namespace mainstay::obs {

namespace {

// What waits in a leg's queue against what makes the leg give up pictures: 0 is none, 1 is all it can hold.
constexpr Nanos kFullQueue = Seconds(2);

std::int64_t millis(Nanos duration) {
  return std::chrono::duration_cast<Millis>(duration).count();
}

double congestion(const LegSnapshot& leg) {
  return std::clamp(seconds(leg.queued) / seconds(kFullQueue), 0.0, 1.0);
}

const LegSnapshot* leg_of(const OutputView& output, const Snapshot& snapshot) {
  for (const LegSnapshot& leg : snapshot.legs) {
    if (leg.destination == output.destination && leg.role == output.role) return &leg;
  }
  return nullptr;
}

bool connects_now(const LegSnapshot& leg) {
  return leg.state == LegState::backoff || leg.state == LegState::connecting;
}

std::int64_t pictures(const Snapshot& snapshot) {
  return snapshot.encoders.empty() ? 0 : snapshot.encoders.front().frames;  // the first is the main video rendition
}

Json status(bool active, bool reconnecting, Nanos duration) {
  return {{"outputActive", active},
          {"outputReconnecting", reconnecting},
          {"outputTimecode", timecode(duration)},
          {"outputDuration", millis(duration)},
          {"outputCongestion", 0.0},
          {"outputBytes", 0},
          {"outputSkippedFrames", 0},
          {"outputTotalFrames", 0}};
}

}  // namespace

std::string timecode(Nanos duration) {
  const std::int64_t ms = std::max<std::int64_t>(0, millis(duration));
  return fmt::format("{:02}:{:02}:{:02}.{:03}", ms / 3'600'000, ms / 60'000 % 60, ms / 1000 % 60, ms % 1000);
}

bool stream_active(const Snapshot& snapshot) {
  return snapshot.phase == Phase::on_air;
}

bool record_active(const Snapshot& snapshot) {
  return snapshot.phase == Phase::on_air && snapshot.recorder && snapshot.recorder->state == "recording";
}

Json stream_status(const Snapshot& snapshot) {
  const bool active = stream_active(snapshot);
  if (!active) return status(false, false, Nanos(0));
  const auto& legs = snapshot.legs;
  const bool live = std::any_of(legs.begin(), legs.end(), [](const LegSnapshot& leg) { return on_air(leg.state); });
  Json out = status(true, !live && std::any_of(legs.begin(), legs.end(), connects_now), snapshot.elapsed);
  double worst = 0;
  std::int64_t bytes = 0;
  std::int64_t dropped = 0;
  for (const LegSnapshot& leg : legs) {
    worst = std::max(worst, congestion(leg));
    bytes += leg.bytes;
    dropped += leg.dropped;
  }
  out["outputCongestion"] = worst;
  out["outputBytes"] = bytes;
  out["outputSkippedFrames"] = dropped;
  out["outputTotalFrames"] = pictures(snapshot);
  return out;
}

Json record_status(const Snapshot& snapshot) {
  const bool active = record_active(snapshot);
  const Nanos duration = active ? snapshot.elapsed : Nanos(0);
  return {{"outputActive", active},
          {"outputPaused", false},
          {"outputTimecode", timecode(duration)},
          {"outputDuration", millis(duration)},
          {"outputBytes", active ? snapshot.recorder->bytes : 0}};
}

bool output_active(const OutputView& output, const Snapshot& snapshot) {
  if (output.destination.empty()) return record_active(snapshot);
  const LegSnapshot* const leg = leg_of(output, snapshot);
  return stream_active(snapshot) && leg != nullptr && (on_air(leg->state) || connects_now(*leg));
}

Json output_status(const OutputView& output, const Snapshot& snapshot) {
  const bool active = output_active(output, snapshot);
  if (!active) return status(false, false, Nanos(0));
  if (output.destination.empty()) {
    Json out = status(true, false, snapshot.elapsed);
    out["outputBytes"] = snapshot.recorder->bytes;
    out["outputTotalFrames"] = pictures(snapshot);
    return out;
  }
  const LegSnapshot& leg = *leg_of(output, snapshot);
  Json out = status(true, connects_now(leg), on_air(leg.state) ? leg.in_state : Nanos(0));
  out["outputCongestion"] = congestion(leg);
  out["outputBytes"] = leg.bytes;
  out["outputSkippedFrames"] = leg.dropped;
  out["outputTotalFrames"] = pictures(snapshot);
  return out;
}

Json output_entry(const OutputView& output, const Snapshot& snapshot) {
  const bool file = output.destination.empty();
  return {{"outputName", output.name},
          {"outputKind", output.kind},
          {"outputWidth", snapshot.program.width},
          {"outputHeight", snapshot.program.height},
          {"outputActive", output_active(output, snapshot)},
          {"outputFlags",
           {{"OBS_OUTPUT_VIDEO", true},
            {"OBS_OUTPUT_AUDIO", true},
            {"OBS_OUTPUT_AV", true},
            {"OBS_OUTPUT_ENCODED", true},
            {"OBS_OUTPUT_SERVICE", !file},
            {"OBS_OUTPUT_MULTI_TRACK", false},
            {"OBS_OUTPUT_CAN_PAUSE", false}}}};
}

}  // namespace mainstay::obs
