#include "engine/deliver/recorder.h"

#include <algorithm>
#include <exception>
#include <filesystem>
#include <optional>

namespace mainstay {

namespace {

constexpr std::size_t kWriteBytes = std::size_t{256} << 10;
constexpr std::size_t kMostHeld = std::size_t{64} << 20;
constexpr Nanos kLook = Millis(100);
constexpr Nanos kDrain = Seconds(2);

Result<ffi::Container> container_of(const std::string& path) {
  const std::string extension = std::filesystem::path(path).extension().string();
  if (extension == ".mp4") return ffi::Container::fragmented_mp4;
  if (extension == ".mkv") return ffi::Container::matroska;
  return make_error(Errc::invalid, "cannot record to \"{}\": the name must end in .mp4 or .mkv", path);
}

}  // namespace

const char* to_string(RecorderState state) {
  switch (state) {
    case RecorderState::waiting:
      return "waiting";
    case RecorderState::recording:
      return "recording";
    case RecorderState::failed:
      return "failed";
    case RecorderState::stopped:
      break;
  }
  return "stopped";
}

// A recording in progress.
struct Recorder::File {
  std::unique_ptr<RecordFile> file;
  std::unique_ptr<ffi::Muxer> muxer;  // writes to `file`: declared after it, gone before it
  bool boxes = false;                 // MP4: fragments go to the disk whole
  std::vector<std::uint8_t> held;     // of the fragment that is being handed over
  std::int64_t bytes = 0;
  std::int64_t fragments = 0;
  std::optional<Nanos> begin;
  Nanos fragment_begin{0};
  bool announced = false;

  Status take(std::span<const std::uint8_t> run) {
    if (!boxes) return put(run);
    held.insert(held.end(), run.begin(), run.end());
    return held.size() > kMostHeld ? commit() : Status{};
  }
  /// After a flush, when `held` is whole boxes.
  Status commit() {
    if (held.empty()) return {};
    Status wrote = file->write_boxes(held);
    bytes += static_cast<std::int64_t>(held.size());
    held.clear();
    return wrote;
  }
  Status put(std::span<const std::uint8_t> run) {
    bytes += static_cast<std::int64_t>(run.size());
    return file->write(run);
  }
};

Recorder::Recorder(RecorderOptions options, PacketBus& bus, Clock& clock, Log& log, Listener listener)
    : options_(std::move(options)),
      who_("recorder " + options_.name),
      bus_(bus),
      clock_(clock),
      log_(log),
      listener_(std::move(listener)),
      backoff_(options_.backoff, options_.seed),
      first_(clock.offline() ? bus.subscribe(options_.selection, options_.queue) : nullptr),
      thread_("rec/" + options_.name, [this](std::stop_token stop) { run(std::move(stop)); }) {}

Recorder::~Recorder() {
  thread_.stop();
}

void Recorder::stop() {
  thread_.request_stop();
}

void Recorder::retry_now() {
  {
    std::lock_guard lock(mutex_);
    retry_wanted_ = true;
  }
  wake_.notify_all();
}

RecorderStatus Recorder::status() const {
  std::lock_guard lock(mutex_);
  RecorderStatus status = status_;
  if (status.state == RecorderState::failed) status.retry_in = std::max(Nanos{0}, retry_at_ - clock_.now());
  return status;
}

void Recorder::set_state(RecorderState state, const std::string& detail) {
  RecorderStatus status;
  bool news = false;
  {
    std::lock_guard lock(mutex_);
    news = status_.state != state || status_.detail != detail;
    status_.state = state;
    status_.detail = detail;
    status = status_;
  }
  if (!news) return;
  if (state == RecorderState::failed) {
    log_.error(who_, "{}", detail);
  } else {
    log_.info(who_, "{}{}", to_string(state), state == RecorderState::recording ? " to " + status.path : "");
  }
  if (listener_) listener_(status);
}

void Recorder::run(std::stop_token stop) {
  while (true) {
    Result<Next> next = Next::end;
    try {
      next = record_file(stop);
    } catch (const std::exception& e) {
      next = make_error(Errc::io, "recording broke inside a library: {}", e.what());
    } catch (...) {
      next = make_error(Errc::io, "recording broke inside a library");
    }
    if (next && *next == Next::end) break;
    if (!next && !wait_to_retry(next.error(), stop)) break;
  }
  first_.reset();
  // A failure stays visible after the end.
  set_state(RecorderState::stopped, status().detail);
}

bool Recorder::wait_to_retry(const Error& error, const std::stop_token& stop) {
  first_.reset();
  const Nanos wait = backoff_.next();
  {
    std::lock_guard lock(mutex_);
    retry_at_ = clock_.now() + wait;
    retry_wanted_ = false;
  }
  set_state(RecorderState::failed, error.describe());
  std::unique_lock lock(mutex_);
  clock_.wait(lock, wake_, stop, retry_at_, [&] { return retry_wanted_; });
  return !stop.stop_requested();
}

Result<Recorder::Next> Recorder::record_file(const std::stop_token& stop) {
  auto streams = bus_.streams(options_.selection, stop, kNever);
  if (!streams) return Next::end;  // stopped, or the program is over
  MAINSTAY_TRY(auto file, open(*streams));
  auto subscription = first_ ? std::move(first_) : bus_.subscribe(options_.selection, options_.queue);
  std::int64_t dropped_before = 0;
  {
    std::lock_guard lock(mutex_);
    ++status_.files;
    status_.path = file->file->path();
    status_.bytes = file->bytes;
    status_.duration = Nanos{0};
    dropped_before = status_.dropped;
  }
  auto next = write_packets(*file, *subscription, *streams, stop);
  {
    std::lock_guard lock(mutex_);
    status_.dropped = dropped_before + subscription->level().dropped;
  }
  const Status finished = finish(*file, next ? Status{} : Status{next.error()});
  return finished ? next : finished.error();
}

// `so_far`: an error that ended the recording.
Status Recorder::finish(File& file, Status so_far) {
  if (so_far) so_far = file.muxer->finish();
  if (so_far) so_far = file.commit();
  file.muxer.reset();
  // Nothing in it to play: a full disk would collect such files at each try.
  if (!file.begin || (!so_far && file.fragments == 0)) {
    file.file->discard();
    return so_far;
  }
  return so_far ? file.file->close() : std::move(so_far);
}

Result<std::unique_ptr<Recorder::File>> Recorder::open(const std::vector<StreamInfoPtr>& streams) {
  MAINSTAY_TRY(const std::string path, expand_record_path(options_.path, clock_.utc_now()));
  ffi::MuxerOptions muxer;
  MAINSTAY_TRY(muxer.container, container_of(path));
  muxer.buffer_bytes = kWriteBytes;
  auto file = std::make_unique<File>();
  MAINSTAY_TRY(file->file, options_.open_file(path));
  file->boxes = muxer.container == ffi::Container::fragmented_mp4;
  const auto write = [f = file.get()](std::span<const std::uint8_t> bytes) { return f->take(bytes); };
  auto opened =
      options_.open_muxer ? options_.open_muxer(muxer, streams, write) : ffi::Muxer::open(muxer, streams, write);
  if (!opened) {
    file->file->discard();
    return opened.error();
  }
  file->muxer = std::move(*opened);
  return file;
}

Result<Recorder::Next> Recorder::write_packets(File& file, Subscription& subscription,
                                               const std::vector<StreamInfoPtr>& streams, const std::stop_token& stop) {
  // What is queued at the stop is all there is to write.
  const std::stop_callback close(stop, [&] { subscription.close(); });
  Instant drain_until = kNever;
  while (true) {
    if (drain_until == kNever && stop.stop_requested() && !clock_.offline()) drain_until = clock_.now() + kDrain;
    if (clock_.now() >= drain_until) return Next::end;
    auto packet = subscription.pop({}, clock_.now() + kLook);
    if (!packet && packet.error().code == Errc::again) continue;
    if (!packet) return Next::end;
    if (std::find(streams.begin(), streams.end(), (*packet)->stream) == streams.end()) {
      log_.info(who_, "the encoder's parameters changed: a new file");
      return Next::again;
    }
    MAINSTAY_CHECK(write_packet(file, **packet));
  }
}

Status Recorder::write_packet(File& file, const Packet& packet) {
  const Nanos time = packet.decode_time();
  if (!file.begin) file.begin = file.fragment_begin = time;
  const Nanos length = time - file.fragment_begin;
  // At an IDR where one is near: players seek there.
  if (length >= options_.fragment || (packet.video() && packet.key && length >= options_.fragment / 2)) {
    MAINSTAY_CHECK(file.muxer->flush());
    MAINSTAY_CHECK(file.commit());
    if (options_.sync) MAINSTAY_CHECK(file.file->sync());
    file.fragment_begin = time;
    ++file.fragments;
    backoff_.reset();
  }
  MAINSTAY_CHECK(file.muxer->write(packet));
  {
    std::lock_guard lock(mutex_);
    ++status_.packets;
    status_.bytes = file.bytes;
    status_.duration = std::max(status_.duration, time - *file.begin);
  }
  if (!std::exchange(file.announced, true)) set_state(RecorderState::recording, {});
  return {};
}

}  // namespace mainstay
