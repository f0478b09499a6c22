#include "engine/studio/hls_output.h"

#include <fmt/format.h>

#include <limits>
#include <utility>

#include "engine/show/hls_timing.h"
#include "engine/show/paths.h"

namespace mainstay {

namespace {

constexpr std::int64_t kUnknown = std::numeric_limits<std::int64_t>::max();
const QueueLimits kQueue{std::numeric_limits<std::size_t>::max(), std::int64_t{64} << 20, Seconds(8)};

/// The bus, as the packager knows it.
class BusFeed final : public package::PacketFeed {
 public:
  explicit BusFeed(PacketBus& bus) : subscription_(bus.subscribe({.video = {}, .audio = {}, .all = true}, kQueue)) {}
  Result<PacketPtr> pop(std::stop_token stop, Instant deadline) override { return subscription_->pop(stop, deadline); }
  void close() override { subscription_->close(); }
  std::int64_t dropped() const override { return subscription_->level().dropped; }

 private:
  std::unique_ptr<Subscription> subscription_;
};

double kbps(std::int64_t bits_per_second) {
  return static_cast<double>(bits_per_second) / 1000;
}

// Main and backup origin get the same, independently of each other.
void add_publish(const show::HlsPublish& to, const std::string& show_dir, std::vector<package::PublishOptions>& out) {
  if (!to.enabled) return;
  package::PublishOptions one;
  if (!to.path.empty()) one.path = show::expand_path(to.path, show_dir);
  one.authorization = to.authorization;
  one.remove = to.remove;
  one.tls_verify = to.tls_verify;
  if (!to.tls_ca_file.empty()) one.tls_ca_file = show::expand_path(to.tls_ca_file, show_dir);
  one.timeout = to.timeout;
  one.key_uri = to.key_uri;
  one.publish_key = to.publish_key;
  if (!one.path.empty()) return out.push_back(std::move(one));
  for (const std::string& url : {to.url, to.backup_url}) {
    if (url.empty()) continue;
    one.url = url;
    out.push_back(one);
  }
}

}  // namespace

std::string playback_url(const show::Hls& hls) {
  std::string base = hls.public_url;
  if (base.empty()) {
    std::string listen = hls.listen;
    if (listen.starts_with(':')) listen = "127.0.0.1" + listen;
    base = (hls.tls_cert.empty() ? "http://" : "https://") + listen;
  }
  return base + "/" + hls.name + "/index.m3u8";
}

HlsOutput::HlsOutput(Services services, Rate rate, FrameIndex first_frame)
    : services_(std::move(services)), rate_(rate), first_frame_(first_frame), epoch_ns_(kUnknown) {}

Status HlsOutput::prepare(const show::Show& show) const {
  if (!show.hls) return {};
  if (auto resolved = services_.secrets.resolve(*show.hls); !resolved) return resolved.error();
  return {};
}

package::PackagerOptions HlsOutput::options(const show::Show& show, const show::Hls& hls) const {
  package::PackagerOptions options;
  options.stream = hls.name;
  if (!hls.store.empty()) options.store = show::expand_path(hls.store, services_.show_dir);
  const show::HlsTiming timing = show::hls_timing(show, hls);
  package::AssemblyOptions& assembly = options.assembly;
  assembly.timeline = {rate_, first_frame_, timing.segment_frames, timing.part_frames};
  assembly.low_latency = hls.low_latency;
  assembly.audio_only = hls.audio_only;
  assembly.dash = hls.dash;
  assembly.encrypted = hls.encryption == show::HlsEncryption::aes128;
  assembly.key_segments = hls.key_segments;
  assembly.window_s = hls.window_s;
  assembly.dvr_s = hls.store.empty() ? 0 : hls.dvr_s;
  for (const show::VideoEncode& video : show.encode.video) {
    if (show::packages_video(hls, video.name)) assembly.renditions.push_back({video.name, MediaKind::video});
  }
  assembly.transport_stream = hls.container == show::HlsContainer::mpegts;
  for (const show::AudioEncode& audio : show.encode.audio) {
    if (!show::packages_audio(hls, audio.name)) continue;
    if (!assembly.transport_stream) assembly.renditions.push_back({audio.name, MediaKind::audio});
    if (assembly.sound.empty()) assembly.sound = audio.name;
  }
  for (const show::HlsPublish& to : hls.publish) add_publish(to, services_.show_dir, options.publish);
  return options;
}

void HlsOutput::use(const show::Show& show) {
  auto resolved = show.hls ? services_.secrets.resolve(*show.hls) : Result<show::Hls>(show::Hls{});
  if (!show.hls || !resolved) {
    if (!resolved) services_.events.add(LogLevel::error, "hls.state", "hls", resolved.error().describe());
    made_.reset();
    return swap(nullptr);
  }
  package::PackagerOptions next = options(show, *resolved);
  {
    std::lock_guard lock(mutex_);
    hls_ = *resolved;
  }
  const bool same_place = made_ && made_->stream == next.stream && made_->store == next.store &&
                          made_->assembly.dvr_s == next.assembly.dvr_s;
  if (same_place && *made_ == next) return;
  made_ = next;
  if (same_place) return packager()->use(std::move(next.assembly), std::move(next.publish));
  package::Packager::Services services{services_.clock, services_.log, [this](Nanos time) { return due(time); },
                                       [this](const package::PublishStatus& status) { heard(status); }};
  swap(std::make_shared<package::Packager>(std::move(next), std::make_unique<BusFeed>(services_.bus),
                                           std::move(services),
                                           [this](const package::PackagerStatus& status) { heard(status); }));
}

void HlsOutput::swap(std::shared_ptr<package::Packager> packager) {
  {
    std::lock_guard lock(mutex_);
    std::swap(packager_, packager);
  }
  if (packager) packager->stop();
  services_.reaper.take(std::move(packager));
}

std::shared_ptr<package::Packager> HlsOutput::packager() const {
  std::lock_guard lock(mutex_);
  return packager_;
}

void HlsOutput::stop() {
  if (const auto running = packager()) running->stop();
}

bool HlsOutput::stopped() const {
  const auto running = packager();
  return !running || running->status().state == package::PackagerState::ended;
}

std::shared_ptr<package::Shelf> HlsOutput::shelf() const {
  const auto running = packager();
  return running ? running->shelf() : nullptr;
}

void HlsOutput::heard(const package::PackagerStatus& status) {
  const std::string state = package::to_string(status.state);
  services_.events.add(status.detail.empty() ? LogLevel::info : LogLevel::warning, "hls.state", "hls",
                       status.detail.empty() ? state : state + ": " + status.detail, {{"state", state}});
  services_.changed();
}

void HlsOutput::heard(const package::PublishStatus& status) {
  services_.events.note(status.detail.empty() ? LogLevel::info : LogLevel::warning, "hls.publish", status.where,
                        status.detail.empty() ? status.state : status.state + ": " + status.detail,
                        {{"state", status.state}, {"lost", status.lost}, {"lost_segments", status.lost_segments}});
}

// A frame is made at the moment it is due or a little later, never before: the earliest is the truth. After a
// standstill the program's own time moves, and this follows it.
void HlsOutput::on_video(const FramePtr&, FrameIndex n) {
  const std::int64_t epoch = (services_.clock.now().time_since_epoch() - rate_.begin(n)).count();
  const std::int64_t known = epoch_ns_.load(std::memory_order_relaxed);
  const std::int64_t frame = rate_.begin(1).count();
  if (known == kUnknown || epoch < known || epoch > known + 4 * frame)
    epoch_ns_.store(epoch, std::memory_order_relaxed);
}

Instant HlsOutput::due(Nanos time) const {
  const std::int64_t epoch = epoch_ns_.load(std::memory_order_relaxed);
  return epoch == kUnknown ? services_.clock.now() : Instant(Nanos(epoch) + time);
}

std::optional<HlsSnapshot> HlsOutput::snapshot() const {
  std::shared_ptr<package::Packager> running;
  HlsSnapshot out;
  {
    std::lock_guard lock(mutex_);
    running = packager_;
    out.url = playback_url(hls_);
  }
  if (!running) return std::nullopt;
  const package::PackagerStatus status = running->status();
  const package::ShelfFigures figures = running->shelf()->figures();
  out.state = package::to_string(status.state);
  out.detail = services_.log.redactor().redact(status.detail);
  out.segment_s = seconds(running->shelf()->target_duration());
  out.part_s = seconds(running->shelf()->part_target());
  out.sequence = figures.last_msn;
  out.dropped = status.dropped;
  out.memory_bytes = figures.memory_bytes;
  for (const package::PublishStatus& one : status.publish) {
    out.publish.push_back({one.where, one.state, services_.log.redactor().redact(one.detail), one.files, one.bytes,
                           one.queued, one.lost, one.lost_segments});
  }
  for (const package::RenditionFigures& one : figures.renditions) {
    out.segments += one.segments;
    out.parts += one.parts;
    out.bytes += one.bytes;
    out.renditions.push_back(
        {one.name, one.codecs, one.segments, one.parts, one.bytes, kbps(one.mean_bps), kbps(one.peak_bps)});
  }
  return out;
}

}  // namespace mainstay
