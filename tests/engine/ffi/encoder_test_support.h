// What the encoder and muxer tests share: synthetic pictures and sound, and FFmpeg's decoders and demuxers as the
// independent judge of what came out.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "engine/ffi/av/audio_encoder.h"
#include "engine/ffi/av/muxer.h"
#include "engine/ffi/av/video_encoder.h"

namespace mainstay::ffi::testing {

/// A gradient with a bright column that moves with `n`.
FramePtr moving_picture(int width, int height, std::int64_t n);
/// Noise, different in each `n`: nothing is harder.
FramePtr noise_picture(int width, int height, std::uint32_t n);

VideoEncoderConfig small_video(Codec codec = Codec::h264);

/// Frames [first, first+count), IDR forced where (n - first) % config.gop == 0.
std::vector<PacketPtr> encode_pictures(const VideoEncoderConfig& config, std::int64_t first, int count);

/// Blocks of `block` samples from `first` on, made by `sample(position)`.
template <class Sample>
std::vector<PacketPtr> encode_sound(AudioEncoder& encoder, std::int64_t first, int blocks, int block, Sample sample) {
  std::vector<PacketPtr> packets;
  auto collect = [&] {
    while (auto packet = encoder.receive()) packets.push_back(*packet);
  };
  for (int i = 0; i < blocks; ++i) {
    AudioBlock sound(encoder.stream()->channels, block);
    const std::int64_t at = first + std::int64_t{i} * block;
    for (int c = 0; c < sound.channels; ++c) {
      for (int s = 0; s < block; ++s) sound.plane(c)[static_cast<std::size_t>(s)] = sample(at + s);
    }
    if (!encoder.send(sound, at)) return packets;
    collect();
  }
  if (!encoder.drain()) return packets;
  collect();
  return packets;
}

struct DecodedPicture {
  std::int64_t pts = 0;
  bool key = false;
  bool corrupt = false;
  int luma = 0;  ///< mean
};
/// What FFmpeg's decoder makes of the packets, fed from nothing but them and the extradata.
std::vector<DecodedPicture> decode_pictures(const std::vector<PacketPtr>& packets);

struct DecodedSound {
  std::int64_t pts = 0;        ///< of the first packet decoded: the position of samples[0]
  std::vector<float> samples;  ///< channel 0
  std::vector<std::vector<float>> channels;
};
DecodedSound decode_sound(const std::vector<PacketPtr>& packets);
std::size_t loudest(const std::vector<float>& samples);

struct DemuxedPacket {
  int stream = 0;
  std::int64_t pts_ns = 0;
  std::int64_t dts_ns = 0;
  bool key = false;
  std::size_t size = 0;
  std::vector<std::uint8_t> bytes;
};
/// All packets that FFmpeg's demuxer finds in `file`; empty when it finds no streams.
std::vector<DemuxedPacket> demux(const std::vector<std::uint8_t>& file, const char* format);

/// Video and audio in decode order, as the packet bus gives them.
std::vector<PacketPtr> interleave(const std::vector<PacketPtr>& a, const std::vector<PacketPtr>& b);

std::vector<std::uint8_t> mux(const MuxerOptions& options, const std::vector<PacketPtr>& packets, bool finish = true);

}  // namespace mainstay::ffi::testing
