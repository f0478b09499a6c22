#include "engine/ffi/av/muxer_formats.h"

#include <algorithm>
#include <cstring>

namespace mainstay::ffi {

const char* format_name(Container container) {
  switch (container) {
    case Container::mpegts:
      return "mpegts";
    case Container::fragmented_mp4:
    case Container::cmaf:
      return "mp4";
    case Container::matroska:
      return "matroska";
  }
  return "";
}

namespace {

bool is_mp4(Container container) {
  return container == Container::fragmented_mp4 || container == Container::cmaf;
}

}  // namespace

Status can_hold(Container container, const StreamInfo& stream) {
  const bool known = stream.codec != Codec::other;
  const bool in_ts = stream.codec == Codec::h264 || stream.codec == Codec::hevc || stream.codec == Codec::aac ||
                     stream.codec == Codec::opus;
  if (known && (container != Container::mpegts || in_ts)) return {};
  return make_error(Errc::unsupported, "{} cannot hold {} (rendition {})", format_name(container),
                    to_string(stream.codec), stream.name);
}

Status set_extradata(const StreamInfo& stream, AVCodecParameters& out) {
  const std::size_t size = stream.extradata.size();
  auto* bytes = static_cast<std::uint8_t*>(av_mallocz(size + AV_INPUT_BUFFER_PADDING_SIZE));
  if (bytes == nullptr) return Error{Errc::io, "out of memory for a stream's header", nullptr};
  if (size > 0) std::memcpy(bytes, stream.extradata.data(), size);
  av_freep(&out.extradata);
  out.extradata = bytes;
  out.extradata_size = static_cast<int>(size);
  return {};
}

Status describe_stream(Container container, const StreamInfo& stream, AVStream& out) {
  AVCodecParameters& par = *out.codecpar;
  par.codec_id = to_av(stream.codec);
  par.bit_rate = std::int64_t{stream.kbps} * 1000;
  if (stream.profile >= 0) par.profile = stream.profile;
  if (stream.level >= 0) par.level = stream.level;
  MAINSTAY_CHECK(set_extradata(stream, par));
  out.time_base = to_av(stream.time_base);
  if (stream.kind == MediaKind::video) {
    par.codec_type = AVMEDIA_TYPE_VIDEO;
    par.format = AV_PIX_FMT_YUV420P;
    par.width = stream.width;
    par.height = stream.height;
    par.sample_aspect_ratio = out.sample_aspect_ratio = {1, 1};
    par.color_range = AVCOL_RANGE_MPEG;
    par.color_space = AVCOL_SPC_BT709;
    par.color_primaries = AVCOL_PRI_BT709;
    par.color_trc = AVCOL_TRC_BT709;
    out.avg_frame_rate = out.r_frame_rate = {stream.rate.num, stream.rate.den};
    // Apple's players take HEVC with parameter sets in the sample entry only.
    if (is_mp4(container) && stream.codec == Codec::hevc) {
      par.codec_tag = MKTAG('h', 'v', 'c', '1');
    }
    return {};
  }
  par.codec_type = AVMEDIA_TYPE_AUDIO;
  par.sample_rate = stream.sample_rate;
  par.frame_size = stream.frame_samples;
  av_channel_layout_default(&par.ch_layout, stream.channels);
  // Opus tells its pre-skip in its header (RFC 7845 5.1); the containers repeat it. AAC's priming is not told: packets
  // before the first sample have their true times, and a second correction by the player would move the sound.
  if (stream.codec == Codec::opus && stream.extradata.size() >= 12) {
    par.initial_padding = stream.extradata[10] | stream.extradata[11] << 8;
  }
  return {};
}

std::int64_t told_delay(Container container, const AVCodecParameters& stream) {
  // Matroska's CodecDelay, which libavformat writes but leaves to the caller to put into the timestamps.
  return container == Container::matroska ? stream.initial_padding : 0;
}

std::map<std::string, std::string> format_options(const MuxerOptions& options,
                                                  const std::vector<StreamInfoPtr>& streams) {
  const bool video =
      std::any_of(streams.begin(), streams.end(), [](const auto& s) { return s->kind == MediaKind::video; });
  std::map<std::string, std::string> out;
  switch (options.container) {
    case Container::mpegts:
      out["mpegts_copyts"] = "1";
      out["max_delay"] = std::to_string(kTsLead90k * 1000 / 90);  // microseconds
      out["pcr_period"] = "20";
      out["pat_period"] = "0.1";
      out["pes_payload_size"] = "0";  // an audio frame goes out at once, not with the six that follow it
      break;
    case Container::fragmented_mp4:
      out["movflags"] = "empty_moov+default_base_moof+frag_discont";
      out["use_editlist"] = "0";
      if (video) {
        out["movflags"] += "+frag_keyframe";
      } else {
        out["frag_duration"] = "1000000";
      }
      break;
    case Container::cmaf:
      // Without frag_discont a muxer's decode times begin at 0, and renditions and restarts lose their alignment. Not
      // the flag "cmaf": that makes composition offsets negative, and FFmpeg's own reader then shows B-frames late.
      out["movflags"] = "empty_moov+default_base_moof+frag_custom+frag_discont+skip_trailer";
      out["use_editlist"] = "0";
      break;
    case Container::matroska:
      out["cluster_time_limit"] = "1000";
      break;
  }
  for (const auto& [key, value] : options.options) {
    const bool flags = key.ends_with("flags") && !out[key].empty();
    out[key] = flags ? out[key] + "+" + value : value;
  }
  return out;
}

}  // namespace mainstay::ffi
