#include "engine/ffi/av/audio_encoder.h"

#include <algorithm>
#include <deque>
#include <utility>
#include <vector>

#include "engine/ffi/av/av_common.h"
#include "engine/ffi/av/av_init.h"
#include "engine/ffi/av/encoder_list.h"

namespace mainstay::ffi {

namespace {

constexpr std::int64_t kLongestFilledGap = kProgramSampleRate;  // a second of silence; more is a jump

class AvAudioEncoder final : public AudioEncoder {
 public:
  AvAudioEncoder(AudioEncoderConfig config, std::string encoder)
      : config_(std::move(config)), encoder_(std::move(encoder)) {}

  Status open();
  Status send(const AudioBlock& block, std::int64_t first_sample) override;
  Result<PacketPtr> receive() override;
  Status drain() override;
  StreamInfoPtr stream() const override { return stream_; }
  std::int64_t overlapped() const override { return overlapped_; }

 private:
  Status fill_gap(std::int64_t samples);
  Status append(const AudioBlock* block, int offset, std::int64_t count);
  Status submit();
  Status collect();
  void fill_stream();

  const AudioEncoderConfig config_;
  const std::string encoder_;
  AvCodecContextPtr context_;
  StreamInfoPtr stream_;
  int frame_samples_ = 0;
  std::vector<std::vector<float>> pending_;  // a plane a channel, frame_samples_ long, filled_ of them valid
  int filled_ = 0;
  std::int64_t next_ = 0;  // position of the next sample to append
  bool started_ = false;
  bool drained_ = false;
  std::int64_t overlapped_ = 0;
  std::deque<PacketPtr> ready_;  // at most what one block makes
};

Status AvAudioEncoder::open() {
  const AVCodec* codec = avcodec_find_encoder_by_name(encoder_.c_str());
  context_.reset(avcodec_alloc_context3(codec));
  if (!context_) return Error{Errc::io, "out of memory for encoder " + encoder_, nullptr};
  AVCodecContext& c = *context_;
  c.sample_rate = kProgramSampleRate;
  c.time_base = {1, kProgramSampleRate};
  c.sample_fmt = config_.codec == Codec::opus ? AV_SAMPLE_FMT_FLT : AV_SAMPLE_FMT_FLTP;
  av_channel_layout_default(&c.ch_layout, config_.channels);
  c.bit_rate = std::int64_t{config_.kbps} * 1000;
  c.flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
  AVDictionary* options = nullptr;
  if (config_.codec == Codec::opus) {
    // Free VBR may go far over its mean, and past a cap, for seconds.
    av_dict_set(&options, "vbr", "constrained", 0);
    av_dict_set(&options, "application", config_.low_delay ? "lowdelay" : "audio", 0);
    // RFC 7845 5.1.1.2: the channels have places, and the low-frequency one is coded as such.
    if (config_.channels > 2) av_dict_set(&options, "mapping_family", "1", 0);
  }
  const AvComplaints complaints;
  const int code = avcodec_open2(context_.get(), codec, &options);
  av_dict_free(&options);
  if (code < 0) {
    const std::string said = complaints.text();
    return unusable_encoder(Errc::invalid, config_.codec, encoder_, said.empty() ? av_error_text(code) : said);
  }
  frame_samples_ = c.frame_size > 0 ? c.frame_size : 1024;
  pending_.assign(static_cast<std::size_t>(config_.channels), std::vector<float>(frame_samples_));
  fill_stream();
  return {};
}

void AvAudioEncoder::fill_stream() {
  auto info = std::make_shared<StreamInfo>();
  info->name = config_.name;
  info->kind = MediaKind::audio;
  info->codec = config_.codec;
  info->time_base = kAudioBase;
  info->extradata.assign(context_->extradata, context_->extradata + context_->extradata_size);
  info->kbps = config_.kbps;
  info->sample_rate = kProgramSampleRate;
  info->channels = config_.channels;
  info->frame_samples = frame_samples_;
  info->profile = context_->profile;
  const StreamInfoPtr& before = config_.predecessor;
  stream_ = before && *before == *info ? before : std::move(info);
}

Status AvAudioEncoder::send(const AudioBlock& block, std::int64_t first_sample) {
  if (block.channels < 1 || block.samples < 0) {
    return make_error(Errc::invalid, "encoder {}: a block of {} channels, {} samples", config_.name, block.channels,
                      block.samples);
  }
  if (!started_) {
    started_ = true;
    next_ = first_sample;
  }
  if (first_sample > next_) MAINSTAY_CHECK(fill_gap(first_sample - next_));
  const std::int64_t overlap = std::min<std::int64_t>(next_ - first_sample, block.samples);
  overlapped_ += overlap;
  return append(&block, static_cast<int>(overlap), block.samples - overlap);
}

Status AvAudioEncoder::fill_gap(std::int64_t samples) {
  if (samples <= kLongestFilledGap) return append(nullptr, 0, samples);
  const std::int64_t target = next_ + samples;
  if (filled_ > 0) MAINSTAY_CHECK(append(nullptr, 0, frame_samples_ - filled_));
  next_ = target;
  return {};
}

Status AvAudioEncoder::append(const AudioBlock* block, int offset, std::int64_t count) {
  while (count > 0) {
    const int run = static_cast<int>(std::min<std::int64_t>(count, frame_samples_ - filled_));
    for (int channel = 0; channel < config_.channels; ++channel) {
      float* out = pending_[static_cast<std::size_t>(channel)].data() + filled_;
      if (block == nullptr || (channel >= block->channels && block->channels > 1)) {
        std::fill_n(out, run, 0.0F);
      } else if (config_.channels == 1 && block->channels >= 2) {
        const float* left = block->plane(0).data() + offset;
        const float* right = block->plane(1).data() + offset;
        for (int i = 0; i < run; ++i) out[i] = 0.5F * (left[i] + right[i]);
      } else {
        std::copy_n(block->plane(std::min(channel, block->channels - 1)).data() + offset, run, out);
      }
    }
    filled_ += run;
    offset += run;
    next_ += run;
    count -= run;
    if (filled_ == frame_samples_) MAINSTAY_CHECK(submit());
  }
  return {};
}

Status AvAudioEncoder::submit() {
  AvFramePtr av(av_frame_alloc());
  if (!av) return Error{Errc::io, "out of memory for sound", nullptr};
  av->format = context_->sample_fmt;
  av->nb_samples = frame_samples_;
  av->sample_rate = kProgramSampleRate;
  av->pts = next_ - frame_samples_;
  if (const int code = av_channel_layout_copy(&av->ch_layout, &context_->ch_layout); code < 0) {
    return av_error(code, "a channel layout");
  }
  if (const int code = av_frame_get_buffer(av.get(), 0); code < 0) return av_error(code, "memory for sound");
  const bool planar = context_->sample_fmt == AV_SAMPLE_FMT_FLTP;
  for (int channel = 0; channel < config_.channels; ++channel) {
    const std::vector<float>& plane = pending_[static_cast<std::size_t>(channel)];
    if (planar) {
      std::copy(plane.begin(), plane.end(), reinterpret_cast<float*>(av->extended_data[channel]));
    } else {
      float* out = reinterpret_cast<float*>(av->data[0]) + channel;
      for (int i = 0; i < frame_samples_; ++i) out[i * config_.channels] = plane[static_cast<std::size_t>(i)];
    }
  }
  filled_ = 0;
  if (const int code = avcodec_send_frame(context_.get(), av.get()); code < 0) {
    return av_error(code, fmt::format("encoder {} ({}) at sample {}", config_.name, encoder_, av->pts));
  }
  return collect();
}

// Takes out what is ready: the codec takes no second frame before.
Status AvAudioEncoder::collect() {
  for (;;) {
    AvPacketPtr av(av_packet_alloc());
    if (!av) return Error{Errc::io, "out of memory for a packet", nullptr};
    const int code = avcodec_receive_packet(context_.get(), av.get());
    if (code == AVERROR(EAGAIN) || code == AVERROR_EOF) return {};
    if (code < 0) return av_error(code, fmt::format("encoder {} ({})", config_.name, encoder_));
    auto packet = std::make_shared<Packet>();
    packet->stream = stream_;
    packet->pts = av->pts;
    packet->dts = av->pts;
    packet->duration = frame_samples_;
    packet->key = true;
    packet->bytes = {av->data, static_cast<std::size_t>(av->size)};
    packet->owner = std::shared_ptr<const void>(
        av.release(), [](const void* p) { AvDeleter{}(static_cast<AVPacket*>(const_cast<void*>(p))); });
    ready_.push_back(std::move(packet));
  }
}

Result<PacketPtr> AvAudioEncoder::receive() {
  if (ready_.empty()) return Error{drained_ ? Errc::end : Errc::again, {}, nullptr};
  PacketPtr packet = std::move(ready_.front());
  ready_.pop_front();
  return packet;
}

Status AvAudioEncoder::drain() {
  if (drained_) return {};
  if (filled_ > 0) MAINSTAY_CHECK(append(nullptr, 0, frame_samples_ - filled_));
  drained_ = true;
  const int code = avcodec_send_frame(context_.get(), nullptr);
  if (code < 0 && code != AVERROR_EOF) return av_error(code, "encoder " + config_.name + " does not drain");
  return collect();
}

}  // namespace

Result<std::unique_ptr<AudioEncoder>> AudioEncoder::open(const AudioEncoderConfig& config) {
  if (config.channels < 1 || config.channels > 8 || config.kbps <= 0) {
    return make_error(Errc::invalid, "rendition {}: {} channels at {} kb/s cannot be encoded", config.name,
                      config.channels, config.kbps);
  }
  MAINSTAY_TRY(std::string encoder, resolve_encoder(config.codec, config.encoder));
  auto opened = std::make_unique<AvAudioEncoder>(config, std::move(encoder));
  MAINSTAY_CHECK(opened->open());
  return std::unique_ptr<AudioEncoder>(std::move(opened));
}

}  // namespace mainstay::ffi
