#include "engine/studio/on_air.h"

#include <algorithm>

#include "engine/deliver/transport_factory.h"
#include "engine/show/paths.h"
#include "engine/show/renditions.h"
#include "engine/sources/factory.h"

namespace mainstay {

namespace {

constexpr FrameIndex kFromShow = -1;
constexpr Nanos kDrainLimit = Millis(600);  // of the encoders; what is left of the 3 s is the legs'

LogLevel level_of(LegState state) {
  switch (state) {
    case LegState::backoff:
    case LegState::degraded:
      return LogLevel::warning;
    default:
      return LogLevel::info;
  }
}

bool is_ingest(const show::Source& source) {
  return std::holds_alternative<show::IngestSource>(source);
}

const char* type_name(const show::Source& source) {
  constexpr const char* kNames[] = {"file", "bars", "color", "ingest"};
  return kNames[source.index()];
}

FrameIndex first_frame(const show::Program& program) {
  const FrameIndex wanted = program.first_frame == kFromShow ? program.rate.frames_in(Seconds(1)) : program.first_frame;
  return aligned_start(program.rate, wanted);
}

Interleaver::Options interleaving(const Clock& clock) {
  return {.exact = clock.offline()};
}

Selection selection(const show::Encode& encode, const std::string& video, const std::string& audio) {
  const show::VideoEncode* v = show::find_video(encode, video);
  const show::AudioEncode* a = show::find_audio(encode, audio);
  return {.video = v ? v->name : "", .audio = a ? a->name : ""};
}

}  // namespace

show::Scene scene_on_air(const show::Show& show) {
  if (const auto named = show.scenes.find(show.on_air); named != show.scenes.end()) return named->second;
  if (!show.scenes.empty()) return show.scenes.begin()->second;
  show::Scene scene;
  if (!show.sources.empty()) scene.layers.push_back({.source = show.sources.begin()->first});
  return scene;
}

OnAir::OnAir(OnAirPlan plan, Services services)
    : plan_(std::move(plan)),
      services_(services),
      scene_(scene_on_air(plan_.show)),
      started_(services.clock.now()),
      bus_(services.clock),
      interleaver_(interleaving(services.clock),
                   [this](PacketPtr packet, const std::stop_token& stop) { bus_.publish(std::move(packet), stop); }) {}

Result<std::unique_ptr<OnAir>> OnAir::start(OnAirPlan plan, Services services, std::function<void()> ended) {
  std::unique_ptr<OnAir> on_air(new OnAir(std::move(plan), services));
  // Sources first: they open and pre-roll while the encoders are made and the legs connect.
  MAINSTAY_CHECK(on_air->make_sources());
  MAINSTAY_TRY(on_air->encoders_, Encoders::make(on_air->plan_.show, first_frame(on_air->plan_.show.program),
                                                 on_air->interleaver_, on_air->bus_, services.clock, services.events));
  MAINSTAY_CHECK(on_air->make_destinations());
  MAINSTAY_CHECK(on_air->make_recorder());
  on_air->make_program(std::move(ended));
  return on_air;
}

OnAir::~OnAir() {
  stop();
}

Status OnAir::make_sources() {
  const show::Program& format = plan_.show.program;
  const auto wanted = [&](const std::string& name, const show::Source& source) {
    return is_ingest(source) || name == format.slate ||
           std::any_of(scene_.layers.begin(), scene_.layers.end(),
                       [&](const show::Layer& layer) { return layer.source == name; });
  };
  for (const auto& [name, source] : plan_.show.sources) {
    if (!wanted(name, source)) continue;
    MAINSTAY_TRY(const show::Source resolved, services_.secrets.resolve(source));
    const SourceContext context{.name = name,
                                .clock = services_.clock,
                                .log = services_.log,
                                .rate = format.rate,
                                .width = format.width,
                                .height = format.height,
                                .hold = format.hold,
                                .show_dir = plan_.show_dir};
    inputs_.push_back({name, make_source(resolved, context)});
    inputs_.back().source->start();
  }
  return {};
}

Status OnAir::make_destinations() {
  for (const auto& [name, config] : plan_.show.destinations) {
    if (services_.clock.offline()) {
      services_.events.add(LogLevel::info, "destination.offline", name, "not connected: an offline run has no network");
      continue;
    }
    show::Destination resolved = config;
    MAINSTAY_TRY(resolved.main, services_.secrets.resolve(config.main));
    if (config.backup) {
      MAINSTAY_TRY(resolved.backup, services_.secrets.resolve(*config.backup));
    }
    MAINSTAY_TRY(auto destination,
                 make_destination(name, resolved, selection(plan_.show.encode, config.video, config.audio), bus_,
                                  services_.clock, services_.log, [this](const LegEvent& event) { heard(event); }));
    destination->start();
    destinations_.push_back(std::move(destination));
  }
  return {};
}

Status OnAir::make_recorder() {
  if (!plan_.show.record) return {};
  MAINSTAY_TRY(const show::Record record, services_.secrets.resolve(*plan_.show.record));
  RecorderOptions options;
  options.path = show::expand_path(record.path, plan_.show_dir);
  options.fragment = record.fragment;
  options.selection = selection(plan_.show.encode, record.video, record.audio);
  recorder_ = std::make_unique<Recorder>(std::move(options), bus_, services_.clock, services_.log,
                                         [this](const RecorderStatus& status) { heard(status); });
  return {};
}

void OnAir::make_program(std::function<void()> ended) {
  Program::Options options;
  options.format = plan_.show.program;
  options.scene = scene_;
  options.inputs = inputs_;
  options.sinks = {encoders_.get()};
  options.first_frame = first_frame(plan_.show.program);
  options.frames = plan_.frames;
  program_ = std::make_unique<Program>(services_.clock, services_.log, std::move(options), std::move(ended));
  program_->start();
}

void OnAir::stop() {
  if (std::exchange(stopped_, true)) return;
  if (program_) program_->stop();
  look();
  if (encoders_) encoders_->drain(kDrainLimit);
  bus_.close();
  for (const auto& destination : destinations_) destination->stop();
  if (recorder_) recorder_->stop();
  await_consumers();
}

bool OnAir::consumers_stopped() const {
  const bool legs = std::all_of(destinations_.begin(), destinations_.end(), [](const auto& destination) {
    const DestinationStatus status = destination->status();
    return std::all_of(status.legs.begin(), status.legs.end(), [](const LegStatus& leg) {
      return leg.state == LegState::stopped || leg.state == LegState::idle;
    });
  });
  return legs && (!recorder_ || recorder_->status().state == RecorderState::stopped);
}

void OnAir::await_consumers() {
  std::unique_lock lock(mutex_);
  // Offline the program no longer moves time, and nothing here depends on a network.
  const Instant limit = services_.clock.offline() ? kNever : services_.clock.now() + kStopLimit;
  services_.clock.wait(lock, changed_, {}, limit, [&] { return consumers_stopped(); });
}

void OnAir::heard(const LegEvent& event) {
  const std::string subject = event.destination + "/" + event.role;
  if (event.kind == LegEvent::Kind::state) {
    services_.events.note(level_of(event.to), "leg.state", subject, describe(event));
  } else if (event.kind == LegEvent::Kind::outage_ended && event.outage && event.outage->recover) {
    services_.events.add(
        LogLevel::info, "leg.recovered", subject,
        fmt::format("delivers again after {:.1f} s", seconds(*event.outage->recover - event.outage->start)));
  }
  wake();
}

void OnAir::heard(const RecorderStatus& status) {
  const bool failed = status.state == RecorderState::failed;
  std::string message = fmt::format("{} {}", to_string(status.state), status.path);
  if (!status.detail.empty()) message += ": " + status.detail;
  services_.events.note(failed ? LogLevel::error : LogLevel::info, "record.state", "record", std::move(message));
  wake();
}

void OnAir::wake() {
  { std::lock_guard lock(mutex_); }  // not between the waiter's look and its sleep
  changed_.notify_all();
}

void OnAir::look() {
  for (const Program::Input& input : inputs_) {
    const SourceStatus status = input.source->status();
    const auto [told, first] = told_states_.try_emplace(input.name, SourceState::opening);
    if (status.state == told->second) continue;
    told->second = status.state;
    const bool failed = status.state == SourceState::failed;
    std::string message = to_string(status.state);
    if (!status.detail.empty()) message += ": " + status.detail;
    services_.events.add(failed ? LogLevel::error : LogLevel::info, "source.state", input.name, message);
    const bool shown = std::any_of(scene_.layers.begin(), scene_.layers.end(),
                                   [&](const show::Layer& layer) { return layer.source == input.name; });
    if (!shown) continue;
    std::lock_guard lock(mutex_);
    failures_.erase(input.name);  // a source that came back is forgiven
    if (failed) failures_[input.name] = fmt::format("source {}: {}", input.name, status.detail);
  }
}

Result<Destination*> OnAir::find_destination(const std::string& name) {
  for (const auto& destination : destinations_) {
    if (destination->status().name == name) return destination.get();
  }
  return make_error(Errc::invalid, "no destination is called '{}'", name);
}

Status OnAir::retry_now(const std::string& destination, const std::string& role) {
  MAINSTAY_TRY(Destination* const found, find_destination(destination));
  return found->retry_now(role);
}

Status OnAir::take_main(const std::string& destination) {
  MAINSTAY_TRY(Destination* const found, find_destination(destination));
  return found->take_main();
}

std::vector<show::ShowError> OnAir::apply(const show::Show&) {
  return {{"", "the show cannot be changed while on air yet: end it first"}};
}

SourceSnapshot OnAir::source_snapshot(const Program::Input& input) const {
  const SourceStatus status = input.source->status();
  SourceSnapshot out;
  out.name = input.name;
  out.type = type_name(plan_.show.sources.at(input.name));
  out.state = to_string(status.state);
  out.detail = services_.log.redactor().redact(status.detail);
  out.input = status.input;
  out.on_air = std::any_of(scene_.layers.begin(), scene_.layers.end(),
                           [&](const show::Layer& layer) { return layer.visible && layer.source == input.name; });
  out.frames = status.frames;
  out.repeated = status.repeated;
  out.skipped = status.skipped;
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
  return out;
}

void OnAir::fill(Snapshot& snapshot) const {
  const ProgramStatus program = program_->status();
  snapshot.elapsed = program.elapsed;
  snapshot.program.rendered = program.rendered;
  snapshot.program.late = program.late;
  snapshot.program.repeated = program.repeated;
  for (const Program::Input& input : inputs_) snapshot.sources.push_back(source_snapshot(input));
  snapshot.encoders = encoders_->snapshot();
  for (const auto& destination : destinations_) {
    for (const LegStatus& leg : destination->status().legs) snapshot.legs.push_back(leg_snapshot(leg));
  }
  if (recorder_) {
    const RecorderStatus status = recorder_->status();
    snapshot.recorder = RecorderSnapshot{status.path, to_string(status.state), status.detail, status.bytes};
  }
}

FramePtr OnAir::picture() const {
  return program_->picture();
}

std::string OnAir::failure() const {
  std::lock_guard lock(mutex_);
  return failures_.empty() ? std::string() : failures_.begin()->second;
}

}  // namespace mainstay
