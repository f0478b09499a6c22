// How what is on air stands: for snapshots, and for changes that are taken back when a part of them fails.
#include <algorithm>

#include "engine/show/field_info.h"
#include "engine/sources/media_control.h"
#include "engine/studio/on_air.h"

namespace mainstay {

namespace {

std::int64_t whole_ms(Nanos time) {
  return std::chrono::duration_cast<Millis>(time).count();
}

std::optional<MediaSnapshot> media_of(const Source* source) {
  const auto* control = dynamic_cast<const MediaControl*>(source);
  const auto place = control != nullptr ? control->place() : std::nullopt;
  if (!place) return std::nullopt;
  MediaSnapshot media{.position_ms = whole_ms(place->position), .duration_ms = {}, .paused = place->paused};
  if (place->duration) media.duration_ms = whole_ms(*place->duration);
  return media;
}

/// What the key "type" of its JSON is.
std::string type_name(const show::Source& source) {
  for (const show::FieldInfo& field : show::show_info().fields) {
    if (field.key == "sources") return field.objects[source.index()]->name;
  }
  return {};
}

}  // namespace

bool OnAir::settled(const std::vector<std::string>& parts) const {
  const auto asked = [&](const std::string& part) {
    return std::find(parts.begin(), parts.end(), part) != parts.end();
  };
  for (const SourceRack::Entry& entry : sources_.entries()) {
    if (asked("sources/" + entry.name) && (!entry.next_or_source || !entry.next_or_source->ready())) return false;
  }
  for (const DestinationStatus& destination : destinations_.status()) {
    if (asked("destinations/" + destination.name) && !destination.settled()) return false;
  }
  const auto running = recorder();
  return !running || !asked("record") || running->status().state == RecorderState::recording;
}

std::vector<std::string> OnAir::troubles(const std::vector<std::string>& parts) const {
  const auto asked = [&](const std::string& part) {
    return std::find(parts.begin(), parts.end(), part) != parts.end();
  };
  std::vector<std::string> out;
  for (const SourceRack::Entry& entry : sources_.entries()) {
    if (!entry.next_or_source || !asked("sources/" + entry.name)) continue;
    const SourceStatus status = entry.next_or_source->status();
    if (status.state == SourceState::failed) out.push_back(fmt::format("source {}: {}", entry.name, status.detail));
  }
  for (const DestinationStatus& destination : destinations_.status()) {
    if (!asked("destinations/" + destination.name)) continue;
    for (const LegStatus& leg : destination.legs) {
      if (leg.state == LegState::backoff)
        out.push_back(fmt::format("leg {}/{}: {}", leg.destination, leg.role, leg.detail));
    }
  }
  const auto running = recorder();
  if (running && asked("record") && running->status().state == RecorderState::failed)
    out.push_back("record: " + running->status().detail);
  for (std::string& line : out) line = services_.log.redactor().redact(line);
  return out;
}

SourceSnapshot OnAir::source_snapshot(const SourceRack::Entry& entry, const Tally& tally) const {
  SourceSnapshot out;
  out.name = entry.name;
  out.type = type_name(entry.config);
  out.on_air = tally.on_air.contains(entry.name);
  out.on_preview = tally.on_preview.contains(entry.name);
  const SourceStatus status = entry.source ? entry.source->status() : SourceStatus{};
  out.state = to_string(status.state);
  out.detail = services_.log.redactor().redact(status.detail);
  out.input = status.input;
  out.frames = status.frames;
  out.repeated = status.repeated;
  out.skipped = status.skipped;
  out.media = media_of(entry.source.get());
  std::lock_guard lock(mutex_);
  out.outages = records_.outages(entry.name);
  return out;
}

LegSnapshot OnAir::leg_snapshot(const LegStatus& status) const {
  const Instant now = services_.clock.now();
  LegSnapshot out;
  out.destination = status.destination;
  out.role = status.role;
  out.url = status.url_redacted;
  out.state = status.state;
  out.in_state = now - status.since;
  out.detail = services_.log.redactor().redact(status.detail);
  if (status.state == LegState::backoff) out.retry_in = status.retry_in;
  out.connects = static_cast<int>(status.connects);
  out.bytes = status.bytes;
  out.packets = status.packets;
  out.dropped = status.dropped;
  out.kbps = status.kbps;
  out.queued = status.queued;
  out.rtt = status.rtt;
  if (status.first_connect) out.first_connect_ms = seconds(*status.first_connect) * 1000;
  for (const Outage& outage : status.outages) {
    OutageSnapshot& o = out.outages.emplace_back();
    o.start_s = seconds(outage.start - started_);
    o.detect_ms = seconds(outage.detect - outage.start) * 1000;
    if (outage.recover) o.recover_ms = seconds(*outage.recover - outage.start) * 1000;
  }
  out.details = status.details;
  out.rendition = status.rendition;
  out.rendition_height = status.rendition_height;
  out.full = status.full;
  out.step_count = status.step_count;
  for (const LegStep& step : status.steps)
    out.steps.push_back({seconds(step.at - started_), step.from, step.to, step.reason});
  return out;
}

void OnAir::fill_monitor(Snapshot& snapshot) const {
  if (!snapshot.monitor) return;
  MonitorSnapshot& out = *snapshot.monitor;
  const MonitorStatus status = monitor_->status();
  if (!status.device.empty()) out.device = status.device;
  out.state = to_string(status.state);
  out.detail = status.detail;
  out.underruns = status.underruns;
  out.latency_ms = seconds(status.latency) * 1000;
}

/// What a transition by a stinger takes is what its film takes.
void OnAir::fill_stingers(Snapshot& snapshot) const {
  for (StingerSnapshot& stinger : snapshot.stingers) {
    const StingerRack::Readiness readiness = stingers_.readiness(stinger.name);
    stinger.state = readiness.state;
    stinger.detail = services_.log.redactor().redact(readiness.detail);
    if (readiness.length > 0) stinger.length_ms = whole_ms(snapshot.program.rate.begin(readiness.length));
    if (stinger.name == snapshot.program.transition_name && stinger.length_ms)
      snapshot.program.transition_length = Millis(*stinger.length_ms);
  }
}

void OnAir::fill(Snapshot& snapshot) const {
  const ProgramStatus program = program_->status();
  snapshot.elapsed = program.elapsed;
  snapshot.program.rendered = program.rendered;
  snapshot.program.late = program.late;
  snapshot.program.repeated = program.repeated;
  Tally tally;
  {
    std::lock_guard lock(mutex_);
    const auto scene = [&](const std::string& name) {
      const auto found = show_.scenes.find(name);
      return found == show_.scenes.end() ? show::Scene{} : found->second;
    };
    show::see_sources(show_, scene_on_air(show_), tally.on_air);
    if (show_.studio_mode) show::see_sources(show_, scene(show_.preview), tally.on_preview);
    if (in_transition(program)) {
      show::see_sources(show_, scene(take_.from), tally.on_air);
      snapshot.program.transition = TransitionSnapshot{take_name_, take_.from, program.position};
    }
    snapshot.program.black = program.black;
    snapshot.program.to_black = black_.on;
  }
  for (const SourceRack::Entry& entry : sources_.entries()) snapshot.sources.push_back(source_snapshot(entry, tally));
  fill_filters(snapshot.layers);
  fill_meters(snapshot.mixer, program_->mixer_readings());
  for (const RaisedWatch& watch : watchers_->raised())
    snapshot.watches.push_back(
        {watch.subject, watch.program, to_string(watch.kind), seconds(watch.since), watch.value, watch.set_ms});
  fill_monitor(snapshot);
  fill_stingers(snapshot);
  snapshot.encoders = encoders_.snapshot();
  for (const DestinationStatus& destination : destinations_.status()) {
    for (const LegStatus& leg : destination.legs) snapshot.legs.push_back(leg_snapshot(leg));
  }
  if (const auto running = recorder()) {
    const RecorderStatus status = running->status();
    snapshot.recorder = RecorderSnapshot{status.path, to_string(status.state), status.detail, status.bytes};
  }
  snapshot.hls = hls_.snapshot();
}

}  // namespace mainstay
