#include "tests/engine/deliver/rtmp_peers.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>

extern "C" {
#include <libavcodec/bsf.h>
#include <libavformat/avformat.h>
}

extern char** environ;

namespace mainstay::testing {

namespace {

int pid_fd(int pid) {
  return static_cast<int>(syscall(SYS_pidfd_open, pid, 0));
}

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in out{};
  out.sin_family = AF_INET;
  out.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  out.sin_port = htons(port);
  return out;
}

int listen_on_loopback(std::uint16_t& port) {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int on = 1;
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  sockaddr_in address = loopback(0);
  EXPECT_EQ(bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  EXPECT_EQ(listen(fd, 8), 0);
  socklen_t size = sizeof address;
  getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size);
  port = ntohs(address.sin_port);
  return fd;
}

std::string nginx_config(const std::filesystem::path& dir, std::uint16_t port) {
  return fmt::format(R"(load_module modules/ngx_rtmp_module.so;
daemon off; master_process off; worker_processes 1;
error_log {0}/error.log info; pid {0}/nginx.pid;
events {{ worker_connections 64; }}
rtmp {{ server {{
  listen 127.0.0.1:{1};
  chunk_size 4096;
  application live {{ live on; record all; record_path {0}; record_unique on; record_suffix .flv; }}
  application other {{ live on; deny publish all; }}
}} }}
)",
                     dir.string(), port);
}

struct Demuxer {
  AVFormatContext* context = nullptr;
  explicit Demuxer(const std::filesystem::path& file) {
    av_log_set_level(AV_LOG_QUIET);  // filler pictures do not decode
    if (avformat_open_input(&context, file.c_str(), nullptr, nullptr) < 0) {
      ADD_FAILURE() << "cannot open " << file;
      return;
    }
    avformat_find_stream_info(context, nullptr);
  }
  ~Demuxer() { avformat_close_input(&context); }
};

}  // namespace

TempDir::TempDir() {
  std::string pattern = (std::filesystem::temp_directory_path() / "mainstay-rtmp-XXXXXX").string();
  EXPECT_NE(mkdtemp(pattern.data()), nullptr);
  path_ = pattern;
}

TempDir::~TempDir() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::uint16_t free_port() {
  std::uint16_t port = 0;
  close(listen_on_loopback(port));
  return port;
}

void pass(Millis time) {
  poll(nullptr, 0, static_cast<int>(time.count()));
}

bool wait_for_port(std::uint16_t port) {
  for (int i = 0; i < 500; ++i) {
    const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const sockaddr_in address = loopback(port);
    const bool there = connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
    close(fd);
    if (there) return true;
    pass(Millis(20));
  }
  return false;
}

Process::Process(const std::vector<std::string>& command) {
  std::vector<char*> arguments;
  for (const std::string& part : command) arguments.push_back(const_cast<char*>(part.c_str()));
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  for (const int fd : {0, 1, 2}) posix_spawn_file_actions_addopen(&actions, fd, "/dev/null", O_RDWR, 0);
  const int code = posix_spawnp(&pid_, arguments[0], &actions, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  EXPECT_EQ(code, 0) << "cannot run " << command[0];
  if (code != 0) pid_ = -1;
  if (pid_ > 0) pid_fd_ = pid_fd(pid_);
}

Process::~Process() {
  if (pid_ > 0) {
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
  }
  if (pid_fd_ >= 0) close(pid_fd_);
}

void Process::signal(int number) {
  if (pid_ > 0) kill(pid_, number);
}

int Process::wait(Millis limit) {
  pollfd ended{pid_fd_, POLLIN, 0};
  if (pid_ <= 0 || poll(&ended, 1, static_cast<int>(limit.count())) <= 0) return -1;
  int status = 0;
  waitpid(pid_, &status, 0);
  pid_ = -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

NginxRtmp::NginxRtmp() : port_(free_port()) {
  std::ofstream(dir_ / "nginx.conf") << nginx_config(dir_.path(), port_);
  const std::string nginx = std::filesystem::exists("/usr/sbin/nginx") ? "/usr/sbin/nginx" : "nginx";
  // Modules are named relative to the prefix that Debian compiled in.
  process_ = std::make_unique<Process>(
      std::vector<std::string>{nginx, "-c", (dir_ / "nginx.conf").string(), "-e", (dir_ / "start.log").string()});
  EXPECT_TRUE(wait_for_port(port_)) << "nginx does not start";
}

std::string NginxRtmp::url(const std::string& app) const {
  return fmt::format("rtmp://127.0.0.1:{}/{}", port_, app);
}

std::vector<std::filesystem::path> NginxRtmp::recordings(const std::string& stream) const {
  std::vector<std::filesystem::path> out;
  for (const auto& entry : std::filesystem::directory_iterator(dir_.path())) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with(stream) && name.ends_with(".flv")) out.push_back(entry.path());
  }
  std::sort(out.begin(), out.end());
  return out;
}

void NginxRtmp::quit() {
  process_->signal(SIGTERM);
  EXPECT_NE(process_->wait(Seconds(5)), -1) << "nginx does not end";
}

FakeServer::FakeServer(Serve serve) {
  listener_ = listen_on_loopback(port_);
  thread_ = NamedThread("fake server", [listener = listener_, serve = std::move(serve)](std::stop_token stop) {
    const std::stop_callback wake(stop, [listener] { shutdown(listener, SHUT_RDWR); });
    const int fd = accept(listener, nullptr, nullptr);
    if (fd < 0) return;
    {
      const std::stop_callback cut(stop, [fd] { shutdown(fd, SHUT_RDWR); });
      serve(fd, stop);
    }
    close(fd);
  });
}

FakeServer::~FakeServer() {
  thread_.stop();
  close(listener_);
}

namespace {

// One way no more than is due by the clock, however late this thread runs; the other at once.
void relay(int client, int server, const std::atomic<int>& bytes_a_second, const std::stop_token& stop) {
  const SteadyClock clock;
  Instant start = clock.now();
  std::int64_t passed_on = 0;
  int rate = bytes_a_second;
  char buffer[16384];
  while (!stop.stop_requested()) {
    pass(Millis(10));
    if (rate != bytes_a_second) {
      rate = bytes_a_second;
      start = clock.now();
      passed_on = 0;
    }
    const std::int64_t due = (clock.now() - start) / Millis(1) * rate / 1000 - passed_on;
    const auto size = static_cast<std::size_t>(std::clamp<std::int64_t>(due, 0, sizeof buffer));
    const auto got = size > 0 ? recv(client, buffer, size, MSG_DONTWAIT) : -1;
    if (got == 0 || (got > 0 && send(server, buffer, static_cast<std::size_t>(got), MSG_NOSIGNAL) != got)) return;
    if (got > 0) passed_on += got;
    const auto answer = recv(server, buffer, sizeof buffer, MSG_DONTWAIT);
    if (answer == 0 || (answer > 0 && send(client, buffer, static_cast<std::size_t>(answer), MSG_NOSIGNAL) != answer)) {
      return;
    }
  }
}

}  // namespace

SlowRelay::SlowRelay(std::uint16_t to, int bytes_a_second) : rate_(std::make_shared<std::atomic<int>>(bytes_a_second)) {
  listener_ = listen_on_loopback(port_);
  // Inherited by what is accepted: a real line's segments (loopback's are 64 kB), and next to no buffer.
  const int small = 8192;
  const int segment = 1448;
  setsockopt(listener_, SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
  setsockopt(listener_, IPPROTO_TCP, TCP_MAXSEG, &segment, sizeof segment);
  thread_ = NamedThread("relay", [listener = listener_, to, rate = rate_](std::stop_token stop) {
    const std::stop_callback wake(stop, [listener] { shutdown(listener, SHUT_RDWR); });
    const int client = accept(listener, nullptr, nullptr);
    if (client < 0) return;
    const int server = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const sockaddr_in address = loopback(to);
    if (connect(server, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) {
      relay(client, server, *rate, stop);
    }
    close(server);
    close(client);
  });
}

SlowRelay::~SlowRelay() {
  thread_.stop();
  close(listener_);
}

std::vector<ReadPacket> read_media(const std::filesystem::path& file) {
  const Demuxer in(file);
  std::vector<ReadPacket> out;
  if (in.context == nullptr) return out;
  AVPacket* packet = av_packet_alloc();
  while (av_read_frame(in.context, packet) >= 0) {
    const AVStream* stream = in.context->streams[packet->stream_index];
    const auto ms = [&](std::int64_t t) { return av_rescale_q(t, stream->time_base, {1, 1000}); };
    out.push_back({stream->codecpar->codec_type == AVMEDIA_TYPE_VIDEO,
                   (packet->flags & AV_PKT_FLAG_KEY) != 0,
                   ms(packet->pts),
                   ms(packet->dts),
                   {packet->data, packet->data + packet->size}});
    av_packet_unref(packet);
  }
  av_packet_free(&packet);
  return out;
}

std::vector<std::uint8_t> read_extradata(const std::filesystem::path& file) {
  const Demuxer in(file);
  if (in.context == nullptr) return {};
  for (unsigned i = 0; i < in.context->nb_streams; ++i) {
    const AVCodecParameters* parameters = in.context->streams[i]->codecpar;
    if (parameters->codec_type == AVMEDIA_TYPE_VIDEO) {
      return {parameters->extradata, parameters->extradata + parameters->extradata_size};
    }
  }
  return {};
}

namespace {

Codec codec_of(AVCodecID id) {
  switch (id) {
    case AV_CODEC_ID_H264:
      return Codec::h264;
    case AV_CODEC_ID_HEVC:
      return Codec::hevc;
    case AV_CODEC_ID_AV1:
      return Codec::av1;
    case AV_CODEC_ID_AAC:
      return Codec::aac;
    default:
      return Codec::other;
  }
}

// One stream of a file, brought to what our encoders give: Annex B, exact time bases.
struct Track {
  StreamInfoPtr info;
  AVBSFContext* filter = nullptr;

  explicit Track(const AVStream& stream) {
    auto out = std::make_shared<StreamInfo>();
    const AVCodecParameters& parameters = *stream.codecpar;
    const char* name = parameters.codec_id == AV_CODEC_ID_H264   ? "h264_mp4toannexb"
                       : parameters.codec_id == AV_CODEC_ID_HEVC ? "hevc_mp4toannexb"
                                                                 : "null";
    av_bsf_alloc(av_bsf_get_by_name(name), &filter);
    avcodec_parameters_copy(filter->par_in, &parameters);
    filter->time_base_in = stream.time_base;
    av_bsf_init(filter);
    out->codec = codec_of(parameters.codec_id);
    out->extradata.assign(filter->par_out->extradata, filter->par_out->extradata + filter->par_out->extradata_size);
    if (parameters.codec_type == AVMEDIA_TYPE_VIDEO) {
      out->name = "v0";
      out->kind = MediaKind::video;
      out->rate = Rate{30, 1};
      out->time_base = out->rate.time_base();
      out->width = parameters.width;
      out->height = parameters.height;
      out->kbps = 500;
    } else {
      out->name = "a0";
      out->kind = MediaKind::audio;
      out->time_base = kAudioBase;
      out->sample_rate = parameters.sample_rate;
      out->channels = parameters.ch_layout.nb_channels;
      out->kbps = 96;
    }
    info = std::move(out);
  }
  ~Track() { av_bsf_free(&filter); }
};

}  // namespace

std::vector<std::uint8_t> read_annex_b_extradata(const std::filesystem::path& file) {
  const Demuxer in(file);
  if (in.context == nullptr) return {};
  return Track(*in.context->streams[0]).info->extradata;
}

Media make_media_with(const std::string& encoder, const std::vector<std::string>& options, bool audio, int seconds) {
  const TempDir dir;
  const std::string file = (dir / "media.mp4").string();
  std::vector<std::string> command{
      "ffmpeg", "-v", "error", "-f", "lavfi", "-i", fmt::format("testsrc2=size=320x180:rate=30:duration={}", seconds)};
  if (audio) {
    command.insert(command.end(), {"-f", "lavfi", "-i", fmt::format("sine=1000:sample_rate=48000:duration={}", seconds),
                                   "-c:a", "aac", "-b:a", "96k"});
  }
  command.insert(command.end(), {"-c:v", encoder, "-pix_fmt", "yuv420p", "-g", "30"});
  command.insert(command.end(), options.begin(), options.end());
  command.insert(command.end(), {"-y", file});
  Process ffmpeg(command);
  EXPECT_EQ(ffmpeg.wait(Seconds(30)), 0) << "ffmpeg cannot make the media";

  const Demuxer in(file);
  Media out;
  if (in.context == nullptr) return out;
  std::vector<std::unique_ptr<Track>> tracks;
  for (unsigned i = 0; i < in.context->nb_streams; ++i) {
    tracks.push_back(std::make_unique<Track>(*in.context->streams[i]));
    out.streams.push_back(tracks.back()->info);
  }
  AVPacket* packet = av_packet_alloc();
  while (av_read_frame(in.context, packet) >= 0) {
    const Track& track = *tracks[static_cast<std::size_t>(packet->stream_index)];
    const AVRational from = in.context->streams[packet->stream_index]->time_base;
    const AVRational to{static_cast<int>(track.info->time_base.num), static_cast<int>(track.info->time_base.den)};
    const std::int64_t pts = av_rescale_q(packet->pts, from, to);
    const std::int64_t dts = av_rescale_q(packet->dts, from, to);
    const std::int64_t duration = av_rescale_q(packet->duration, from, to);
    const bool key = (packet->flags & AV_PKT_FLAG_KEY) != 0;
    av_bsf_send_packet(track.filter, packet);
    while (av_bsf_receive_packet(track.filter, packet) == 0) {
      out.packets.push_back(
          make_packet(track.info, pts, dts, duration, key, {packet->data, packet->data + packet->size}));
      av_packet_unref(packet);
    }
  }
  av_packet_free(&packet);
  std::stable_sort(out.packets.begin(), out.packets.end(),
                   [](const auto& a, const auto& b) { return a->decode_time() < b->decode_time(); });
  return out;
}

Media make_media(Seconds start, int seconds) {
  Media media = make_media_with("libx264", {"-preset", "ultrafast", "-bf", "2", "-b:v", "500k"}, true, seconds);
  for (PacketPtr& packet : media.packets) {
    auto shifted = std::make_shared<Packet>(*packet);
    const TimeBase base = packet->stream->time_base;
    const std::int64_t by = rescale(start.count(), TimeBase{1, 1}, base);
    shifted->pts += by;
    shifted->dts += by;
    packet = std::move(shifted);
  }
  return media;
}

Media make_load(int kbps, int seconds) {
  auto info = std::make_shared<StreamInfo>();
  info->name = "v0";
  info->rate = Rate{30, 1};
  info->time_base = info->rate.time_base();
  info->kbps = kbps;
  info->width = 320;
  info->height = 180;
  // Parameter sets of a real stream; the pictures are filler.
  info->extradata = {0,    0, 0, 1,    0x67, 0x42, 0xC0, 0x0D, 0xDA, 0x05, 0x07, 0xEC, 0x04, 0x40, 0,    0,    3,   0,
                     0x40, 0, 0, 0x0F, 0x03, 0xC5, 0x0A, 0xA8, 0,    0,    0,    1,    0x68, 0xCE, 0x0F, 0x19, 0x20};
  Media out;
  out.streams.push_back(info);
  const std::size_t size = static_cast<std::size_t>(kbps) * 125 / 30;
  for (std::int64_t n = 0; n < std::int64_t{seconds} * 30; ++n) {
    std::vector<std::uint8_t> bytes(std::max<std::size_t>(size, 16), 0xAB);
    const bool key = n % 60 == 0;
    const std::uint8_t head[] = {0, 0, 0, 1, static_cast<std::uint8_t>(key ? 0x65 : 0x41)};
    std::copy(std::begin(head), std::end(head), bytes.begin());
    out.packets.push_back(make_packet(info, n + 30, n + 30, 1, key, std::move(bytes)));
  }
  return out;
}

}  // namespace mainstay::testing
