#include "tests/engine/ffi/encoder_test_support.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>

#include "engine/ffi/av/av_common.h"

#if defined(__SANITIZE_ADDRESS__)
// libx265 3.5 keeps about a kilobyte of each encoder's parameters for itself when that is closed.
extern "C" const char* __lsan_default_suppressions() {
  return "leak:libx265\n";
}
#endif

namespace mainstay::ffi::testing {

FramePtr moving_picture(int width, int height, std::int64_t n) {
  WritableFrame frame = WritableFrame::make(width, height);
  frame.fill(60, 120, 136);
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      frame.planes[0][y * frame.strides[0] + x] =
          x / 8 == n % (width / 8) ? 220 : static_cast<std::uint8_t>(40 + (x + y) % 100);
    }
  }
  return std::move(frame).freeze();
}

FramePtr noise_picture(int width, int height, std::uint32_t n) {
  WritableFrame frame = WritableFrame::make(width, height);
  frame.fill(128, 128, 128);
  std::uint32_t state = n * 2654435761U + 1;
  for (int plane = 0; plane < 3; ++plane) {
    const int rows = plane == 0 ? frame.height : frame.height / 2;
    const int columns = plane == 0 ? frame.width : frame.width / 2;
    for (int y = 0; y < rows; ++y) {
      for (int x = 0; x < columns; ++x) {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        frame.planes[static_cast<std::size_t>(plane)][y * frame.strides[static_cast<std::size_t>(plane)] + x] =
            static_cast<std::uint8_t>(16 + (state >> 24) * 219 / 255);
      }
    }
  }
  return std::move(frame).freeze();
}

VideoEncoderConfig small_video(Codec codec) {
  VideoEncoderConfig config;
  config.codec = codec;
  config.width = 128;
  config.height = 72;
  config.kbps = 300;
  config.vbv_kbits = 300;
  config.gop = 15;
  config.preset = codec == Codec::av1 ? "12" : "veryfast";
  config.threads = 1;
  return config;
}

std::vector<PacketPtr> encode_pictures(const VideoEncoderConfig& config, std::int64_t first, int count) {
  std::vector<PacketPtr> packets;
  auto encoder = VideoEncoder::open(config);
  if (!encoder) {
    ADD_FAILURE() << encoder.error().describe();
    return packets;
  }
  auto collect = [&] {
    while (auto packet = (*encoder)->receive()) packets.push_back(*packet);
  };
  for (int i = 0; i < count; ++i) {
    const FramePtr frame = moving_picture(config.width, config.height, first + i);
    const Status sent = (*encoder)->send(*frame, first + i, i % config.gop == 0);
    if (!sent) {
      ADD_FAILURE() << sent.error().describe();
      return packets;
    }
    collect();
  }
  EXPECT_TRUE((*encoder)->drain());
  collect();
  return packets;
}

namespace {

AvCodecContextPtr open_decoder(const StreamInfo& info) {
  const AVCodec* codec =
      info.codec == Codec::opus ? avcodec_find_decoder_by_name("opus") : avcodec_find_decoder(to_av(info.codec));
  AvCodecContextPtr decoder(avcodec_alloc_context3(codec));
  decoder->extradata = static_cast<std::uint8_t*>(av_mallocz(info.extradata.size() + AV_INPUT_BUFFER_PADDING_SIZE));
  std::memcpy(decoder->extradata, info.extradata.data(), info.extradata.size());
  decoder->extradata_size = static_cast<int>(info.extradata.size());
  decoder->pkt_timebase = to_av(info.time_base);
  decoder->sample_rate = info.sample_rate;
  decoder->thread_count = 1;
  if (info.channels > 0) av_channel_layout_default(&decoder->ch_layout, info.channels);
  // Everything is to be seen as it is: no samples taken off, broken pictures given out.
  decoder->flags2 |= AV_CODEC_FLAG2_SKIP_MANUAL;
  decoder->flags |= AV_CODEC_FLAG_OUTPUT_CORRUPT;
  return avcodec_open2(decoder.get(), codec, nullptr) < 0 ? nullptr : std::move(decoder);
}

template <class Take>
void decode(const std::vector<PacketPtr>& packets, Take take) {
  ASSERT_FALSE(packets.empty());
  const AvCodecContextPtr decoder = open_decoder(*packets.front()->stream);
  ASSERT_TRUE(decoder);
  const AvFramePtr frame(av_frame_alloc());
  auto collect = [&] {
    while (avcodec_receive_frame(decoder.get(), frame.get()) >= 0) take(*frame);
  };
  for (const PacketPtr& packet : packets) {
    AvPacketPtr av(av_packet_alloc());
    ASSERT_GE(av_new_packet(av.get(), static_cast<int>(packet->bytes.size())), 0);
    std::memcpy(av->data, packet->bytes.data(), packet->bytes.size());
    av->pts = packet->pts;
    av->dts = packet->dts;
    EXPECT_GE(avcodec_send_packet(decoder.get(), av.get()), 0);
    collect();
  }
  avcodec_send_packet(decoder.get(), nullptr);
  collect();
}

}  // namespace

std::vector<DecodedPicture> decode_pictures(const std::vector<PacketPtr>& packets) {
  std::vector<DecodedPicture> pictures;
  decode(packets, [&](const AVFrame& frame) {
    std::int64_t sum = 0;
    for (int y = 0; y < frame.height; ++y) {
      for (int x = 0; x < frame.width; ++x) sum += frame.data[0][y * frame.linesize[0] + x];
    }
    pictures.push_back({frame.pts, frame.key_frame != 0,
                        (frame.flags & AV_FRAME_FLAG_CORRUPT) != 0 || frame.decode_error_flags != 0,
                        static_cast<int>(sum / (frame.width * frame.height))});
  });
  return pictures;
}

DecodedSound decode_sound(const std::vector<PacketPtr>& packets) {
  DecodedSound sound;
  if (!packets.empty()) sound.pts = packets.front()->pts;
  decode(packets, [&](const AVFrame& frame) {
    const auto* samples = reinterpret_cast<const float*>(frame.data[0]);
    const int step = frame.format == AV_SAMPLE_FMT_FLT ? frame.ch_layout.nb_channels : 1;
    for (int i = 0; i < frame.nb_samples; ++i) sound.samples.push_back(samples[i * step]);
    const int channels = frame.ch_layout.nb_channels;
    sound.channels.resize(static_cast<std::size_t>(channels));
    for (int c = 0; c < channels; ++c) {
      const auto* own =
          step > 1 ? samples + c : reinterpret_cast<const float*>(frame.extended_data[static_cast<std::size_t>(c)]);
      for (int i = 0; i < frame.nb_samples; ++i) sound.channels[static_cast<std::size_t>(c)].push_back(own[i * step]);
    }
  });
  return sound;
}

std::size_t loudest(const std::vector<float>& samples) {
  const auto at =
      std::max_element(samples.begin(), samples.end(), [](float a, float b) { return std::abs(a) < std::abs(b); });
  return static_cast<std::size_t>(at - samples.begin());
}

std::vector<DemuxedPacket> demux(const std::vector<std::uint8_t>& file, const char* format) {
  struct Reader {
    const std::vector<std::uint8_t>& file;
    std::size_t at = 0;
  } reader{file};
  auto read = [](void* opaque, std::uint8_t* out, int size) -> int {
    auto& r = *static_cast<Reader*>(opaque);
    const std::size_t run = std::min(static_cast<std::size_t>(size), r.file.size() - r.at);
    if (run == 0) return AVERROR_EOF;
    std::memcpy(out, r.file.data() + r.at, run);
    r.at += run;
    return static_cast<int>(run);
  };
  auto seek = [](void* opaque, std::int64_t offset, int whence) -> std::int64_t {
    auto& r = *static_cast<Reader*>(opaque);
    if (whence == AVSEEK_SIZE) return static_cast<std::int64_t>(r.file.size());
    if (whence != SEEK_SET || offset < 0 || offset > static_cast<std::int64_t>(r.file.size())) return -1;
    r.at = static_cast<std::size_t>(offset);
    return offset;
  };
  std::vector<DemuxedPacket> packets;
  constexpr int kBuffer = 65536;
  AVIOContext* io =
      avio_alloc_context(static_cast<std::uint8_t*>(av_malloc(kBuffer)), kBuffer, 0, &reader, read, nullptr, seek);
  AVFormatContext* context = avformat_alloc_context();
  context->pb = io;
  if (avformat_open_input(&context, nullptr, av_find_input_format(format), nullptr) >= 0 &&
      avformat_find_stream_info(context, nullptr) >= 0) {
    const AvPacketPtr av(av_packet_alloc());
    while (av_read_frame(context, av.get()) >= 0) {
      const TimeBase base = from_av(context->streams[av->stream_index]->time_base);
      packets.push_back({av->stream_index, rescale(av->pts, base, kNanosBase), rescale(av->dts, base, kNanosBase),
                         (av->flags & AV_PKT_FLAG_KEY) != 0, static_cast<std::size_t>(av->size),
                         std::vector<std::uint8_t>(av->data, av->data + av->size)});
      av_packet_unref(av.get());
    }
  }
  avformat_close_input(&context);
  av_freep(&io->buffer);
  avio_context_free(&io);
  return packets;
}

std::vector<PacketPtr> interleave(const std::vector<PacketPtr>& a, const std::vector<PacketPtr>& b) {
  std::vector<PacketPtr> all(a);
  all.insert(all.end(), b.begin(), b.end());
  std::stable_sort(all.begin(), all.end(),
                   [](const PacketPtr& x, const PacketPtr& y) { return x->decode_time() < y->decode_time(); });
  return all;
}

std::vector<std::uint8_t> mux(const MuxerOptions& options, const std::vector<PacketPtr>& packets, bool finish) {
  std::vector<StreamInfoPtr> streams;
  for (const PacketPtr& packet : packets) {
    if (std::find(streams.begin(), streams.end(), packet->stream) == streams.end()) streams.push_back(packet->stream);
  }
  std::stable_sort(streams.begin(), streams.end(), [](const auto& a, const auto& b) { return a->kind < b->kind; });
  std::vector<std::uint8_t> file;
  auto muxer = Muxer::open(options, streams, [&](std::span<const std::uint8_t> bytes) -> Status {
    EXPECT_LE(bytes.size(), options.buffer_bytes);
    file.insert(file.end(), bytes.begin(), bytes.end());
    return {};
  });
  if (!muxer) {
    ADD_FAILURE() << muxer.error().describe();
    return file;
  }
  for (const PacketPtr& packet : packets) {
    const Status written = (*muxer)->write(*packet);
    if (!written) {
      ADD_FAILURE() << written.error().describe();
      return file;
    }
  }
  if (finish) {
    EXPECT_TRUE((*muxer)->finish());
  }
  return file;
}

}  // namespace mainstay::ffi::testing
