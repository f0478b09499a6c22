#include "engine/encode/encode_config.h"

#include <algorithm>
#include <cmath>

#include "engine/encode/rate_control.h"
#include "engine/show/caps.h"
#include "engine/show/renditions.h"

namespace mainstay {

namespace {

constexpr int kPresetBframes = 3;  // x264's and, about, everybody's

int frames_of(double interval_s, Rate rate) {
  return static_cast<int>(rate.frames_in(Nanos(std::llround(interval_s * 1e9))));
}

}  // namespace

VideoConfig make_video_config(const show::Show& show, const show::VideoEncode& video, const show::Caps& effective) {
  const show::PictureSize size = show::rendition_size(show.program, video);
  const RatePlan plan =
      plan_rate({video.kbps, video.vbv_ms, show.program.rate, effective.max_video_kbps, effective.max_vbv_ms});
  VideoConfig config;
  config.note = plan.note;
  config.stage.first_frame =
      show.program.first_frame >= 0 ? show.program.first_frame : show.program.rate.frames_in(Seconds(1));
  ffi::VideoEncoderConfig& encoder = config.stage.encoder;
  encoder.name = video.name;
  encoder.encoder = video.encoder;
  encoder.codec = video.codec;
  encoder.width = size.width;
  encoder.height = size.height;
  encoder.rate = show.program.rate;
  encoder.kbps = plan.kbps;
  encoder.maxrate_kbps = plan.maxrate_kbps;
  encoder.vbv_kbits = plan.vbv_kbits;
  const double keyint_s = effective.max_keyint_s ? std::min(video.keyint_s, *effective.max_keyint_s) : video.keyint_s;
  encoder.gop = frames_of(keyint_s, show.program.rate);
  encoder.bframes = video.bframes;
  if (effective.max_bframes) {
    encoder.bframes = std::min(video.bframes >= 0 ? video.bframes : kPresetBframes, *effective.max_bframes);
  }
  encoder.preset = video.preset;
  // The default preset is libx264's word; other encoders have numbers or names of their own.
  const bool speaks_x264 = video.encoder.starts_with("libx26") ||
                           (video.encoder == "auto" && (video.codec == Codec::h264 || video.codec == Codec::hevc));
  if (!speaks_x264 && video.preset == show::VideoEncode{}.preset) encoder.preset.clear();
  encoder.tune = video.tune;
  encoder.profile = video.profile;
  // A cap in another codec's words says nothing about this one.
  if (encoder.profile.empty() && effective.max_profile &&
      show::profile_rank(video.codec, *effective.max_profile) >= 0) {
    encoder.profile = *effective.max_profile;
  }
  encoder.level = video.level;
  encoder.threads = video.threads;
  encoder.low_delay = show.program.latency_target == show::LatencyTarget::sub_second;
  encoder.options = video.options;
  return config;
}

AudioStage::Options make_audio_config(const show::Show& show, const show::AudioEncode& audio,
                                      const show::Caps& effective) {
  AudioStage::Options options;
  options.encoder.name = audio.name;
  options.encoder.encoder = audio.encoder;
  options.encoder.codec = audio.codec;
  options.encoder.kbps = effective.max_audio_kbps ? std::min(audio.kbps, *effective.max_audio_kbps) : audio.kbps;
  options.encoder.channels = show::rendition_channels(show.program, audio);
  options.encoder.low_delay = show.program.latency_target == show::LatencyTarget::sub_second;
  return options;
}

}  // namespace mainstay
