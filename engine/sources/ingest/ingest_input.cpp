#include "engine/sources/ingest/ingest_input.h"

#include <algorithm>

#include "engine/ffi/srt/srt_options.h"
#include "engine/sources/ingest/ingest_url.h"
#include "engine/sources/ingest/rtmp_listener.h"
#include "engine/sources/ingest/srt_listener_link.h"

namespace mainstay {

namespace {

constexpr Nanos kBufferRoom = Millis(1500);     // beyond the delay: what the other input may ask to be held for it
constexpr Nanos kBackstep = Seconds(1);         // less is a picture out of order, which is passed over
constexpr std::size_t kMostToOpen = 32u << 20;  // four seconds at 60 Mb/s: by then a keyframe has come

class PipeBytes final : public ffi::ByteSource {
 public:
  explicit PipeBytes(std::shared_ptr<BytePipe> pipe) : pipe_(std::move(pipe)) {}
  Result<std::size_t> read(std::span<std::uint8_t> buffer) override {
    auto count = pipe_->read(buffer);
    if (count && !opened_ && (to_open_ += *count) > kMostToOpen) {
      return make_error(Errc::corrupt, "no picture or sound in the first {} MiB", kMostToOpen >> 20);
    }
    return count;
  }
  /// From here on as much is read as comes. Called on the reader's thread, as read() is.
  void opened() { opened_ = true; }

 private:
  std::shared_ptr<BytePipe> pipe_;
  std::size_t to_open_ = 0;
  bool opened_ = false;
};

/// "in/remote/main", the source's name cut so that role and all fit the kernel's 15 characters.
std::string thread_name(const char* kind, const std::string& source, IngestRole role) {
  const std::string tail = role == IngestRole::main ? "/main" : "/backup";
  return kind + source.substr(0, 15 - tail.size() - 3) + tail;
}

}  // namespace

const char* to_string(IngestInputState state) {
  switch (state) {
    case IngestInputState::failed:
      return "failed";
    case IngestInputState::waiting:
      return "waiting";
    case IngestInputState::opening:
      return "opening";
    case IngestInputState::live:
      return "live";
    case IngestInputState::silent:
      return "silent";
  }
  return "?";
}

IngestInput::IngestInput(Options options, Clock& clock, Log& log)
    : options_(std::move(options)),
      who_(fmt::format("source {}/{}", options_.source, to_string(options_.role))),
      clock_(clock),
      log_(log),
      buffer_(clock, {.span = options_.buffer + kBufferRoom}) {
  if (Status made = make_listener(); !made) {
    failed_ = made.error().describe();
    shown_url_ = "(address not understood)";
  }
}

IngestInput::~IngestInput() {
  {
    std::lock_guard lock(mutex_);
    stopped_ = true;
    if (next_.pipe) next_.pipe->abort();
    if (reading_) reading_->abort();
  }
  listener_.reset();
  reader_.stop();
}

Status IngestInput::make_listener() {
  const show::IngestInput& config = options_.config;
  MAINSTAY_TRY(IngestUrl url, parse_ingest_url(config.url));
  shown_url_ = url.shown();
  const std::string thread = thread_name("ls/", options_.source, options_.role);
  if (url.scheme == "rtmp") {
    RtmpListenerOptions rtmp;
    rtmp.who = who_;
    rtmp.thread = thread;
    rtmp.url = std::move(url);
    rtmp.key = config.key;
    listener_ = std::make_unique<RtmpListener>(std::move(rtmp), clock_, log_, *this);
    return {};
  }
  SrtLinkOptions srt;
  srt.who = who_;
  srt.thread = thread;
  MAINSTAY_TRY(srt.srt, ffi::parse_srt_url(config.url));
  srt.srt.mode = ffi::SrtMode::listener;
  srt.srt.host = url.host;
  srt.srt.latency = std::max(srt.srt.latency, config.latency);
  if (!config.passphrase.empty()) srt.srt.passphrase = config.passphrase;
  srt.key = !config.key.empty() ? config.key : srt.srt.streamid;
  srt.srt.streamid.clear();
  MAINSTAY_CHECK(ffi::validate(srt.srt));
  listener_ = std::make_unique<SrtListenerLink>(std::move(srt), clock_, log_, *this);
  return {};
}

void IngestInput::start() {
  if (!listener_) {
    log_.error(who_, "{}", failed_);
    return;
  }
  reader_ = NamedThread(thread_name("in/", options_.source, options_.role),
                        [this](std::stop_token stop) { run(std::move(stop)); });
  listener_->start();
}

std::shared_ptr<BytePipe> IngestInput::begin(const std::string&, const std::string& format) {
  auto pipe = std::make_shared<BytePipe>(clock_);
  {
    std::lock_guard lock(mutex_);
    if (stopped_) pipe->abort();
    if (next_.pipe) next_.pipe->abort();
    next_ = {pipe, format};  // what was said of the sender before stays until this one's stream is open
  }
  changed_.notify_all();
  return pipe;
}

void IngestInput::unreadable(const std::string& why) {
  log_.error(who_, "{}", why);
  note(why);
}

void IngestInput::note(std::string detail) {
  std::lock_guard lock(mutex_);
  detail_ = std::move(detail);
}

void IngestInput::run(std::stop_token stop) {
  for (;;) {
    Arrival arrival;
    {
      std::unique_lock lock(mutex_);
      if (!clock_.wait(lock, changed_, stop, kNever, [&] { return next_.pipe != nullptr; })) return;
      arrival = std::exchange(next_, {});
      reading_ = arrival.pipe;
    }
    ffi::MediaReaderOptions options;
    options.name = who_;
    options.path = shown_url_;
    const auto bytes = std::make_shared<PipeBytes>(arrival.pipe);
    options.bytes = bytes;
    options.format = arrival.format;
    options.live = true;
    const auto reader = ffi::MediaReader::make(std::move(options), log_);
    Status opened = reader->open();
    bytes->opened();
    if (opened) {
      play(*reader);
    } else if (!arrival.pipe->aborted() && opened.error().code != Errc::cancelled) {
      log_.warning(who_, "the sender's stream cannot be read: {}", opened.error().describe());
      note(opened.error().describe());
    }
    buffer_.end_stream();
    arrival.pipe->abort();  // a sender whose stream nobody reads is sent away
    std::lock_guard lock(mutex_);
    reading_.reset();
  }
}

void IngestInput::play(ffi::MediaReader& reader) {
  const ffi::MediaInfo& info = reader.info();
  log_.info(who_, "receiving {}", info.summary);
  note(info.summary);
  buffer_.begin_stream(info.has_video, info.has_audio);
  for (;;) {
    auto item = reader.read();
    const ffi::MediaFaults faults = reader.faults();
    {
      std::lock_guard lock(mutex_);
      damaged_ = faults.packets + faults.frames;
    }
    if (item) {
      if (take(std::move(*item), info.origin)) continue;
      log_.warning(who_, "the sender's timestamps went back: its connection is closed, so that it starts anew");
      return note("the sender's timestamps went back");
    }
    if (item.error().code == Errc::corrupt || item.error().code == Errc::unsupported) {
      log_.warning(who_, "the sender's stream broke: {}", item.error().describe());
      return note(item.error().describe());
    }
    return note({});
  }
}

// False when the sender's timeline went back: what was shown already would have to be shown again.
bool IngestInput::take(ffi::MediaItem item, Nanos origin) {
  if (auto* video = std::get_if<ffi::VideoItem>(&item)) {
    const Nanos pts = origin + Nanos(rescale(video->pts, video->time_base, kNanosBase));
    const auto last = buffer_.counts().last_pts;
    if (last && pts < *last - kBackstep) return false;
    buffer_.push_picture(std::move(video->frame), pts);
    return true;
  }
  auto& audio = std::get<ffi::AudioItem>(item);
  buffer_.push_sound(std::move(audio.block), audio.first_sample + rescale(origin.count(), kNanosBase, kAudioBase));
  return true;
}

bool IngestInput::idle() const {
  const IngestInputState state = status().state;
  return state == IngestInputState::waiting || state == IngestInputState::failed;
}

std::uint16_t IngestInput::port() const {
  return listener_ ? listener_->port() : 0;
}

IngestInputStatus IngestInput::status() const {
  IngestInputStatus status;
  status.role = options_.role;
  status.url = shown_url_;
  status.counts = buffer_.counts();
  const IngestBuffer::View view = buffer_.view();
  const ListenerStatus link = listener_ ? listener_->status() : ListenerStatus{};
  {
    std::lock_guard lock(mutex_);
    status.detail = !failed_.empty() ? failed_ : detail_;
    status.damaged = damaged_;
  }
  status.peer = link.peer;
  status.kbps = link.kbps;
  status.bytes = link.bytes;
  status.connects = link.connects;
  status.refused = link.refused;
  if (!listener_ || !link.error.empty()) {
    status.state = IngestInputState::failed;
    if (!link.error.empty()) status.detail = link.error;
  } else if (link.peer.empty()) {
    status.state = IngestInputState::waiting;
  } else if (!view.connected || view.last_media == kNever) {
    status.state = IngestInputState::opening;
  } else {
    const bool fresh = clock_.now() - view.last_media < options_.hold;
    status.state = fresh ? IngestInputState::live : IngestInputState::silent;
  }
  return status;
}

}  // namespace mainstay
