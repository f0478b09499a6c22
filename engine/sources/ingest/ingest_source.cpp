#include "engine/sources/ingest/ingest_source.h"

#include <algorithm>

namespace mainstay {

namespace {

constexpr Nanos kSameEncode = Millis(1500);  // most that two paths of the same encode are apart

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
      switch_({.hold = config.hold, .return_hold = config.return_hold}, context_.clock.now()) {
  const auto make = [&](IngestRole role, const show::IngestInput& input) {
    IngestInput::Options options{context_.name, role, input, config.hold, config.buffer};
    return std::make_unique<Side>(std::move(options), context_.clock, context_.log, context_.rate, config.buffer);
  };
  main_ = make(IngestRole::main, config.main);
  if (config.backup) backup_ = make(IngestRole::backup, *config.backup);
  main_->player.set_on_air(true);
}

IngestSource::~IngestSource() = default;

void IngestSource::start() {
  if (context_.clock.offline()) {
    context_.log.error("source " + context_.name, "an ingest takes its media as they come and cannot run offline");
    return;
  }
  main_->input.start();
  if (backup_) backup_->input.start();
}

bool IngestSource::ready() const {
  if (context_.clock.offline()) return true;
  const auto decided = [](const Side* side) {
    if (side == nullptr) return true;
    const IngestBuffer::View view = std::as_const(side->input).buffer().view();
    return view.newest.has_value() || side->input.idle();
  };
  return decided(main_.get()) && decided(backup_.get());
}

InputView IngestSource::view_of(const Side* side) {
  if (side == nullptr) return {};
  const IngestBuffer::View& view = side->player.view();
  return {true, view.connected, view.last_media, side->player.has_due()};
}

bool IngestSource::same_encode() const {
  if (!main_->player.playing() || !backup_->player.playing()) return false;
  const IngestBuffer::View& a = main_->player.view();
  const IngestBuffer::View& b = backup_->player.view();
  if (!a.offset || !b.offset || !a.newest || !b.newest || !a.has_video || !b.has_video) return false;
  if (std::chrono::abs(*a.offset - *b.offset) > kSameEncode) return false;
  return main_->input.buffer().seen(*b.newest) || backup_->input.buffer().seen(*a.newest);
}

// Puts the input off air where the one on air is, so that it can go on with the very next picture.
void IngestSource::align(IngestRole role, bool aligned) {
  if (!aligned) return;
  const IngestPlayer& on_air = side(role)->player;
  IngestPlayer& other = side(role == IngestRole::main ? IngestRole::backup : IngestRole::main)->player;
  if (other.covers(on_air.playhead())) return other.place(on_air.playhead());
  if (on_air.has_due() || !on_air.shown_pts()) return;
  // The one on air has run dry and the other's path is longer: it goes on after the last picture shown, once it has
  // been delayed as an input should be.
  const Nanos next = *on_air.shown_pts() + on_air.picture_time();
  if (const auto wanted = other.wanted(); wanted && *wanted >= next) other.place(next);
}

SourceOutput IngestSource::pull(FrameIndex frame, std::stop_token) {
  if (context_.clock.offline()) return {};
  const Instant now = context_.clock.now();
  const bool was_aligned = aligned_;
  const auto other_offset = [&](const Side* other) -> std::optional<Nanos> {
    if (!was_aligned || !view_of(other).connected) return {};
    return other->player.view().offset;
  };
  main_->player.tick(frame, now, other_offset(backup_.get()));
  if (backup_) {
    backup_->player.tick(frame, now, other_offset(main_.get()));
    // An encode does not change its timeline while it comes: what was found out stays until a connection ends.
    aligned_ = same_encode() || (was_aligned && main_->player.playing() && backup_->player.playing() &&
                                 (!main_->player.view().connected || !backup_->player.view().connected));
    align(switch_.on_air(), aligned_);
  }

  Side* const before = side(switch_.on_air());
  const IngestRole role = switch_.decide(now, view_of(main_.get()), view_of(backup_.get()), aligned_);
  Side* const current = side(role);
  SourceOutput out;
  auto block = std::make_shared<AudioBlock>(2, context_.rate.samples(frame));
  if (current != before) {
    AudioBlock old(2, block->samples);
    before->player.take_sound(old);
    before->player.set_on_air(false);
    current->player.set_on_air(true);
    current->player.take_sound(*block);
    switch_sound(old, *block);
    log_switch(role, aligned_);
  } else {
    current->player.take_sound(*block);
  }
  const IngestPlayer::Output picture = current->player.take_picture();
  if (Side* other = side(role == IngestRole::main ? IngestRole::backup : IngestRole::main)) other->player.pass();

  if (picture.fresh) {
    shown_ = picture.frame;
    last_fresh_ = now;
  }
  if (picture.missing && now - last_fresh_ > context_.hold) shown_ = nullptr;
  out.video = shown_;
  out.repeated = picture.missing && shown_ != nullptr;
  out.audio = std::move(block);

  std::lock_guard lock(mutex_);
  ++status_.frames;
  if (picture.missing) ++status_.repeated;
  status_.skipped = main_->player.counts().skipped + (backup_ ? backup_->player.counts().skipped : 0);
  on_air_ = role;
  switches_ = switch_.switches();
  playing_ = !picture.missing;
  return out;
}

void IngestSource::switch_sound(const AudioBlock& old, AudioBlock& block) {
  const int fade = std::min(SoundRamp::kSamples, block.samples);
  for (int channel = 0; channel < block.channels; ++channel) {
    const auto from = old.plane(channel);
    const auto to = block.plane(channel);
    for (int i = 0; i < fade; ++i) {
      const auto at = static_cast<std::size_t>(i);
      const float share = static_cast<float>(i + 1) / static_cast<float>(fade);
      to[at] = to[at] * share + from[at] * (1 - share);
    }
  }
}

void IngestSource::log_switch(IngestRole to, bool aligned) {
  const char* name = to_string(to);
  const char* how = aligned ? ", same encode: at the same picture" : "";
  if (to == IngestRole::main) {
    context_.log.info("source " + context_.name, "back on the main input{}", how);
  } else {
    context_.log.warning("source " + context_.name, "the main input does not deliver: {} is on air{}", name, how);
  }
}

SourceStatus IngestSource::status() const {
  const std::vector<IngestInputStatus> all = inputs();
  std::lock_guard lock(mutex_);
  SourceStatus status = status_;
  status.input = to_string(on_air_);
  if (context_.clock.offline()) {
    status.state = SourceState::failed;
    status.detail = "an ingest takes its media as they come and cannot run offline";
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
  std::vector<IngestInputStatus> all{main_->input.status()};
  if (backup_) all.push_back(backup_->input.status());
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
  std::vector<std::uint16_t> ports{main_->input.port()};
  if (backup_) ports.push_back(backup_->input.port());
  return ports;
}

std::unique_ptr<Source> make_ingest_source(const show::IngestSource& resolved, SourceContext context) {
  return std::make_unique<IngestSource>(resolved, std::move(context));
}

}  // namespace mainstay
