#include "engine/ffi/av/video_encoder_options.h"

#include <array>
#include <charconv>
#include <string_view>

namespace mainstay::ffi {

namespace {

using Options = std::map<std::string, std::string>;

// Options of libavcodec's context that the show sets by fields of its own. Set past those, the caps and the IDR grid
// that everybody else relies on would no longer hold.
constexpr std::array kReserved{"b",         "maxrate", "bufsize", "g",     "keyint_min", "bf",        "flags",
                               "time_base", "threads", "profile", "level", "forced-idr", "forced_idr"};

void set_if(Options& options, const char* key, const std::string& value) {
  if (!value.empty()) options[key] = value;
}

// The user's list first: the encoder takes the last word on each key, and ours must hold.
void append_params(Options& options, const std::string& key, const std::string& ours) {
  std::string& value = options[key];
  if (!value.empty() && !ours.empty()) value += ":";
  value += ours;
}

bool ends_with(const std::string& text, std::string_view end) {
  return text.size() >= end.size() && std::string_view(text).substr(text.size() - end.size()) == end;
}

bool constant_rate(const VideoEncoderConfig& config) {
  return config.maxrate_kbps <= config.kbps;
}

// VAAPI and AMF know no plain baseline, only the constrained one (the one everybody means).
std::string constrained(const std::string& profile) {
  return profile == "baseline" ? "constrained_baseline" : profile;
}

void setup_x264(const VideoEncoderConfig& config, EncoderSetup& setup) {
  Options& o = setup.options;
  set_if(o, "preset", config.preset);
  std::string tune = config.tune;
  if (config.low_delay) tune += tune.empty() ? "zerolatency" : ",zerolatency";
  set_if(o, "tune", tune);
  set_if(o, "profile", config.profile);
  set_if(o, "level", config.level);
  o["forced-idr"] = "1";
  append_params(o, "x264-params", "scenecut=0:open-gop=0:repeat-headers=0:annexb=1");
  setup.slice_threads = config.low_delay;
}

void setup_x265(const VideoEncoderConfig& config, EncoderSetup& setup) {
  Options& o = setup.options;
  set_if(o, "preset", config.preset);
  // x265 takes one tune only; without delay matters more than the picture's kind.
  set_if(o, "tune", config.low_delay ? "zerolatency" : config.tune);
  set_if(o, "profile", config.profile);
  o["forced-idr"] = "1";
  // It writes to stderr by itself, past every log; its errors come back as codes.
  std::string ours = "scenecut=0:open-gop=0:repeat-headers=0:annexb=1:log-level=none";
  if (!config.level.empty()) ours += ":level-idc=" + config.level;
  // With a pool, which thread ends first can steer the rate control.
  if (config.threads == 1) ours += ":pools=none:frame-threads=1:wpp=0";
  append_params(o, "x265-params", ours);
}

void setup_svtav1(const VideoEncoderConfig& config, EncoderSetup& setup) {
  Options& o = setup.options;
  set_if(o, "preset", config.preset);
  std::string ours = "scd=0:irefresh-type=2";  // 2: closed GOP
  // SVT-AV1 1.4 keeps to a buffer only with pictures in order; a cap needs that.
  const bool in_order = config.low_delay || constant_rate(config) || config.bframes == 0;
  if (in_order) ours += ":pred-struct=1:rc=2";
  if (config.threads > 0) ours += ":lp=" + std::to_string(config.threads);
  if (const int level = level_number(config.level); level > 0) ours += ":level=" + std::to_string(level);
  append_params(o, "svtav1-params", ours);
}

void setup_nvenc(const VideoEncoderConfig& config, EncoderSetup& setup) {
  Options& o = setup.options;
  o["preset"] = config.preset.empty() ? "p4" : config.preset;
  if (!config.tune.empty()) {
    o["tune"] = config.tune;
  } else if (config.low_delay) {
    o["tune"] = "ull";
  }
  set_if(o, "profile", config.profile);
  set_if(o, "level", config.level);
  o["rc"] = constant_rate(config) ? "cbr" : "vbr";
  o["forced-idr"] = "1";
  o["no-scenecut"] = "1";
  o["strict_gop"] = "1";
  if (config.low_delay) {
    o["zerolatency"] = "1";
    o["delay"] = "0";
  }
}

void setup_vaapi(const VideoEncoderConfig& config, EncoderSetup& setup) {
  Options& o = setup.options;
  setup.input = PictureInput::vaapi;
  // A preset is a number here (speed over quality) and lives in the context.
  set_if(o, "compression_level", config.preset);
  set_if(o, "profile", constrained(config.profile));
  set_if(o, "level", config.level);
  o["rc_mode"] = constant_rate(config) ? "CBR" : "VBR";
  o["idr_interval"] = "0";  // every I picture is an IDR
  if (config.low_delay) o["async_depth"] = "1";
}

void setup_qsv(const VideoEncoderConfig& config, EncoderSetup& setup) {
  Options& o = setup.options;
  setup.input = PictureInput::nv12;
  set_if(o, "preset", config.preset);
  set_if(o, "profile", config.profile);
  setup.level_number = level_number(config.level);
  o["forced_idr"] = "1";
  o["idr_interval"] = config.codec == Codec::hevc ? "1" : "0";  // each encoder counts from its own end
  if (config.codec == Codec::h264) {
    o["look_ahead"] = "0";
    o["adaptive_i"] = "0";  // no I pictures off the grid
  }
  if (config.low_delay) {
    o["async_depth"] = "1";
    o["low_delay_brc"] = "1";
  }
}

void setup_videotoolbox(const VideoEncoderConfig& config, EncoderSetup& setup) {
  Options& o = setup.options;
  set_if(o, "profile", config.profile);
  set_if(o, "level", config.level);
  o["realtime"] = "1";
  o["allow_sw"] = "0";  // software has better encoders here
}

void setup_amf(const VideoEncoderConfig& config, EncoderSetup& setup) {
  Options& o = setup.options;
  o["usage"] = config.low_delay ? "ultralowlatency" : "transcoding";
  set_if(o, "quality", config.preset);
  set_if(o, "profile", constrained(config.profile));
  set_if(o, "level", config.level);
  o["rc"] = constant_rate(config) ? "cbr" : "vbr_peak";
  o["header_insertion_mode"] = "none";
}

}  // namespace

int level_number(const std::string& level) {
  int major = 0;
  int minor = 0;
  const char* end = level.data() + level.size();
  auto [at, error] = std::from_chars(level.data(), end, major);
  if (error != std::errc{} || major < 1 || major > 9) return 0;
  if (at == end) return major * 10;
  if (*at != '.') return 0;
  const auto tail = std::from_chars(at + 1, end, minor);
  if (tail.ec != std::errc{} || tail.ptr != end || minor < 0 || minor > 9) return 0;
  return major * 10 + minor;
}

Result<EncoderSetup> encoder_setup(const VideoEncoderConfig& config, const std::string& encoder) {
  for (const char* reserved : kReserved) {
    if (config.options.contains(reserved)) {
      return make_error(Errc::invalid,
                        "option \"{}\" cannot be passed to the encoder: it follows from the rendition's own fields "
                        "(kbps, vbv_ms, keyint_s, bframes, threads, profile, level)",
                        reserved);
    }
  }
  EncoderSetup setup;
  setup.options = config.options;
  if (encoder == "libx264") {
    setup_x264(config, setup);
  } else if (encoder == "libx265") {
    setup_x265(config, setup);
  } else if (encoder == "libsvtav1") {
    setup_svtav1(config, setup);
  } else if (ends_with(encoder, "_nvenc")) {
    setup_nvenc(config, setup);
  } else if (ends_with(encoder, "_vaapi")) {
    setup_vaapi(config, setup);
  } else if (ends_with(encoder, "_qsv")) {
    setup_qsv(config, setup);
  } else if (ends_with(encoder, "_videotoolbox")) {
    setup_videotoolbox(config, setup);
  } else if (ends_with(encoder, "_amf")) {
    setup_amf(config, setup);
  }
  return setup;
}

}  // namespace mainstay::ffi
