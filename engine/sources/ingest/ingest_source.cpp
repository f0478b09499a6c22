#include "engine/sources/ingest/ingest_source.h"

#include <algorithm>

namespace mainstay {

namespace {

constexpr const char* kNotOffline = "an ingest takes its media as they come and cannot run offline";

std::string describe(const IngestInputStatus& input) {
  const char* role = to_string(input.role);
  switch (input.state) {
    case IngestInputState::failed:
      return fmt::format("{}: {}", role, input.detail);
    case IngestInputState::waiting:
      return fmt::format("{}: waiting on {}{}{}", role, input.url,
                         input.detail.empty() ? "" : "; last: ", input.detail);
    case IngestInputState::opening:
      return fmt::format("{}: opening {}", role, input.peer);
    case IngestInputState::live:
      return fmt::format("{}: live from {}, {:.0f} kb/s", role, input.peer, input.kbps);
    case IngestInputState::silent:
      return fmt::format("{}: connected from {}, nothing comes", role, input.peer);
  }
  return role;
}

}  // namespace

IngestSource::IngestSource(const show::IngestSource& config, SourceContext context)
    : context_(std::move(context)),
      delay_(config.buffer),
      main_({context_.name, IngestRole::main, config.main, config.hold, config.buffer}, context_.clock, context_.log),
      backup_(config.backup
                  ? std::make_unique<IngestInput>(IngestInput::Options{context_.name, IngestRole::backup,
                                                                       *config.backup, config.hold, config.buffer},
                                                  context_.clock, context_.log)
                  : nullptr),
      playout_({.rate = context_.rate,
                .delay = config.buffer,
                .rules = {.hold = config.hold, .return_hold = config.return_hold},
                .keep = context_.hold},
               context_.clock.now(), main_.buffer(), backup_ ? &backup_->buffer() : nullptr) {}

IngestSource::~IngestSource() = default;

void IngestSource::start() {
  if (context_.clock.offline()) {
    context_.log.error("source " + context_.name, "{}", kNotOffline);
    return;
  }
  main_.start();
  if (backup_) backup_->start();
}

bool IngestSource::ready() const {
  if (context_.clock.offline()) return true;
  const Instant now = context_.clock.now();
  const auto decided = [&](const IngestInput& input) {
    return input.buffer().view().startable(now, delay_) || input.idle();
  };
  return decided(main_) && (!backup_ || decided(*backup_));
}

SourceOutput IngestSource::pull(FrameIndex frame, std::stop_token) {
  if (context_.clock.offline()) return {};
  const std::int64_t switches = playout_.switches();
  SourceOutput out = playout_.pull(frame, context_.clock.now());
  if (playout_.switches() != switches) log_switch();
  const bool missing = !playout_.playing();
  out.repeated = missing && out.video != nullptr;

  std::lock_guard lock(mutex_);
  ++status_.frames;
  if (missing) ++status_.repeated;
  status_.skipped = playout_.counts().skipped;
  status_.av_offset = playout_.player(playout_.on_air()).av_offset();
  on_air_ = playout_.on_air();
  switches_ = playout_.switches();
  playing_ = !missing;
  return out;
}

void IngestSource::log_switch() {
  const char* how = playout_.aligned() ? ", at the same picture" : "";
  if (playout_.on_air() == IngestRole::main) {
    context_.log.info("source " + context_.name, "back on the main input{}", how);
  } else {
    context_.log.warning("source " + context_.name, "the main input does not deliver: backup is on air{}", how);
  }
}

SourceStatus IngestSource::status() const {
  const std::vector<IngestInputStatus> all = inputs();
  std::lock_guard lock(mutex_);
  SourceStatus status = status_;
  status.input = to_string(on_air_);
  if (context_.clock.offline()) {
    status.state = SourceState::failed;
    status.detail = kNotOffline;
    return status;
  }
  const bool heard =
      std::any_of(all.begin(), all.end(), [](const auto& i) { return i.counts.frames > 0 || i.bytes > 0; });
  const bool failed =
      std::all_of(all.begin(), all.end(), [](const auto& i) { return i.state == IngestInputState::failed; });
  status.state = failed     ? SourceState::failed
                 : playing_ ? SourceState::live
                 : heard    ? SourceState::stalled
                            : SourceState::opening;
  for (const IngestInputStatus& input : all) status.detail += (status.detail.empty() ? "" : "; ") + describe(input);
  return status;
}

std::vector<IngestInputStatus> IngestSource::inputs() const {
  std::vector<IngestInputStatus> all{main_.status()};
  if (backup_) all.push_back(backup_->status());
  return all;
}

IngestRole IngestSource::on_air() const {
  std::lock_guard lock(mutex_);
  return on_air_;
}

std::int64_t IngestSource::switches() const {
  std::lock_guard lock(mutex_);
  return switches_;
}

std::vector<std::uint16_t> IngestSource::ports() const {
  std::vector<std::uint16_t> ports{main_.port()};
  if (backup_) ports.push_back(backup_->port());
  return ports;
}

std::unique_ptr<Source> make_ingest_source(const show::IngestSource& resolved, SourceContext context) {
  return std::make_unique<IngestSource>(resolved, std::move(context));
}

}  // namespace mainstay
