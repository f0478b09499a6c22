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
    auto made = make_video(show, video, std::move(caps));
    if (!made) return wrap(std::move(made).error(), fmt::format("encoder {}", video.name));
    prepared.renditions.push_back(std::move(*made));
  }
  for (const show::AudioEncode& audio : show.encode.audio) {
    show::Caps caps = show::effective_caps(show, audio);
    if (const Rendition* known = unchanged(*now, audio, caps)) {
      prepared.renditions.push_back(*known);
      continue;
    }
    auto made = make_audio(show, audio, std::move(caps));
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
                                                 show::Caps caps) {
  VideoConfig config = make_video_config(show, video, caps);
  config.stage.first_frame = first_frame_;
  config.stage.scaling = scaling_;
  if (!config.note.empty()) services_.events.add(LogLevel::info, "encoder.plan", video.name, config.note);
  const ffi::VideoEncoderConfig& encoder = config.stage.encoder;
  Rendition made{.config = video, .caps = std::move(caps), .fresh = true};
  made.text = fmt::format("{} {}×{} {} kb/s", encoder_name(video.codec, video.encoder), encoder.width, encoder.height,
                          encoder.kbps);
  made.output = std::make_shared<RenditionOutput>(services_.interleaver, made.name());
  MAINSTAY_TRY(made.video, VideoEncodeThread::start(
                               services_.clock, std::move(config.stage),
                               [output = made.output](PacketPtr packet) { output->push(std::move(packet)); }, notice(),
                               done(made.output)));
  return made;
}

Result<Encoders::Rendition> Encoders::make_audio(const show::Show& show, const show::AudioEncode& audio,
                                                 show::Caps caps) {
  AudioStage::Options config = make_audio_config(show, audio, caps);
  Rendition made{.config = audio, .caps = std::move(caps), .fresh = true};
  made.channels = config.encoder.channels;
  made.text = fmt::format("{} {} kb/s{}", encoder_name(audio.codec, audio.encoder), config.encoder.kbps,
                          made.channels == 2 ? "" : fmt::format(" {}", to_string(layout_of(made.channels))));
  made.output = std::make_shared<RenditionOutput>(services_.interleaver, made.name());
  MAINSTAY_TRY(made.audio, AudioEncodeThread::start(
                               services_.clock, std::move(config),
                               [output = made.output](PacketPtr packet) { output->push(std::move(packet)); }, notice(),
                               done(made.output)));
  return made;
}

void Encoders::commit(Prepared prepared) {
  struct Fresh {
    Rendition rendition;
    std::shared_ptr<RenditionOutput> before;
  };
  std::vector<Fresh> fresh;
  std::vector<Rendition> finishing;
  std::vector<ScaleLadder::Size> sizes;
  for (const Rendition& r : prepared.renditions) {
    if (r.video) sizes.push_back({r.video->stream()->width, r.video->stream()->height});
  }
  scaling_->use(std::move(sizes));
  {
    std::lock_guard lock(mutex_);
    const bool first = renditions_->empty() && leaving_.empty();
    for (Rendition& r : prepared.renditions) {
      if (!std::exchange(r.fresh, false)) continue;
      // All streams are declared before the first packet of any, so that the order of packets depends on nothing else.
      if (first) services_.interleaver.add(r.name(), r.video ? MediaKind::video : MediaKind::audio);
      fresh.push_back({r, output_before(r.name())});
    }
    for (const Rendition& old : *renditions_) {
      const bool stays = std::any_of(prepared.renditions.begin(), prepared.renditions.end(),
                                     [&](const Rendition& r) { return r.output == old.output; });
      if (!stays) finishing.push_back(old);
    }
    leaving_.insert(leaving_.end(), finishing.begin(), finishing.end());
    renditions_ = std::make_shared<const std::vector<Rendition>>(std::move(prepared.renditions));
  }
  for (const Fresh& f : fresh) {
    if (f.before) {
      f.before->hand_over_to(f.rendition.output);
    } else {
      services_.bus.announce(f.rendition.stream());
      f.rendition.output->open();
    }
  }
  for (const Rendition& r : finishing) {
    if (r.video) r.video->finish();
    if (r.audio) r.audio->finish();
  }
}

std::shared_ptr<RenditionOutput> Encoders::output_before(const std::string& name) const {
  const auto named = [&](const Rendition& r) { return r.name() == name; };
  const auto now = std::find_if(renditions_->begin(), renditions_->end(), named);
  if (now != renditions_->end()) return now->output;
  const auto leaving = std::find_if(leaving_.rbegin(), leaving_.rend(), named);
  return leaving != leaving_.rend() ? leaving->output : nullptr;
}

EmitNotice Encoders::notice() {
  return [this](const EncodeNotice& notice) {
    const bool rebuilt = notice.kind == EncodeNotice::Kind::rebuilt;
    services_.events.add(rebuilt ? LogLevel::info : LogLevel::error, rebuilt ? "encoder.rebuilt" : "encoder.failed",
                         notice.rendition, notice.message);
  };
}

std::function<void()> Encoders::done(std::weak_ptr<RenditionOutput> output) {
  return [this, output = std::move(output)] {
    output.lock()->end();
    { std::lock_guard lock(mutex_); }  // not between drain()'s look and its sleep
    changed_.notify_all();
  };
}

void Encoders::look() {
  std::vector<Rendition> gone;
  {
    std::lock_guard lock(mutex_);
    const auto first = std::stable_partition(leaving_.begin(), leaving_.end(),
                                             [](const Rendition& r) { return !r.output->has_ended(); });
    std::move(first, leaving_.end(), std::back_inserter(gone));
    leaving_.erase(first, leaving_.end());
  }
  for (Rendition& r : gone) {
    if (!r.output->has_successor()) services_.bus.withdraw(r.name());
    services_.reaper.take(std::move(r.video));
    services_.reaper.take(std::move(r.audio));
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
  on_bus(show::AudioBus::program, block, first_sample);
}

void Encoders::on_bus(show::AudioBus bus, const AudioBlockPtr& block, std::int64_t first_sample) {
  const List list = current();
  std::vector<std::pair<Fit, DownMix::Out>> fitted;  // each once, however many renditions take it
  for (const Rendition& r : *list) {
    if (!r.audio || std::get<show::AudioEncode>(r.config).bus != bus) continue;
    if (r.channels == block->channels) {
      r.audio->push(block, first_sample);
      continue;
    }
    const Fit fit{bus, r.channels};
    auto made = std::find_if(fitted.begin(), fitted.end(), [&](const auto& one) { return one.first == fit; });
    if (made == fitted.end()) {
      DownMix& mix = fits_.try_emplace(fit, r.channels).first->second;
      made = fitted.insert(made, {fit, mix.take(block, first_sample)});
    }
    if (made->second.block) r.audio->push(made->second.block, made->second.first_sample);
  }
}

// What limiters look ahead by.
void Encoders::flush_fits(const std::vector<Rendition>& list) {
  for (auto& [fit, mix] : fits_) {
    const DownMix::Out rest = mix.flush();
    if (!rest.block) continue;
    for (const Rendition& r : list) {
      const bool takes = r.audio && r.channels == fit.channels && std::get<show::AudioEncode>(r.config).bus == fit.bus;
      if (takes) r.audio->push(rest.block, rest.first_sample);
    }
  }
}

void Encoders::drain(Nanos limit) {
  const List list = current();
  flush_fits(*list);
  for (const Rendition& r : *list) {
    if (r.video) r.video->finish();
    if (r.audio) r.audio->finish();
  }
  std::unique_lock lock(mutex_);
  const Instant deadline = services_.clock.offline() ? kNever : services_.clock.now() + limit;
  const auto has_ended = [](const Rendition& r) { return r.output->has_ended(); };
  const auto all_done = [&] {
    return std::all_of(list->begin(), list->end(), has_ended) &&
           std::all_of(leaving_.begin(), leaving_.end(), has_ended);
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
