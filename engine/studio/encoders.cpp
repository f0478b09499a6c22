#include "engine/studio/encoders.h"

#include <algorithm>

#include "engine/encode/encode_config.h"
#include "engine/ffi/av/encoder_list.h"
#include "engine/show/caps.h"

namespace mainstay {

namespace {

// What "auto" stands for; opening the encoder says so when there is none.
std::string encoder_name(Codec codec, const std::string& encoder) {
  auto resolved = ffi::resolve_encoder(codec, encoder);
  return resolved ? std::move(*resolved) : encoder;
}

EncoderSnapshot to_snapshot(const EncodeStats& stats, std::string description) {
  return {.name = stats.name,
          .encoder = std::move(description),
          .frames = stats.frames,
          .dropped = stats.dropped,
          .kbps_mean = stats.kbps_mean,
          .kbps_peak_1s = stats.kbps_peak_1s,
          .digest = fmt::format("{:016x}", stats.digest),
          .error = stats.error};
}

template <class Config>
const Encoders::Rendition* unchanged(const std::vector<Encoders::Rendition>& list, const Config& config,
                                     const show::Caps& caps) {
  for (const Encoders::Rendition& r : list) {
    const auto* known = std::get_if<Config>(&r.config);
    if (known != nullptr && *known == config && r.caps == caps) return &r;
  }
  return nullptr;
}

bool has(const std::vector<Encoders::Rendition>& list, const std::string& name) {
  return std::any_of(list.begin(), list.end(), [&](const auto& r) { return r.name() == name; });
}

}  // namespace

const std::string& Encoders::Rendition::name() const {
  return std::visit([](const auto& c) -> const std::string& { return c.name; }, config);
}

Encoders::~Encoders() = default;

Encoders::List Encoders::current() const {
  std::lock_guard lock(mutex_);
  return renditions_;
}

Result<Encoders::Prepared> Encoders::prepare(const show::Show& show) {
  const List now = current();
  Prepared prepared;
  for (const show::VideoEncode& video : show.encode.video) {
    show::Caps caps = show::effective_caps(show, video);
    if (const Rendition* known = unchanged(*now, video, caps)) {
      prepared.renditions.push_back(*known);
      continue;
    }
    auto made = make_video(show, video, std::move(caps), has(*now, video.name));
    if (!made) return wrap(std::move(made).error(), fmt::format("encoder {}", video.name));
    prepared.renditions.push_back(std::move(*made));
  }
  for (const show::AudioEncode& audio : show.encode.audio) {
    show::Caps caps = show::effective_caps(show, audio);
    if (const Rendition* known = unchanged(*now, audio, caps)) {
      prepared.renditions.push_back(*known);
      continue;
    }
    auto made = make_audio(show, audio, std::move(caps), has(*now, audio.name));
    if (!made) return wrap(std::move(made).error(), fmt::format("encoder {}", audio.name));
    prepared.renditions.push_back(std::move(*made));
  }
  return prepared;
}

bool Encoders::would_open(const show::Show& show) const {
  const List now = current();
  const auto fresh = [&](const auto& config) {
    return unchanged(*now, config, show::effective_caps(show, config)) == nullptr;
  };
  return std::any_of(show.encode.video.begin(), show.encode.video.end(), fresh) ||
         std::any_of(show.encode.audio.begin(), show.encode.audio.end(), fresh);
}

Result<Encoders::Rendition> Encoders::make_video(const show::Show& show, const show::VideoEncode& video,
                                                 show::Caps caps, bool waits) {
  VideoConfig config = make_video_config(show, video, caps);
  config.stage.first_frame = first_frame_;
  if (!config.note.empty()) services_.events.add(LogLevel::info, "encoder.plan", video.name, config.note);
  const ffi::VideoEncoderConfig& encoder = config.stage.encoder;
  Rendition made{.config = video, .caps = std::move(caps), .fresh = true};
  made.text = fmt::format("{} {}×{} {} kb/s", encoder_name(video.codec, video.encoder), encoder.width, encoder.height,
                          encoder.kbps);
  made.output = std::make_shared<RenditionOutput>(services_.interleaver, !waits);
  MAINSTAY_TRY(made.video, VideoEncodeThread::start(
                               services_.clock, std::move(config.stage),
                               [output = made.output](PacketPtr packet) { output->push(std::move(packet)); }, notice(),
                               done(video.name, made.output)));
  return made;
}

Result<Encoders::Rendition> Encoders::make_audio(const show::Show& show, const show::AudioEncode& audio,
                                                 show::Caps caps, bool waits) {
  AudioStage::Options config = make_audio_config(show, audio, caps);
  Rendition made{.config = audio, .caps = std::move(caps), .fresh = true};
  made.text = fmt::format("{} {} kb/s", encoder_name(audio.codec, audio.encoder), config.encoder.kbps);
  made.output = std::make_shared<RenditionOutput>(services_.interleaver, !waits);
  MAINSTAY_TRY(made.audio, AudioEncodeThread::start(
                               services_.clock, std::move(config),
                               [output = made.output](PacketPtr packet) { output->push(std::move(packet)); }, notice(),
                               done(audio.name, made.output)));
  return made;
}

void Encoders::commit(Prepared prepared) {
  std::vector<Rendition> fresh;
  std::vector<Rendition> finishing;
  {
    std::lock_guard lock(mutex_);
    const bool first = renditions_->empty() && leaving_.empty();
    for (Rendition& r : prepared.renditions) {
      if (!std::exchange(r.fresh, false)) continue;
      // All streams are declared before the first packet of any, so that the order of packets depends on nothing else.
      if (first) services_.interleaver.add(r.name(), r.video ? MediaKind::video : MediaKind::audio);
      if (!has(*renditions_, r.name())) fresh.push_back(r);
    }
    for (const Rendition& old : *renditions_) {
      const auto now = std::find_if(prepared.renditions.begin(), prepared.renditions.end(),
                                    [&](const Rendition& r) { return r.name() == old.name(); });
      if (now != prepared.renditions.end() && now->output == old.output) continue;
      leaving_.push_back({old, now != prepared.renditions.end() ? now->output : nullptr});
      finishing.push_back(old);
    }
    renditions_ = std::make_shared<const std::vector<Rendition>>(std::move(prepared.renditions));
  }
  for (const Rendition& r : fresh) services_.bus.announce(r.stream());
  for (const Rendition& r : finishing) {
    if (r.video) r.video->finish();
    if (r.audio) r.audio->finish();
    const auto successor = r.output->has_ended() ? successor_of(r.output) : nullptr;  // one that had failed
    if (successor) successor->open();
  }
}

EmitNotice Encoders::notice() {
  return [this](const EncodeNotice& notice) {
    const bool rebuilt = notice.kind == EncodeNotice::Kind::rebuilt;
    services_.events.add(rebuilt ? LogLevel::info : LogLevel::error, rebuilt ? "encoder.rebuilt" : "encoder.failed",
                         notice.rendition, notice.message);
  };
}

std::function<void()> Encoders::done(std::string name, std::weak_ptr<RenditionOutput> output) {
  return [this, name = std::move(name), output = std::move(output)] {
    const std::shared_ptr<RenditionOutput> from = output.lock();
    const std::shared_ptr<RenditionOutput> successor = successor_of(from);
    // Before it counts as ended: drain() returns then, and what others hold back for this one must be out.
    if (successor) {
      successor->open();
    } else {
      services_.interleaver.end(name);
    }
    {
      std::lock_guard lock(mutex_);
      from->end();
    }
    changed_.notify_all();
    if (!successor) {  // it may have been replaced just now
      if (const auto late = successor_of(from)) late->open();
    }
  };
}

std::shared_ptr<RenditionOutput> Encoders::successor_of(const std::shared_ptr<RenditionOutput>& output) const {
  std::lock_guard lock(mutex_);
  const auto it =
      std::find_if(leaving_.begin(), leaving_.end(), [&](const Leaving& l) { return l.rendition.output == output; });
  return it == leaving_.end() ? nullptr : it->successor;
}

void Encoders::look() {
  std::vector<Leaving> gone;
  {
    std::lock_guard lock(mutex_);
    const auto first = std::stable_partition(leaving_.begin(), leaving_.end(),
                                             [](const Leaving& l) { return !l.rendition.output->has_ended(); });
    std::move(first, leaving_.end(), std::back_inserter(gone));
    leaving_.erase(first, leaving_.end());
  }
  for (Leaving& l : gone) {
    if (!l.successor) services_.bus.withdraw(l.rendition.name());
    services_.reaper.take(std::move(l.rendition.video));
    services_.reaper.take(std::move(l.rendition.audio));
  }
}

std::size_t Encoders::leaving() const {
  std::lock_guard lock(mutex_);
  return leaving_.size();
}

void Encoders::on_video(const FramePtr& frame, FrameIndex n) {
  const List list = current();
  for (const Rendition& r : *list) {
    if (r.video) r.video->push(frame, n);
  }
}

void Encoders::on_audio(const AudioBlockPtr& block, std::int64_t first_sample) {
  const List list = current();
  for (const Rendition& r : *list) {
    if (r.audio) r.audio->push(block, first_sample);
  }
}

void Encoders::drain(Nanos limit) {
  const List list = current();
  for (const Rendition& r : *list) {
    if (r.video) r.video->finish();
    if (r.audio) r.audio->finish();
  }
  std::unique_lock lock(mutex_);
  const Instant deadline = services_.clock.offline() ? kNever : services_.clock.now() + limit;
  const auto has_ended = [](const Rendition& r) { return r.output->has_ended(); };
  const auto all_done = [&] {
    return std::all_of(list->begin(), list->end(), has_ended) &&
           std::all_of(leaving_.begin(), leaving_.end(), [&](const Leaving& l) { return has_ended(l.rendition); });
  };
  if (services_.clock.wait(lock, changed_, {}, deadline, all_done)) return;
  services_.events.add(LogLevel::warning, "encoder.slow", "encoders",
                       fmt::format("not drained within {:.1f} s: the last frames are missing", seconds(limit)));
}

std::vector<EncoderSnapshot> Encoders::snapshot() const {
  std::vector<EncoderSnapshot> out;
  const List list = current();
  for (const Rendition& r : *list) out.push_back(to_snapshot(r.stats(), r.text));
  return out;
}

}  // namespace mainstay
