#include "engine/ffi/av/demuxer.h"

extern "C" {
#include <libavdevice/avdevice.h>
}

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <utility>

#include "engine/ffi/av/av_init.h"

namespace mainstay::ffi {

namespace {

// Some demuxers report damage as an error and find the next whole packet when asked again.
constexpr int kMaxDemuxErrors = 100;
// Jumps of more than this are the container's clock, not the media's (FFmpeg's command uses the same 10 s).
constexpr std::int64_t kJumpMicros = 10'000'000;
// Decode times never run back; a tenth of a second allows for sloppy muxers.
constexpr std::int64_t kBackMicros = 100'000;
constexpr std::int64_t kBackOfStreamMicros = 1'000'000;
// Where the format promises an unbroken clock, only an absurd jump is one.
constexpr std::int64_t kAbsurdJumpMicros = std::int64_t{3600} * 1'000'000;
// A century; anything beyond is damage.
constexpr std::int64_t kMaxMicros = std::int64_t{3'155'760'000} * 1'000'000;
// Decoders of sound need something to start up from.
constexpr std::int64_t kSoundPrerollMicros = 200'000;
constexpr int kMaxStreams = 64;
constexpr int kLiveProbeBytes = 1 << 20;
constexpr int kLiveProbeMicros = 1'000'000;
constexpr int kLiveProbeFrames = 3;

/// A file's name without its folders; what is no file is called as its owner says.
std::string shown_name(const MediaReaderOptions& options) {
  if (options.bytes || !options.url.empty()) return options.path;
  const auto name = std::filesystem::path(options.path).filename().string();
  return name.empty() ? options.path : name;
}

bool is_file(const MediaReaderOptions& options) {
  return !options.bytes && options.url.empty();
}

/// FFmpeg's demuxer of that name, a device's too. Null: this FFmpeg has none.
const AVInputFormat* find_demuxer(const std::string& name, bool device) {
  static std::once_flag devices;
  if (device) std::call_once(devices, [] { avdevice_register_all(); });
  return av_find_input_format(name.c_str());
}

bool looks_like_text(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::array<char, 512> head{};
  file.read(head.data(), head.size());
  const auto size = file.gcount();
  if (size <= 0) return false;
  return std::all_of(head.begin(), head.begin() + size, [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte >= 0x20 || byte == '\n' || byte == '\r' || byte == '\t';
  });
}

/// FFmpeg's code for a certificate that it refuses is that of any fault; why it does is said in its log alone.
Error with_certificate(Error error, const std::string& said) {
  if (error.code != Errc::cancelled && said.find("ertificate") != std::string::npos)
    error.message += fmt::format(" ({}: see tls_ca_file)", said);
  return error;
}

/// What is wrong with `path` before FFmpeg looks at it.
Status check_file(const std::string& path) {
  namespace fs = std::filesystem;
  std::error_code error;
  const auto status = fs::status(path, error);
  if (status.type() == fs::file_type::not_found) return make_error(Errc::invalid, "no such file: {}", path);
  if (error) return make_error(Errc::io, "cannot look at {}: {}", path, error.message());
  if (fs::is_directory(status)) return make_error(Errc::invalid, "{} is a folder, not a media file", path);
  if (!fs::is_regular_file(status)) return make_error(Errc::invalid, "{} is not a regular file", path);
  if (fs::file_size(path, error) == 0 && !error) return make_error(Errc::invalid, "{} is empty", path);
  return {};
}

}  // namespace

/// The format context with what it reads through.
struct Demuxer::Input {
  AVFormatContext* format = nullptr;
  AVIOContext* io = nullptr;
  std::shared_ptr<ByteSource> bytes;
  const std::vector<std::pair<std::string, std::string>>* connection_settings = nullptr;
  decltype(AVFormatContext::io_open) open_as_ever = nullptr;

  ~Input() {
    avformat_close_input(&format);
    if (io) {
      av_freep(&io->buffer);
      avio_context_free(&io);
    }
  }

  static int interrupted(void* aborted) { return static_cast<const std::atomic<bool>*>(aborted)->load() ? 1 : 0; }

  /// Each connection that FFmpeg opens for this media comes by here: an HLS playlist's segments and keys, too, to which
  /// its reader hands on no such options by itself.
  static int open_connection(AVFormatContext* context, AVIOContext** io, const char* url, int flags,
                             AVDictionary** dictionary) noexcept {
    const auto& self = *static_cast<const Input*>(context->opaque);
    AVDictionary* own = nullptr;
    AVDictionary** given = dictionary != nullptr ? dictionary : &own;
    for (const auto& [key, value] : *self.connection_settings) av_dict_set(given, key.c_str(), value.c_str(), 0);
    const int code = self.open_as_ever(context, io, url, flags, given);
    for (const auto& [key, value] : *self.connection_settings) av_dict_set(given, key.c_str(), nullptr, 0);
    av_dict_free(&own);
    return code;
  }

  static int read_bytes(void* self, std::uint8_t* buffer, int size) noexcept {
    try {
      auto got = static_cast<Input*>(self)->bytes->read({buffer, static_cast<std::size_t>(size)});
      if (got) return *got == 0 ? AVERROR_EOF : static_cast<int>(std::min<std::size_t>(*got, size));
      switch (got.error().code) {
        case Errc::end:
          return AVERROR_EOF;
        case Errc::cancelled:
          return AVERROR_EXIT;
        case Errc::again:
          return AVERROR(EAGAIN);
        default:
          return AVERROR(EIO);
      }
    } catch (...) {  // no exception may pass through FFmpeg's C frames
      return AVERROR(EIO);
    }
  }
};

Demuxer::Demuxer(const MediaReaderOptions& options, const std::atomic<bool>& aborted, Log& log)
    : options_(options), aborted_(aborted), log_(log), input_(std::make_unique<Input>()) {}

Demuxer::~Demuxer() = default;

Result<std::unique_ptr<Demuxer>> Demuxer::open(const MediaReaderOptions& options, const std::atomic<bool>& aborted,
                                               Log& log) {
  if (is_file(options)) MAINSTAY_CHECK(check_file(options.path));
  std::unique_ptr<Demuxer> demuxer(new Demuxer(options, aborted, log));
  MAINSTAY_CHECK(demuxer->open_input());
  MAINSTAY_CHECK(demuxer->choose_streams());
  return demuxer;
}

Error Demuxer::open_error(int code) const {
  if (aborted_ || code == AVERROR_EXIT) return Error{Errc::cancelled, "opening was cancelled", nullptr};
  const std::string name = shown_name(options_);
  if (is_file(options_)) {
    if (code == AVERROR(EACCES)) return make_error(Errc::invalid, "{} may not be read: check its permissions", name);
    if (code == AVERROR_INVALIDDATA && looks_like_text(options_.path))
      return make_error(Errc::invalid, "{} is a text file, not a media file", name);
    if (code == AVERROR_INVALIDDATA)
      return make_error(Errc::invalid, "{} is not a media file, or its header is missing or broken", name);
  }
  return av_error(code, "cannot open " + name);
}

Status Demuxer::open_input() {
  AVFormatContext* format = avformat_alloc_context();
  if (!format) return av_error(AVERROR(ENOMEM), "cannot open " + shown_name(options_));
  // Set before anything is opened, so that opening can be aborted too.
  format->interrupt_callback = {Input::interrupted, const_cast<std::atomic<bool>*>(&aborted_)};
  format->max_streams = kMaxStreams;
  if (!options_.connection_settings.empty()) {
    input_->connection_settings = &options_.connection_settings;
    input_->open_as_ever = format->io_open;
    format->opaque = input_.get();
    format->io_open = Input::open_connection;
  }
  const AVInputFormat* hint = nullptr;
  if (!options_.format.empty()) {
    hint = find_demuxer(options_.format, !options_.url.empty());
    if (!hint) {
      avformat_free_context(format);
      return make_error(Errc::unsupported, "this FFmpeg has no demuxer \"{}\"", options_.format);
    }
  }
  if (options_.live) {
    // Not AVFMT_FLAG_NOBUFFER: it throws away what was probed, and with it the first keyframe.
    format->fps_probe_size = kLiveProbeFrames;
    format->probesize = kLiveProbeBytes;
    format->max_analyze_duration = kLiveProbeMicros;
  }
  std::string url = options_.path;
  if (options_.bytes) {
    constexpr int kBufferBytes = 32 << 10;
    input_->bytes = options_.bytes;
    auto* buffer = static_cast<std::uint8_t*>(av_malloc(kBufferBytes));
    input_->io = avio_alloc_context(buffer, kBufferBytes, 0, input_.get(), Input::read_bytes, nullptr, nullptr);
    if (!input_->io) {
      av_free(buffer);
      avformat_free_context(format);
      return av_error(AVERROR(ENOMEM), "cannot open " + options_.path);
    }
    format->pb = input_->io;
    url.clear();
  } else if (!options_.url.empty()) {
    url = options_.url;
  } else {
    url.insert(0, "file:");  // a name with a colon is not a protocol
  }

  // A playlist in disguise must not reach out to the network, nor one from there to this machine's files.
  AVDictionary* dictionary = nullptr;
  const std::string protocols = options_.url.empty() ? "file,crypto,data" : options_.protocols;
  if (!protocols.empty()) av_dict_set(&dictionary, "protocol_whitelist", protocols.c_str(), 0);
  for (const auto& [key, value] : options_.settings) av_dict_set(&dictionary, key.c_str(), value.c_str(), 0);
  const AvComplaints complaints;
  const int opened = avformat_open_input(&format, url.c_str(), hint, &dictionary);  // frees `format` on failure
  const AVDictionaryEntry* unused = av_dict_get(dictionary, "", nullptr, AV_DICT_IGNORE_SUFFIX);
  if (opened >= 0 && unused && !aborted_)
    log_.warning(options_.name, "FFmpeg has no use for the setting \"{}\"", unused->key);
  av_dict_free(&dictionary);
  if (opened < 0) return with_certificate(open_error(opened), complaints.text());
  input_->format = format;
  const int found = avformat_find_stream_info(format, nullptr);
  if (found < 0) return open_error(found);
  return aborted_ ? Status(open_error(AVERROR_EXIT)) : Status{};
}

Status Demuxer::choose_streams() {
  AVFormatContext* format = input_->format;
  int video = -1;
  std::int64_t best = -1;
  for (unsigned i = 0; i < format->nb_streams; ++i) {
    const AVStream* candidate = format->streams[i];
    const AVCodecParameters* codec = candidate->codecpar;
    // A cover picture is not video.
    const int pictures = AV_DISPOSITION_ATTACHED_PIC | AV_DISPOSITION_TIMED_THUMBNAILS;
    if (codec->codec_type != AVMEDIA_TYPE_VIDEO || (candidate->disposition & pictures)) continue;
    const bool decodable = avcodec_find_decoder(codec->codec_id) != nullptr;
    const std::int64_t area = std::int64_t{codec->width} * codec->height;
    const std::int64_t score = (decodable ? std::int64_t{1} << 40 : 0) +
                               ((candidate->disposition & AV_DISPOSITION_DEFAULT) ? std::int64_t{1} << 36 : 0) + area;
    if (score > best) {
      best = score;
      video = static_cast<int>(i);
    }
  }
  const int audio = av_find_best_stream(format, AVMEDIA_TYPE_AUDIO, -1, video, nullptr, 0);
  if (video >= 0) streams_[0] = format->streams[video];
  if (audio >= 0) streams_[1] = format->streams[audio];
  if (!streams_[0] && !streams_[1]) {
    const std::string name = shown_name(options_);
    if (is_file(options_) && looks_like_text(options_.path))
      return make_error(Errc::invalid, "{} is a text file, not a media file", name);
    return make_error(Errc::invalid, "{} has no audio or video", name);
  }
  for (unsigned i = 0; i < format->nb_streams; ++i) {
    AVStream* each = format->streams[i];
    if (each != streams_[0] && each != streams_[1]) each->discard = AVDISCARD_ALL;
  }
  return {};
}

const char* Demuxer::container() const {
  return input_->format->iformat->name;
}

bool Demuxer::still() const {
  const std::string_view name = container();
  return !streams_[1] && (name.ends_with("_pipe") || name == "image2");
}

std::optional<Nanos> Demuxer::duration() const {
  const std::int64_t micros = input_->format->duration;
  if (micros == AV_NOPTS_VALUE || micros <= 0 || micros > INT64_MAX / 1000) return std::nullopt;
  return Nanos(micros * 1000);
}

const std::int32_t* Demuxer::display_matrix() const {
  if (!streams_[0]) return nullptr;
  std::size_t size = 0;
  const auto* data = av_stream_get_side_data(streams_[0], AV_PKT_DATA_DISPLAYMATRIX, &size);
  return data && size >= 9 * sizeof(std::int32_t) ? reinterpret_cast<const std::int32_t*>(data) : nullptr;
}

MediaKind Demuxer::kind_of(const AVPacket& packet) const {
  return streams_[0] && packet.stream_index == streams_[0]->index ? MediaKind::video : MediaKind::audio;
}

/// False when what is fetched from an address runs back (another publisher took the place of the one before): what came
/// could not be told from what comes.
bool Demuxer::fix_jump(AVPacket& packet) {
  const std::int64_t stamp = packet.dts != AV_NOPTS_VALUE ? packet.dts : packet.pts;
  if (stamp == AV_NOPTS_VALUE) return true;
  const int kind = index(kind_of(packet));
  const AVRational base = streams_[kind]->time_base;
  const std::int64_t micros = av_rescale_q(stamp, base, kAvTimeBase);
  if (micros == INT64_MIN || std::abs(micros) > kMaxMicros) {  // damage; the decoder guesses better
    packet.pts = packet.dts = AV_NOPTS_VALUE;
    return true;
  }
  const std::int64_t here = micros + jump_offset_;
  const bool may_jump = (input_->format->iformat->flags & AVFMT_TS_DISCONT) != 0;
  const std::int64_t ahead = may_jump ? kJumpMicros : kAbsurdJumpMicros;
  const std::int64_t back = may_jump ? kBackMicros : kAbsurdJumpMicros;
  std::int64_t now = here;
  if (!options_.url.empty() && !may_jump && expected_[kind] && *expected_[kind] - here > kBackOfStreamMicros)
    return false;
  if (expected_[kind] && (here - *expected_[kind] > ahead || *expected_[kind] - here > back)) {
    // The other kind follows with the same offset, so that the two keep their distance.
    jump_offset_ += *expected_[kind] - here;
    now = *expected_[kind];
    log_.warning(options_.name, "the timestamps jump by {:.3f} s; carrying on without the jump",
                 static_cast<double>(here - *expected_[kind]) / 1e6);
  }
  const std::int64_t lasts = av_rescale_q(packet.duration, base, kAvTimeBase);
  expected_[kind] = now + std::clamp<std::int64_t>(lasts, 0, kJumpMicros);
  if (jump_offset_ == 0) return true;
  const std::int64_t ticks = av_rescale_q(jump_offset_, kAvTimeBase, base);
  if (packet.pts != AV_NOPTS_VALUE) packet.pts += ticks;
  if (packet.dts != AV_NOPTS_VALUE) packet.dts += ticks;
  return true;
}

Status Demuxer::fetch() {
  AvPacketPtr packet(av_packet_alloc());
  if (!packet) return av_error(AVERROR(ENOMEM), "reading");
  for (;;) {
    if (aborted_) return Error{Errc::cancelled, "reading was cancelled", nullptr};
    const int code = av_read_frame(input_->format, packet.get());
    if (aborted_) return Error{Errc::cancelled, "reading was cancelled", nullptr};  // the owner may be gone by now
    if (code >= 0) {
      const bool ours = std::any_of(streams_.begin(), streams_.end(),
                                    [&](const AVStream* s) { return s && s->index == packet->stream_index; });
      if (ours) break;
      av_packet_unref(packet.get());
      continue;
    }
    if (code == AVERROR_EXIT) return Error{Errc::cancelled, "reading was cancelled", nullptr};
    const bool damaged = code == AVERROR_INVALIDDATA || code == AVERROR(EAGAIN);
    const bool over = input_->format->pb && avio_feof(input_->format->pb);
    if (damaged && !over && ++consecutive_errors_ <= kMaxDemuxErrors) continue;
    ended_ = true;
    if (code == AVERROR_EOF || damaged) return Error{Errc::end, "the media is over", nullptr};
    return av_error(code, "reading " + shown_name(options_));
  }
  consecutive_errors_ = 0;
  if (!fix_jump(*packet)) return make_error(Errc::corrupt, "the timestamps of {} went back", shown_name(options_));
  const int kind = index(kind_of(*packet));
  if (kind == 1 && sound_from_ != INT64_MIN && packet->pts != AV_NOPTS_VALUE) {
    const AVRational base = streams_[1]->time_base;
    if (av_rescale_q(packet->pts + packet->duration, base, kAvTimeBase) < sound_from_ - kSoundPrerollMicros) return {};
    sound_from_ = INT64_MIN;
  }
  held_bytes_ += packet->size;
  held_[kind].push_back({std::move(packet), order_++});
  return {};
}

bool Demuxer::full(MediaKind kind, Nanos span) const {
  const int other = 1 - index(kind);
  const auto& held = held_[other];
  if (held.empty()) return false;
  if (held_bytes_ > kReadAheadBytes) return true;
  const auto stamp = [](const AVPacket& p) { return p.dts != AV_NOPTS_VALUE ? p.dts : p.pts; };
  const std::int64_t first = stamp(*held.front().packet);
  const std::int64_t last = stamp(*held.back().packet);
  if (first == AV_NOPTS_VALUE || last == AV_NOPTS_VALUE) return held.size() > 2000;
  return av_rescale_q(last - first, streams_[other]->time_base, {1, 1'000'000'000}) > span.count();
}

Result<AvPacketPtr> Demuxer::take(MediaKind kind) {
  auto& held = held_[index(kind)];
  AvPacketPtr packet = std::move(held.front().packet);
  held.pop_front();
  held_bytes_ -= packet->size;
  return packet;
}

Result<AvPacketPtr> Demuxer::next(MediaKind kind, Nanos span) {
  if (!stream(kind)) return Error{Errc::end, "the media has no such stream", nullptr};
  while (held_[index(kind)].empty()) {
    if (ended_) return Error{Errc::end, "the media is over", nullptr};
    if (full(kind, span)) return Error{Errc::again, "nothing of this kind for a while", nullptr};
    MAINSTAY_CHECK(fetch());
  }
  return take(kind);
}

Result<AvPacketPtr> Demuxer::next_any() {
  while (held_[0].empty() && held_[1].empty()) {
    if (ended_) return Error{Errc::end, "the media is over", nullptr};
    MAINSTAY_CHECK(fetch());
  }
  if (held_[0].empty()) return take(MediaKind::audio);
  if (held_[1].empty()) return take(MediaKind::video);
  return take(held_[0].front().order < held_[1].front().order ? MediaKind::video : MediaKind::audio);
}

Status Demuxer::seek(std::int64_t target, std::int64_t sound_from) {
  AVFormatContext* format = input_->format;
  if (!format->pb || !(format->pb->seekable & AVIO_SEEKABLE_NORMAL))
    return make_error(Errc::unsupported, "{} cannot be wound", shown_name(options_));
  const std::int64_t start = format->start_time == AV_NOPTS_VALUE ? 0 : format->start_time;
  // Well before the start, so that a leading picture with a small decode time is not missed.
  const std::int64_t to = std::max(target, start - 10'000'000);
  int code = avformat_seek_file(format, -1, INT64_MIN, to, std::max(to, start), 0);
  if (code < 0 && to <= start) code = av_seek_frame(format, -1, start, AVSEEK_FLAG_BACKWARD);
  if (code < 0) return av_error(code, "winding " + shown_name(options_));
  for (auto& held : held_) held.clear();
  held_bytes_ = 0;
  ended_ = false;
  consecutive_errors_ = 0;
  jump_offset_ = 0;
  expected_ = {};
  sound_from_ = sound_from;
  return {};
}

}  // namespace mainstay::ffi
