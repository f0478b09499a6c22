#include "tests/engine/package/fragment_reader.h"

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
}

#include <algorithm>
#include <cstring>
#include <memory>

namespace mainstay::package::testing {

namespace {

struct Input {
  std::string bytes;
  std::size_t at = 0;
};

int read_some(void* opaque, std::uint8_t* to, int size) {
  auto& input = *static_cast<Input*>(opaque);
  const std::size_t n = std::min(static_cast<std::size_t>(size), input.bytes.size() - input.at);
  if (n == 0) return AVERROR_EOF;
  std::memcpy(to, input.bytes.data() + input.at, n);
  input.at += n;
  return static_cast<int>(n);
}

std::int64_t seek_to(void* opaque, std::int64_t offset, int whence) {
  auto& input = *static_cast<Input*>(opaque);
  if (whence == AVSEEK_SIZE) return static_cast<std::int64_t>(input.bytes.size());
  if (whence != SEEK_SET || offset < 0 || offset > static_cast<std::int64_t>(input.bytes.size())) return -1;
  input.at = static_cast<std::size_t>(offset);
  return offset;
}

/// Frees what it opened.
class Reader {
 public:
  Reader(Input& input, ReadFragment& out) : out_(out), packet_(av_packet_alloc()), frame_(av_frame_alloc()) {
    constexpr int kBuffer = 4096;
    io_ = avio_alloc_context(static_cast<std::uint8_t*>(av_malloc(kBuffer)), kBuffer, 0, &input, read_some, nullptr,
                             seek_to);
    format_ = avformat_alloc_context();
    format_->pb = io_;
    format_->error_recognition = AV_EF_EXPLODE;
    if (avformat_open_input(&format_, nullptr, nullptr, nullptr) < 0) {
      fail("it does not open");
    } else if (format_->nb_streams != 1) {
      fail("it has not one stream");
    }
  }
  ~Reader() {
    avcodec_free_context(&decoder_);
    avformat_close_input(&format_);
    av_freep(&io_->buffer);
    avio_context_free(&io_);
    av_packet_free(&packet_);
    av_frame_free(&frame_);
  }
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;

  void read(bool decode) {
    if (!out_.trouble.empty()) return;
    const AVStream& stream = *format_->streams[0];
    out_.ticks_a_second = stream.time_base.num == 1 ? stream.time_base.den : 0;
    out_.width = stream.codecpar->width;
    if (decode) open_decoder(*stream.codecpar);
    int result = 0;
    while ((result = av_read_frame(format_, packet_)) >= 0) {
      if (out_.times.empty()) out_.begins_with_key = (packet_->flags & AV_PKT_FLAG_KEY) != 0;
      if ((packet_->flags & AV_PKT_FLAG_CORRUPT) != 0) fail("a packet is corrupt");
      out_.times.push_back(packet_->pts);
      out_.last_duration = packet_->duration;
      if (decoder_ != nullptr) send(packet_);
      av_packet_unref(packet_);
    }
    if (result != AVERROR_EOF) fail("it cannot be read to its end");
    if (decoder_ != nullptr) send(nullptr);
    std::sort(out_.times.begin(), out_.times.end());
  }

 private:
  void fail(const char* what) {
    if (out_.trouble.empty()) out_.trouble = what;
  }
  void open_decoder(const AVCodecParameters& parameters) {
    decoder_ = avcodec_alloc_context3(avcodec_find_decoder(parameters.codec_id));
    decoder_->thread_count = 1;
    decoder_->err_recognition = AV_EF_EXPLODE | AV_EF_CRCCHECK;
    if (avcodec_parameters_to_context(decoder_, &parameters) < 0 || avcodec_open2(decoder_, nullptr, nullptr) < 0)
      fail("no decoder takes it");
  }
  void send(const AVPacket* packet) {
    if (avcodec_send_packet(decoder_, packet) < 0) return fail("a packet does not decode");
    while (avcodec_receive_frame(decoder_, frame_) >= 0) {
      if (frame_->decode_error_flags != 0) fail("a picture has errors");
      out_.decoded += frame_->nb_samples > 0 ? frame_->nb_samples : 1;
    }
  }

  ReadFragment& out_;
  AVPacket* packet_;
  AVFrame* frame_;
  AVIOContext* io_ = nullptr;
  AVFormatContext* format_ = nullptr;
  AVCodecContext* decoder_ = nullptr;
};

}  // namespace

std::int64_t ReadFragment::at(std::size_t index, std::int64_t a_second) const {
  if (index >= times.size() || ticks_a_second <= 0) return -1;
  const std::int64_t scaled = times[index] * a_second;
  return scaled % ticks_a_second == 0 ? scaled / ticks_a_second : -1;
}

ReadFragment read_fragment(std::string_view init, std::string_view media, bool decode) {
  ReadFragment out;
  Input input;
  input.bytes.reserve(init.size() + media.size());
  input.bytes.append(init).append(media);
  Reader(input, out).read(decode);
  return out;
}

}  // namespace mainstay::package::testing
