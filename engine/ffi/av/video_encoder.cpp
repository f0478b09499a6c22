#include "engine/ffi/av/video_encoder.h"

#include <libyuv/convert_from.h>

#include <utility>

#include "engine/ffi/av/av_common.h"
#include "engine/ffi/av/av_init.h"
#include "engine/ffi/av/encoder_list.h"
#include "engine/ffi/av/parameter_sets.h"
#include "engine/ffi/av/video_encoder_options.h"

extern "C" {
#include <libavutil/hwcontext.h>
}

namespace mainstay::ffi {

namespace {

struct BufferDeleter {
  void operator()(AVBufferRef* p) const { av_buffer_unref(&p); }
};
using BufferPtr = std::unique_ptr<AVBufferRef, BufferDeleter>;

struct DictionaryDeleter {
  void operator()(AVDictionary* p) const { av_dict_free(&p); }
};

constexpr int kHwSurfaces = 20;  // in flight in the encoder: look-ahead and reordering of any preset

void release_owner(void* opaque, std::uint8_t*) {
  delete static_cast<std::shared_ptr<const void>*>(opaque);
}

// An AVFrame over the frame's own planes: FFmpeg's reference count holds ours.
Result<AvFramePtr> borrow(const Frame& frame) {
  AvFramePtr av(av_frame_alloc());
  if (!av) return Error{Errc::io, "out of memory for a picture", nullptr};
  auto owner = std::make_unique<std::shared_ptr<const void>>(frame.owner);
  // The buffer is only a handle; what it says of its memory is the first plane, and read-only.
  auto* data = const_cast<std::uint8_t*>(frame.planes[0]);
  const auto size = static_cast<std::size_t>(frame.strides[0]) * frame.height;
  av->buf[0] = av_buffer_create(data, size, &release_owner, owner.get(), AV_BUFFER_FLAG_READONLY);
  if (av->buf[0] == nullptr) return Error{Errc::io, "out of memory for a picture", nullptr};
  owner.release();  // NOLINT: release_owner deletes it
  for (int i = 0; i < 3; ++i) {
    av->data[i] = const_cast<std::uint8_t*>(frame.planes[static_cast<std::size_t>(i)]);
    av->linesize[i] = frame.strides[static_cast<std::size_t>(i)];
  }
  av->format = AV_PIX_FMT_YUV420P;
  av->width = frame.width;
  av->height = frame.height;
  return av;
}

Result<AvFramePtr> to_nv12(const Frame& frame) {
  AvFramePtr av(av_frame_alloc());
  if (!av) return Error{Errc::io, "out of memory for a picture", nullptr};
  av->format = AV_PIX_FMT_NV12;
  av->width = frame.width;
  av->height = frame.height;
  if (const int code = av_frame_get_buffer(av.get(), 0); code < 0) return av_error(code, "a picture's memory");
  libyuv::I420ToNV12(frame.planes[0], frame.strides[0], frame.planes[1], frame.strides[1], frame.planes[2],
                     frame.strides[2], av->data[0], av->linesize[0], av->data[1], av->linesize[1], frame.width,
                     frame.height);
  return av;
}

class AvVideoEncoder final : public VideoEncoder {
 public:
  AvVideoEncoder(VideoEncoderConfig config, std::string encoder)
      : config_(std::move(config)), encoder_(std::move(encoder)) {}
  ~AvVideoEncoder() override;

  Status open();
  Status send(const Frame& frame, std::int64_t pts, bool force_idr) override;
  Result<PacketPtr> receive() override;
  Status drain() override;
  StreamInfoPtr stream() const override { return stream_; }
  bool forces_idr() const override { return encoder_ != "libsvtav1"; }

 private:
  void fill_context();
  Status open_device();
  Status fill_stream();
  Result<AvFramePtr> upload(AvFramePtr nv12);
  PacketPtr wrap_packet(AvPacketPtr av) const;

  const VideoEncoderConfig config_;
  const std::string encoder_;
  EncoderSetup setup_;
  BufferPtr device_;
  AvCodecContextPtr context_;
  StreamInfoPtr stream_;
  bool first_ = true;
  bool drained_ = false;
};

AvVideoEncoder::~AvVideoEncoder() {
  // SVT-AV1 1.4 waits for ever for its own threads when it goes away before it has seen a picture and the end.
  if (!context_ || encoder_ != "libsvtav1" || !avcodec_is_open(context_.get())) return;
  if (first_) {
    WritableFrame grey = WritableFrame::make(config_.width, config_.height);
    grey.fill(128, 128, 128);
    if (!send(*std::move(grey).freeze(), 0, true)) return;
  }
  if (!drained_ && !drain()) return;
  while (receive()) {
  }
}

void AvVideoEncoder::fill_context() {
  AVCodecContext& c = *context_;
  c.width = config_.width;
  c.height = config_.height;
  c.time_base = to_av(config_.rate.time_base());
  c.framerate = {config_.rate.num, config_.rate.den};
  c.sample_aspect_ratio = {1, 1};
  c.pix_fmt = setup_.input == PictureInput::i420 ? AV_PIX_FMT_YUV420P : AV_PIX_FMT_NV12;
  c.color_range = AVCOL_RANGE_MPEG;
  c.colorspace = AVCOL_SPC_BT709;
  c.color_primaries = AVCOL_PRI_BT709;
  c.color_trc = AVCOL_TRC_BT709;
  c.chroma_sample_location = AVCHROMA_LOC_LEFT;
  c.bit_rate = std::int64_t{config_.kbps} * 1000;
  c.rc_max_rate = std::int64_t{config_.maxrate_kbps > 0 ? config_.maxrate_kbps : config_.kbps} * 1000;
  c.rc_buffer_size = config_.vbv_kbits * 1000;
  c.gop_size = config_.gop;
  c.flags |= AV_CODEC_FLAG_GLOBAL_HEADER | AV_CODEC_FLAG_CLOSED_GOP;
  if (config_.low_delay) c.flags |= AV_CODEC_FLAG_LOW_DELAY;
  if (config_.low_delay || config_.bframes >= 0) c.max_b_frames = config_.low_delay ? 0 : config_.bframes;
  c.thread_count = config_.threads;
  if (setup_.slice_threads) c.thread_type = FF_THREAD_SLICE;
  if (setup_.level_number > 0) c.level = setup_.level_number;
  // SVT-AV1 1.4 takes no peak rate beside a mean rate; its buffer is set by its own options.
  if (encoder_ == "libsvtav1") c.rc_max_rate = 0;
}

Status AvVideoEncoder::open_device() {
  if (setup_.input != PictureInput::vaapi) return {};
  AVBufferRef* device = nullptr;
  if (const int code = av_hwdevice_ctx_create(&device, AV_HWDEVICE_TYPE_VAAPI, nullptr, nullptr, 0); code < 0) {
    return Error{Errc::unsupported, "no VAAPI device (/dev/dri/renderD128): " + av_error_text(code), nullptr};
  }
  device_.reset(device);
  BufferPtr surfaces(av_hwframe_ctx_alloc(device_.get()));
  if (!surfaces) return Error{Errc::io, "out of memory for the device's surfaces", nullptr};
  auto* frames = reinterpret_cast<AVHWFramesContext*>(surfaces->data);
  frames->format = AV_PIX_FMT_VAAPI;
  frames->sw_format = AV_PIX_FMT_NV12;
  frames->width = config_.width;
  frames->height = config_.height;
  frames->initial_pool_size = kHwSurfaces;
  if (const int code = av_hwframe_ctx_init(surfaces.get()); code < 0) {
    return Error{Errc::unsupported, "the VAAPI device gives no surfaces: " + av_error_text(code), nullptr};
  }
  context_->pix_fmt = AV_PIX_FMT_VAAPI;
  context_->hw_frames_ctx = surfaces.release();
  return {};
}

Status AvVideoEncoder::open() {
  const AVCodec* codec = avcodec_find_encoder_by_name(encoder_.c_str());
  MAINSTAY_TRY(setup_, encoder_setup(config_, encoder_));
  context_.reset(avcodec_alloc_context3(codec));
  if (!context_) return Error{Errc::io, "out of memory for encoder " + encoder_, nullptr};
  fill_context();
  const AvComplaints complaints;
  if (Status device = open_device(); !device) {
    return unusable_encoder(device.error().code, config_.codec, encoder_, device.error().message);
  }
  AVDictionary* raw = nullptr;
  for (const auto& [key, value] : setup_.options) av_dict_set(&raw, key.c_str(), value.c_str(), 0);
  const int code = avcodec_open2(context_.get(), codec, &raw);
  const std::unique_ptr<AVDictionary, DictionaryDeleter> unknown(raw);
  if (code < 0) {
    const std::string said = complaints.text();
    const Errc errc = av_error(code, "").code == Errc::invalid ? Errc::invalid : Errc::unsupported;
    return unusable_encoder(errc, config_.codec, encoder_, said.empty() ? av_error_text(code) : said);
  }
  if (const AVDictionaryEntry* entry = av_dict_get(unknown.get(), "", nullptr, AV_DICT_IGNORE_SUFFIX)) {
    return make_error(Errc::invalid, "encoder \"{}\" has no option \"{}\"", encoder_, entry->key);
  }
  return fill_stream();
}

Status AvVideoEncoder::fill_stream() {
  auto info = std::make_shared<StreamInfo>();
  info->name = config_.name;
  info->kind = MediaKind::video;
  info->codec = config_.codec;
  info->time_base = config_.rate.time_base();
  info->extradata.assign(context_->extradata, context_->extradata + context_->extradata_size);
  info->kbps = config_.kbps;
  info->width = config_.width;
  info->height = config_.height;
  info->rate = config_.rate;
  const ProfileLevel told = profile_level(config_.codec, info->extradata);
  info->profile = told.profile >= 0 ? told.profile : context_->profile;
  info->level = told.level >= 0 ? told.level : context_->level;
  if (info->extradata.empty()) {
    return unusable_encoder(Errc::unsupported, config_.codec, encoder_, "it does not tell its parameter sets ahead");
  }
  const StreamInfoPtr& before = config_.predecessor;
  stream_ = before && *before == *info ? before : std::move(info);
  return {};
}

Result<AvFramePtr> AvVideoEncoder::upload(AvFramePtr nv12) {
  AvFramePtr surface(av_frame_alloc());
  if (!surface) return Error{Errc::io, "out of memory for a picture", nullptr};
  if (const int code = av_hwframe_get_buffer(context_->hw_frames_ctx, surface.get(), 0); code < 0) {
    return av_error(code, "encoder " + encoder_ + " has no free surface");
  }
  if (const int code = av_hwframe_transfer_data(surface.get(), nv12.get(), 0); code < 0) {
    return av_error(code, "a picture could not be uploaded to encoder " + encoder_);
  }
  return surface;
}

Status AvVideoEncoder::send(const Frame& frame, std::int64_t pts, bool force_idr) {
  if (frame.format != PixelFormat::i420 || frame.width != config_.width || frame.height != config_.height) {
    return make_error(Errc::invalid, "encoder {} takes i420 pictures of {}x{}, this one is {}x{}", config_.name,
                      config_.width, config_.height, frame.width, frame.height);
  }
  MAINSTAY_TRY(AvFramePtr av, setup_.input == PictureInput::i420 ? borrow(frame) : to_nv12(frame));
  if (setup_.input == PictureInput::vaapi) {
    MAINSTAY_TRY(av, upload(std::move(av)));
  }
  av->pts = pts;
  av->sample_aspect_ratio = {1, 1};
  av->color_range = AVCOL_RANGE_MPEG;
  av->colorspace = AVCOL_SPC_BT709;
  av->color_primaries = AVCOL_PRI_BT709;
  av->color_trc = AVCOL_TRC_BT709;
  av->chroma_location = AVCHROMA_LOC_LEFT;
  av->pict_type = force_idr || first_ ? AV_PICTURE_TYPE_I : AV_PICTURE_TYPE_NONE;
  first_ = false;
  const int code = avcodec_send_frame(context_.get(), av.get());
  if (code < 0) return av_error(code, fmt::format("encoder {} ({}) at frame {}", config_.name, encoder_, pts));
  return {};
}

Result<PacketPtr> AvVideoEncoder::receive() {
  AvPacketPtr av(av_packet_alloc());
  if (!av) return Error{Errc::io, "out of memory for a packet", nullptr};
  const int code = avcodec_receive_packet(context_.get(), av.get());
  // The two ordinary answers, many times a second: no text is made for them.
  if (code == AVERROR(EAGAIN)) return Error{Errc::again, {}, nullptr};
  if (code == AVERROR_EOF) return Error{Errc::end, {}, nullptr};
  if (code < 0) return av_error(code, fmt::format("encoder {} ({})", config_.name, encoder_));
  return wrap_packet(std::move(av));
}

PacketPtr AvVideoEncoder::wrap_packet(AvPacketPtr av) const {
  auto packet = std::make_shared<Packet>();
  packet->stream = stream_;
  packet->pts = av->pts;
  packet->dts = av->dts != AV_NOPTS_VALUE ? av->dts : av->pts;
  packet->duration = 1;
  packet->key = (av->flags & AV_PKT_FLAG_KEY) != 0;
  packet->bytes = without_parameter_sets(config_.codec, {av->data, static_cast<std::size_t>(av->size)});
  packet->droppable = (av->flags & AV_PKT_FLAG_DISPOSABLE) != 0 || is_droppable(config_.codec, packet->bytes);
  packet->owner = std::shared_ptr<const void>(
      av.release(), [](const void* p) { AvDeleter{}(static_cast<AVPacket*>(const_cast<void*>(p))); });
  return packet;
}

Status AvVideoEncoder::drain() {
  drained_ = true;
  const int code = avcodec_send_frame(context_.get(), nullptr);
  if (code < 0 && code != AVERROR_EOF) return av_error(code, "encoder " + config_.name + " does not drain");
  return {};
}

}  // namespace

Result<std::unique_ptr<VideoEncoder>> VideoEncoder::open(const VideoEncoderConfig& config) {
  if (config.width <= 0 || config.height <= 0 || config.width % 2 != 0 || config.height % 2 != 0) {
    return make_error(Errc::invalid, "rendition {}: a picture of {}x{} cannot be encoded: both must be even",
                      config.name, config.width, config.height);
  }
  if (config.kbps <= 0 || config.gop <= 0) {
    return make_error(Errc::invalid, "rendition {}: kbps and the key frame interval must be above 0", config.name);
  }
  MAINSTAY_TRY(std::string encoder, resolve_encoder(config.codec, config.encoder));
  auto opened = std::make_unique<AvVideoEncoder>(config, std::move(encoder));
  MAINSTAY_CHECK(opened->open());
  return std::unique_ptr<VideoEncoder>(std::move(opened));
}

}  // namespace mainstay::ffi
