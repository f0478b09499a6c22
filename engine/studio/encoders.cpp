#include "engine/studio/encoders.h"

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

}  // namespace

Result<std::unique_ptr<Encoders>> Encoders::make(const show::Show& show, FrameIndex first_frame,
                                                 Interleaver& interleaver, PacketBus& bus, Clock& clock,
                                                 EventLog& events) {
  std::unique_ptr<Encoders> encoders(new Encoders(interleaver, clock, events));
  // All streams are declared before the first packet of any, so that the order of packets depends on nothing else.
  for (const show::VideoEncode& video : show.encode.video) interleaver.add(video.name, MediaKind::video);
  for (const show::AudioEncode& audio : show.encode.audio) interleaver.add(audio.name, MediaKind::audio);
  for (const show::VideoEncode& video : show.encode.video) {
    MAINSTAY_CHECK(encoders->add_video(show, video, first_frame));
    bus.announce(encoders->video_.back()->stream());
  }
  for (const show::AudioEncode& audio : show.encode.audio) {
    MAINSTAY_CHECK(encoders->add_audio(show, audio));
    bus.announce(encoders->audio_.back()->stream());
  }
  return encoders;
}

Encoders::~Encoders() = default;

Status Encoders::add_video(const show::Show& show, const show::VideoEncode& video, FrameIndex first_frame) {
  VideoConfig config = make_video_config(show, video, show::effective_caps(show, video));
  config.stage.first_frame = first_frame;
  if (!config.note.empty()) events_.add(LogLevel::info, "encoder.plan", video.name, config.note);
  const ffi::VideoEncoderConfig& encoder = config.stage.encoder;
  described_.push_back({video.name, fmt::format("{} {}×{} {} kb/s", encoder_name(video.codec, video.encoder),
                                                encoder.width, encoder.height, encoder.kbps)});
  auto thread = VideoEncodeThread::start(clock_, std::move(config.stage), emit(), notice(), done(video.name));
  if (!thread) return wrap(std::move(thread).error(), fmt::format("encoder {}", video.name));
  video_.push_back(std::move(*thread));
  ++running_;
  return {};
}

Status Encoders::add_audio(const show::Show& show, const show::AudioEncode& audio) {
  AudioStage::Options config = make_audio_config(show, audio, show::effective_caps(show, audio));
  described_.push_back(
      {audio.name, fmt::format("{} {} kb/s", encoder_name(audio.codec, audio.encoder), config.encoder.kbps)});
  auto thread = AudioEncodeThread::start(clock_, std::move(config), emit(), notice(), done(audio.name));
  if (!thread) return wrap(std::move(thread).error(), fmt::format("encoder {}", audio.name));
  audio_.push_back(std::move(*thread));
  ++running_;
  return {};
}

EmitPacket Encoders::emit() {
  return [this](PacketPtr packet) { interleaver_.push(std::move(packet)); };
}

EmitNotice Encoders::notice() {
  return [this](const EncodeNotice& notice) {
    const bool rebuilt = notice.kind == EncodeNotice::Kind::rebuilt;
    events_.add(rebuilt ? LogLevel::info : LogLevel::error, rebuilt ? "encoder.rebuilt" : "encoder.failed",
                notice.rendition, notice.message);
  };
}

std::function<void()> Encoders::done(std::string name) {
  return [this, name = std::move(name)] {
    interleaver_.end(name);
    {
      std::lock_guard lock(mutex_);
      --running_;
    }
    changed_.notify_all();
  };
}

void Encoders::on_video(const FramePtr& frame, FrameIndex n) {
  for (const auto& thread : video_) thread->push(frame, n);
}

void Encoders::on_audio(const AudioBlockPtr& block, std::int64_t first_sample) {
  for (const auto& thread : audio_) thread->push(block, first_sample);
}

void Encoders::drain(Nanos limit) {
  for (const auto& thread : video_) thread->finish();
  for (const auto& thread : audio_) thread->finish();
  std::unique_lock lock(mutex_);
  const Instant deadline = clock_.offline() ? kNever : clock_.now() + limit;
  if (!clock_.wait(lock, changed_, {}, deadline, [&] { return running_ == 0; })) {
    events_.add(LogLevel::warning, "encoder.slow", "encoders",
                fmt::format("not drained within {:.1f} s: the last frames are missing", seconds(limit)));
  }
}

std::vector<EncoderSnapshot> Encoders::snapshot() const {
  std::vector<EncoderSnapshot> out;
  const auto text_of = [&](const std::string& name) {
    for (const Described& d : described_) {
      if (d.name == name) return d.text;
    }
    return std::string();
  };
  for (const auto& thread : video_) out.push_back(to_snapshot(thread->stats(), text_of(thread->stats().name)));
  for (const auto& thread : audio_) out.push_back(to_snapshot(thread->stats(), text_of(thread->stats().name)));
  return out;
}

}  // namespace mainstay
