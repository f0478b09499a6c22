#include "engine/ffi/av/image_decoder.h"

extern "C" {
#include <libavutil/pixdesc.h>
}

#include <algorithm>
#include <cstring>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/ffi/av/av_common.h"
#include "engine/ffi/av/converter.h"

namespace mainstay::ffi {

namespace {

constexpr std::size_t kProbeBytes = std::size_t{1} << 20;
constexpr int kIoBytes = 32 << 10;

/// The bytes as FFmpeg reads a file, and the format that was recognised in them.
struct Input {
  std::span<const std::uint8_t> bytes;
  std::size_t at = 0;
  AVIOContext* io = nullptr;
  AVFormatContext* format = nullptr;

  explicit Input(std::span<const std::uint8_t> all) : bytes(all) {}
  Input(const Input&) = delete;
  Input& operator=(const Input&) = delete;
  ~Input() {
    avformat_close_input(&format);
    if (io) av_freep(&io->buffer);
    avio_context_free(&io);
  }

  static int read(void* self, std::uint8_t* buffer, int size) noexcept {
    auto& input = *static_cast<Input*>(self);
    const std::size_t count = std::min(input.bytes.size() - input.at, static_cast<std::size_t>(size));
    if (count == 0) return AVERROR_EOF;
    std::memcpy(buffer, input.bytes.data() + input.at, count);
    input.at += count;
    return static_cast<int>(count);
  }

  static std::int64_t seek(void* self, std::int64_t offset, int whence) noexcept {
    auto& input = *static_cast<Input*>(self);
    const auto size = static_cast<std::int64_t>(input.bytes.size());
    if (whence & AVSEEK_SIZE) return size;
    whence &= ~AVSEEK_FORCE;
    const std::int64_t from = whence == SEEK_CUR ? static_cast<std::int64_t>(input.at) : whence == SEEK_END ? size : 0;
    if (offset < -from || offset > size - from) return AVERROR(EINVAL);
    input.at = static_cast<std::size_t>(from + offset);
    return from + offset;
  }
};

bool is_text(std::span<const std::uint8_t> bytes) {
  const auto head = bytes.first(std::min<std::size_t>(bytes.size(), 512));
  return std::all_of(head.begin(), head.end(),
                     [](std::uint8_t c) { return c >= 0x20 || c == '\n' || c == '\r' || c == '\t'; });
}

/// One picture a file, which the decoder takes whole.
bool is_one_picture(std::string_view format) {
  return format.ends_with("_pipe") || format == "mjpeg";
}

Error too_large(const std::string& name, std::int64_t width, std::int64_t height) {
  return make_error(Errc::invalid, "{} is {}×{}: a picture may have {}×{} pixels at most", name, width, height,
                    kLargestImageSide, kLargestImageSide);
}

/// PNG's decoder forgets a size that it refuses, so that one is read here (PNG 11.2.2, IHDR).
Status check_png_size(std::span<const std::uint8_t> bytes, const std::string& name) {
  constexpr std::string_view kHead("\x89PNG\r\n\x1a\n\0\0\0\rIHDR", 16);
  if (bytes.size() < 24 || std::memcmp(bytes.data(), kHead.data(), kHead.size()) != 0) return {};
  const auto number = [&](std::size_t at) {
    return std::int64_t{bytes[at]} << 24 | bytes[at + 1] << 16 | bytes[at + 2] << 8 | bytes[at + 3];
  };
  if (number(16) > kLargestImageSide || number(20) > kLargestImageSide) return too_large(name, number(16), number(20));
  return {};
}

Result<const AVInputFormat*> recognise(std::span<const std::uint8_t> bytes, const std::string& name) {
  std::vector<std::uint8_t> head(bytes.begin(), bytes.begin() + std::min(bytes.size(), kProbeBytes));
  const int size = static_cast<int>(head.size());
  head.resize(head.size() + AVPROBE_PADDING_SIZE);
  AVProbeData probe{};
  probe.filename = "";
  probe.buf = head.data();
  probe.buf_size = size;
  int score = AVPROBE_SCORE_RETRY;
  const AVInputFormat* format = av_probe_input_format2(&probe, 1, &score);
  if (format) {
    const std::string_view found = format->name;
    if (is_one_picture(found) || found == "gif" || found == "apng") return format;
  }
  if (is_text(bytes)) return make_error(Errc::invalid, "{} is a text file, not a picture", name);
  if (format && score >= AVPROBE_SCORE_EXTENSION)
    return make_error(Errc::invalid, "{} is {}, not a still picture: that is for a source of type \"file\"", name,
                      format->long_name ? format->long_name : format->name);
  return make_error(Errc::invalid, "{} is not a picture, or its header is missing or broken", name);
}

Status open_input(Input& input, const AVInputFormat* hint, const std::string& name) {
  auto* buffer = static_cast<std::uint8_t*>(av_malloc(kIoBytes));
  input.io = avio_alloc_context(buffer, kIoBytes, 0, &input, Input::read, nullptr, Input::seek);
  if (!input.io) {
    av_free(buffer);
    return av_error(AVERROR(ENOMEM), "cannot read " + name);
  }
  input.format = avformat_alloc_context();
  if (!input.format) return av_error(AVERROR(ENOMEM), "cannot read " + name);
  input.format->pb = input.io;
  const int code = avformat_open_input(&input.format, "", hint, nullptr);
  if (code < 0) return make_error(Errc::corrupt, "{} is broken or cut short: {}", name, av_error_text(code));
  if (input.format->nb_streams == 0) return make_error(Errc::corrupt, "{} holds no picture", name);
  return {};
}

/// What the decoder is handed: the whole file, or the first picture of several.
Result<AvPacketPtr> first_packet(Input& input, const std::string& name) {
  AvPacketPtr packet(av_packet_alloc());
  if (!packet) return av_error(AVERROR(ENOMEM), "cannot read " + name);
  int code = 0;
  if (is_one_picture(input.format->iformat->name)) {
    code = av_new_packet(packet.get(), static_cast<int>(input.bytes.size()));
    if (code >= 0) std::memcpy(packet->data, input.bytes.data(), input.bytes.size());
  } else {
    code = av_read_frame(input.format, packet.get());
  }
  if (code < 0) return make_error(Errc::corrupt, "{} is broken or cut short: {}", name, av_error_text(code));
  return packet;
}

struct Size {
  int width = 0;
  int height = 0;
  bool fits() const { return width <= kLargestImageSide && height <= kLargestImageSide; }
};

/// Looks at a picture's size before memory is given to it.
int give_memory(AVCodecContext* codec, AVFrame* frame, int flags) noexcept {
  auto& refused = *static_cast<Size*>(codec->opaque);
  const Size size{frame->width, frame->height};
  if (size.fits()) return avcodec_default_get_buffer2(codec, frame, flags);
  refused = size;
  return AVERROR(EINVAL);
}

Result<AvFramePtr> decode(Input& input, const std::string& name) {
  const AVCodecParameters& parameters = *input.format->streams[0]->codecpar;
  const AVCodec* const codec = avcodec_find_decoder(parameters.codec_id);
  if (!codec)
    return make_error(Errc::unsupported, "{}: this FFmpeg cannot decode {}", name,
                      avcodec_get_name(parameters.codec_id));
  MAINSTAY_TRY(const AvPacketPtr packet, first_packet(input, name));
  Size refused;
  const AvCodecContextPtr context(avcodec_alloc_context3(codec));
  if (!context) return av_error(AVERROR(ENOMEM), "cannot decode " + name);
  int code = avcodec_parameters_to_context(context.get(), &parameters);
  if (code < 0) return av_error(code, "cannot decode " + name);
  context->thread_count = 1;
  context->thread_type = FF_THREAD_SLICE;  // frame threads would ask for memory by themselves
  // What is cut short is an error then; but so is a tag of TIFF that FFmpeg does not know.
  context->err_recognition = AV_EF_CRCCHECK | (codec->id == AV_CODEC_ID_TIFF ? 0 : AV_EF_EXPLODE);
  context->opaque = &refused;
  context->get_buffer2 = give_memory;
  if (code = avcodec_open2(context.get(), codec, nullptr); code < 0) return av_error(code, "cannot decode " + name);
  AvFramePtr frame(av_frame_alloc());
  if (!frame) return av_error(AVERROR(ENOMEM), "cannot decode " + name);
  code = avcodec_send_packet(context.get(), packet.get());
  if (code >= 0) {
    avcodec_send_packet(context.get(), nullptr);
    code = avcodec_receive_frame(context.get(), frame.get());
  }
  if (refused.width > 0) return too_large(name, refused.width, refused.height);
  if (code == AVERROR(ENOMEM)) return av_error(code, "cannot decode " + name);
  if (code == AVERROR_EOF) return make_error(Errc::corrupt, "{} is broken or cut short: it holds no picture", name);
  if (code < 0) return make_error(Errc::corrupt, "{} is broken or cut short: {}", name, av_error_text(code));
  if (frame->flags & AV_FRAME_FLAG_CORRUPT || frame->decode_error_flags != 0)
    return make_error(Errc::corrupt, "{} is broken or cut short", name);
  if (const Size size{frame->width, frame->height}; !size.fits()) return too_large(name, size.width, size.height);
  return frame;
}

bool may_be_transparent(const AVFrame& frame) {
  const auto* format = av_pix_fmt_desc_get(static_cast<AVPixelFormat>(frame.format));
  return format && (format->flags & (AV_PIX_FMT_FLAG_ALPHA | AV_PIX_FMT_FLAG_PAL)) != 0;
}

/// Of straight bgra: whether a pixel lets something through.
bool is_transparent(const AVFrame& bgra) {
  for (int y = 0; y < bgra.height; ++y) {
    const std::uint8_t* row = bgra.data[0] + static_cast<std::ptrdiff_t>(y) * bgra.linesize[0];
    for (int x = 0; x < bgra.width; ++x)
      if (row[4 * x + 3] != 255) return true;
  }
  return false;
}

/// libyuv's ARGBAttenuate is off by one in places; a picture is decoded once.
void premultiply(AVFrame& bgra) {
  for (int y = 0; y < bgra.height; ++y) {
    std::uint8_t* row = bgra.data[0] + static_cast<std::ptrdiff_t>(y) * bgra.linesize[0];
    for (int x = 0; x < bgra.width; ++x, row += 4)
      for (int c = 0; c < 3; ++c) row[c] = static_cast<std::uint8_t>((row[c] * row[3] + 127) / 255);
  }
}

FramePtr wrap_premultiplied(AvFramePtr bgra) {
  auto frame = std::make_shared<Frame>();
  frame->format = PixelFormat::bgra;
  frame->range = ColorRange::full;
  frame->width = bgra->width;
  frame->height = bgra->height;
  frame->planes[0] = bgra->data[0];
  frame->strides[0] = bgra->linesize[0];
  if (bgra->sample_aspect_ratio.num > 0 && bgra->sample_aspect_ratio.den > 0) {
    frame->sar_num = bgra->sample_aspect_ratio.num;
    frame->sar_den = bgra->sample_aspect_ratio.den;
  }
  frame->owner =
      std::shared_ptr<const AVFrame>(bgra.release(), [](const AVFrame* p) { AvDeleter{}(const_cast<AVFrame*>(p)); });
  return frame;
}

}  // namespace

Result<StillImage> decode_image(std::span<const std::uint8_t> bytes, const std::string& name) {
  if (bytes.empty()) return make_error(Errc::invalid, "{} is empty", name);
  MAINSTAY_CHECK(check_png_size(bytes, name));
  MAINSTAY_TRY(const AVInputFormat* const format, recognise(bytes, name));
  Input input(bytes);
  MAINSTAY_CHECK(open_input(input, format, name));
  MAINSTAY_TRY(AvFramePtr decoded, decode(input, name));
  StillImage image;
  image.summary = fmt::format("{}×{} {}", decoded->width, decoded->height,
                              avcodec_get_name(input.format->streams[0]->codecpar->codec_id));
  Converter converter;
  if (may_be_transparent(*decoded)) {
    MAINSTAY_TRY(AvFramePtr bgra, converter.to_straight_bgra(*decoded));
    if (is_transparent(*bgra)) {
      premultiply(*bgra);
      image.summary += " with alpha";
      image.frame = wrap_premultiplied(std::move(bgra));
      return image;
    }
  }
  const AVFrameSideData* side = av_frame_get_side_data(decoded.get(), AV_FRAME_DATA_DISPLAYMATRIX);
  const bool turned = side && side->size >= 9 * sizeof(std::int32_t);
  const Turn turn = Turn::from_matrix(turned ? reinterpret_cast<const std::int32_t*>(side->data) : nullptr);
  MAINSTAY_TRY(image.frame, converter.convert(std::move(decoded), turn));
  return image;
}

}  // namespace mainstay::ffi
