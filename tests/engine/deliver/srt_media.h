// Real pictures and sound for the SRT tests: made by the ffmpeg program, read as the packets an encoder would give.
// Owned by the test.
// Thread-safety: immutable once made.
#pragma once

extern "C" {
#include <libavformat/avformat.h>
}

#include <cstdint>
#include <cstring>
#include <set>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "engine/media/packet.h"
#include "tests/engine/ffi/srt_test_support.h"

namespace mainstay::srt_test {

/// A clip as packets in decode order.
struct Clip {
  StreamInfoPtr video;
  StreamInfoPtr audio;
  std::vector<PacketPtr> packets;

  int pictures() const {
    int n = 0;
    for (const auto& p : packets) n += p->video() ? 1 : 0;
    return n;
  }
  /// As they are, without the container.
  std::int64_t bytes_per_s() const {
    std::int64_t bytes = 0;
    for (const auto& p : packets) bytes += static_cast<std::int64_t>(p->bytes.size());
    return bytes * 30 / pictures();
  }
  /// Presentation times of the pictures as 33-bit TS times.
  std::set<std::int64_t> picture_times() const {
    std::set<std::int64_t> out;
    for (const auto& p : packets) {
      if (p->video()) out.insert(rescale(p->pts, p->stream->time_base, kTsBase) & ((1LL << 33) - 1));
    }
    return out;
  }
};

// Length-prefixed NAL units to start codes, in place: both take four bytes.
inline std::vector<std::uint8_t> annex_b(const std::uint8_t* data, std::size_t size) {
  std::vector<std::uint8_t> out(data, data + size);
  for (std::size_t at = 0; at + 4 <= out.size();) {
    const std::size_t length =
        static_cast<std::size_t>(out[at]) << 24 | out[at + 1] << 16 | out[at + 2] << 8 | out[at + 3];
    out[at] = out[at + 1] = out[at + 2] = 0;
    out[at + 3] = 1;
    at += 4 + length;
  }
  return out;
}

// ISO/IEC 14496-15 5.2.4.1: the parameter sets, each behind its 16-bit length.
inline std::vector<std::uint8_t> parameter_sets(const std::uint8_t* avcc, std::size_t size) {
  std::vector<std::uint8_t> out;
  std::size_t at = 5;
  for (const int mask : {0x1f, 0xff}) {
    for (int count = at < size ? avcc[at++] & mask : 0; count > 0 && at + 2 <= size; --count) {
      const std::size_t length = static_cast<std::size_t>(avcc[at]) << 8 | avcc[at + 1];
      out.insert(out.end(), {0, 0, 0, 1});
      out.insert(out.end(), avcc + at + 2, avcc + at + 2 + length);
      at += 2 + length;
    }
  }
  return out;
}

inline StreamInfoPtr clip_stream(const AVStream& av, int kbps, const std::string& name) {
  StreamInfo info;
  const AVCodecParameters& par = *av.codecpar;
  if (par.codec_type == AVMEDIA_TYPE_VIDEO) {
    info.name = name;
    info.rate = {30, 1};
    info.time_base = info.rate.time_base();
    info.width = par.width;
    info.height = par.height;
    info.kbps = kbps;
    info.extradata = parameter_sets(par.extradata, static_cast<std::size_t>(par.extradata_size));
  } else {
    info.name = "a0";
    info.kind = MediaKind::audio;
    info.codec = Codec::aac;
    info.time_base = kAudioBase;
    info.kbps = 128;
    info.sample_rate = 48000;
    info.channels = 2;
    info.frame_samples = 1024;
    info.extradata.assign(par.extradata, par.extradata + par.extradata_size);
  }
  return std::make_shared<StreamInfo>(info);
}

/// `length_s` of a test picture and a tone at 30 pictures a second, an IDR every two seconds, B pictures in between.
/// `first_second`: where on the timeline it starts.
inline Clip make_clip(int length_s, int kbps = 2000, std::int64_t first_second = 1, const std::string& name = "v0",
                      const std::string& frame = "640x360") {
  TempDir dir;
  const std::string path = dir.file("clip.mp4");
  const std::string rate = std::to_string(kbps) + "k";
  int code = 0;
  const std::string said = run({"ffmpeg",
                                "-v",
                                "error",
                                "-f",
                                "lavfi",
                                "-i",
                                "testsrc2=size=" + frame + ":rate=30,noise=alls=20:allf=t",
                                "-f",
                                "lavfi",
                                "-i",
                                "sine=1000:sample_rate=48000",
                                "-t",
                                std::to_string(length_s),
                                "-c:v",
                                "libx264",
                                "-preset",
                                "ultrafast",
                                "-bf",
                                "2",
                                "-g",
                                "60",
                                "-sc_threshold",
                                "0",
                                "-pix_fmt",
                                "yuv420p",
                                "-b:v",
                                rate,
                                "-maxrate",
                                rate,
                                "-bufsize",
                                rate,
                                "-c:a",
                                "aac",
                                "-ac",
                                "2",
                                path},
                               &code);
  if (code != 0) abort();
  AVFormatContext* context = nullptr;
  if (avformat_open_input(&context, path.c_str(), nullptr, nullptr) != 0) abort();
  avformat_find_stream_info(context, nullptr);
  Clip clip;
  clip.video = clip_stream(*context->streams[0], kbps, name);
  clip.audio = clip_stream(*context->streams[1], kbps, name);
  AVPacket* packet = av_packet_alloc();
  while (av_read_frame(context, packet) == 0) {
    const AVStream& av = *context->streams[packet->stream_index];
    const bool video = packet->stream_index == 0;
    const StreamInfoPtr& stream = video ? clip.video : clip.audio;
    const TimeBase from{av.time_base.num, av.time_base.den};
    const std::int64_t shift = rescale(first_second, {1, 1}, stream->time_base);
    const auto size = static_cast<std::size_t>(packet->size);
    clip.packets.push_back(make_packet(
        stream, rescale(packet->pts, from, stream->time_base) + shift,
        rescale(packet->dts, from, stream->time_base) + shift, video ? 1 : 1024, (packet->flags & AV_PKT_FLAG_KEY) != 0,
        video ? annex_b(packet->data, size) : std::vector<std::uint8_t>(packet->data, packet->data + size)));
    av_packet_unref(packet);
  }
  av_packet_free(&packet);
  avformat_close_input(&context);
  std::stable_sort(clip.packets.begin(), clip.packets.end(),
                   [](const auto& a, const auto& b) { return a->decode_time() < b->decode_time(); });
  return clip;
}

/// Presentation times of the pictures in a TS file, as ffprobe sees them, as 33-bit TS times.
inline std::set<std::int64_t> probed_picture_times(const std::string& path) {
  const std::string text =
      run({"ffprobe", "-v", "error", "-select_streams", "v:0", "-show_entries", "packet=pts", "-of", "csv=p=0", path});
  std::set<std::int64_t> out;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (!line.empty() && line[0] != 'N') out.insert(std::stoll(line) & ((1LL << 33) - 1));
  }
  return out;
}

/// Errors that ffmpeg has with a file when it decodes all of it; empty when it is sound.
inline std::string decode_errors(const std::string& path) {
  return run({"ffmpeg", "-v", "error", "-xerror", "-i", path, "-f", "null", "-"});
}

}  // namespace mainstay::srt_test
