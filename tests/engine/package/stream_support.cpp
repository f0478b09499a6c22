#include "tests/engine/package/stream_support.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <regex>

#include "engine/ffi/av/audio_encoder.h"
#include "engine/ffi/av/av_init.h"
#include "engine/ffi/av/video_encoder.h"

namespace mainstay::package::testing {

namespace {

constexpr int kWidth = 96;
constexpr int kHeight = 54;

FramePtr picture(std::int64_t n) {
  WritableFrame frame = WritableFrame::make(kWidth, kHeight);
  frame.fill(static_cast<std::uint8_t>(40 + n % 160), 120, 136);
  for (int x = 0; x < 8; ++x) frame.planes[0][(n % kHeight) * frame.strides[0] + x] = 220;
  return std::move(frame).freeze();
}

PacketPtr shifted(const PacketPtr& packet, std::int64_t ticks) {
  auto copy = std::make_shared<Packet>(*packet);
  copy->pts += ticks;
  copy->dts += ticks;
  return copy;
}

std::vector<PacketPtr> encode_pictures(const EncodeOf& what) {
  be_quiet();
  ffi::VideoEncoderConfig config;
  config.name = what.video_name;
  config.codec = what.video;
  config.width = kWidth;
  config.height = kHeight;
  config.rate = what.rate;
  config.kbps = what.kbps;
  config.vbv_kbits = what.kbps;
  config.gop = what.gop;
  config.bframes = what.bframes;
  config.preset = "veryfast";
  config.threads = 1;
  auto encoder = ffi::VideoEncoder::open(config);
  std::vector<PacketPtr> packets;
  if (!encoder) {
    ADD_FAILURE() << encoder.error().describe();
    return packets;
  }
  const auto collect = [&] {
    while (auto packet = (*encoder)->receive()) packets.push_back(*packet);
  };
  for (int i = 0; i < what.gop; ++i) {
    EXPECT_TRUE((*encoder)->send(*picture(i), what.first + i, i == 0));
    collect();
  }
  EXPECT_TRUE((*encoder)->drain());
  collect();
  return packets;
}

std::vector<PacketPtr> encode_sound(const EncodeOf& what) {
  ffi::AudioEncoderConfig config;
  config.name = what.audio_name;
  config.codec = what.audio;
  config.kbps = 64;
  auto encoder = ffi::AudioEncoder::open(config);
  std::vector<PacketPtr> packets;
  if (!encoder) {
    ADD_FAILURE() << encoder.error().describe();
    return packets;
  }
  const std::int64_t first = what.rate.first_sample(what.first);
  for (int i = 0; i < 50; ++i) {
    AudioBlock block(2, 960);
    EXPECT_TRUE((*encoder)->send(block, first + std::int64_t{i} * 960));
    while (auto packet = (*encoder)->receive()) packets.push_back(*packet);
  }
  return packets;
}

std::int64_t number(std::string_view text) {
  std::int64_t value = -1;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

double decimal(std::string_view text) {
  return std::strtod(std::string(text).c_str(), nullptr);
}

// NAME=VALUE,NAME="VALUE",…
std::map<std::string, std::string> attributes(std::string_view text) {
  std::map<std::string, std::string> out;
  while (!text.empty()) {
    const std::size_t equals = text.find('=');
    if (equals == std::string_view::npos) break;
    const std::string name(text.substr(0, equals));
    text.remove_prefix(equals + 1);
    std::size_t end = 0;
    if (text.starts_with('"')) {
      end = text.find('"', 1);
      out[name] = std::string(text.substr(1, end - 1));
      text.remove_prefix(std::min(end + 1, text.size()));
    } else {
      end = std::min(text.find(','), text.size());
      out[name] = std::string(text.substr(0, end));
      text.remove_prefix(end);
    }
    if (text.starts_with(',')) text.remove_prefix(1);
  }
  return out;
}

class Reading {
 public:
  void line(std::string_view line) {
    if (line.empty()) return;
    if (line.front() != '#') return segment_end(line);
    const std::size_t colon = line.find(':');
    const std::string_view tag = line.substr(0, colon);
    const std::string_view value = colon == std::string_view::npos ? std::string_view() : line.substr(colon + 1);
    if (!head(tag, value)) body(tag, value);
  }
  ReadPlaylist take() {
    if (touched_) out_.segments.push_back(now_);
    std::int64_t msn = out_.media_sequence + out_.skipped;
    for (ReadSegment& segment : out_.segments) segment.msn = msn++;
    return std::move(out_);
  }

 private:
  bool head(std::string_view tag, std::string_view value) {
    if (tag == "#EXT-X-VERSION") {
      out_.version = static_cast<int>(number(value));
    } else if (tag == "#EXT-X-TARGETDURATION") {
      out_.target_duration = static_cast<int>(number(value));
    } else if (tag == "#EXT-X-PART-INF") {
      out_.part_target = decimal(attributes(value)["PART-TARGET"]);
    } else if (tag == "#EXT-X-SERVER-CONTROL") {
      auto control = attributes(value);
      out_.can_block = control["CAN-BLOCK-RELOAD"] == "YES";
      out_.can_skip_until = decimal(control["CAN-SKIP-UNTIL"]);
      out_.hold_back = decimal(control["HOLD-BACK"]);
      out_.part_hold_back = decimal(control["PART-HOLD-BACK"]);
    } else if (tag == "#EXT-X-MEDIA-SEQUENCE") {
      out_.media_sequence = number(value);
    } else if (tag == "#EXT-X-DISCONTINUITY-SEQUENCE") {
      out_.discontinuity_sequence = number(value);
    } else if (tag == "#EXT-X-SKIP") {
      out_.skipped = number(attributes(value)["SKIPPED-SEGMENTS"]);
    } else {
      return false;
    }
    return true;
  }

  void body(std::string_view tag, std::string_view value) {
    auto of = attributes(value);
    if (tag == "#EXTINF") {
      now_.duration = decimal(value);
    } else if (tag == "#EXT-X-DISCONTINUITY") {
      now_.discontinuity = true;
    } else if (tag == "#EXT-X-PROGRAM-DATE-TIME") {
      now_.date = std::string(value);
    } else if (tag == "#EXT-X-MAP") {
      now_.map = of["URI"];
      now_.map_key = now_.key;
    } else if (tag == "#EXT-X-KEY") {
      now_.key = of["URI"];
    } else if (tag == "#EXT-X-GAP") {
      now_.gap = true;
    } else if (tag == "#EXT-X-PART") {
      now_.parts.push_back({of["URI"], decimal(of["DURATION"]), of["INDEPENDENT"] == "YES", of["GAP"] == "YES"});
    } else if (tag == "#EXT-X-PRELOAD-HINT") {
      out_.hint = of["URI"];
      return;
    } else if (tag == "#EXT-X-RENDITION-REPORT") {
      out_.reports[of["URI"]] = {number(of["LAST-MSN"]), of.contains("LAST-PART") ? number(of["LAST-PART"]) : -1};
      return;
    } else if (tag == "#EXT-X-ENDLIST") {
      out_.ended = true;
      return;
    } else {
      return;
    }
    touched_ = true;
  }

  void segment_end(std::string_view uri) {
    now_.uri = std::string(uri);
    out_.segments.push_back(now_);
    ReadSegment next;
    next.map = now_.map;
    next.map_key = now_.map_key;
    next.key = now_.key;
    now_ = std::move(next);
    touched_ = false;
  }

  ReadPlaylist out_;
  ReadSegment now_;
  bool touched_ = false;
};

}  // namespace

void be_quiet() {
  static SteadyClock clock;
  static Log log{{.level = LogLevel::off}};
  static const ffi::AvInit av(log, clock);
}

LongStream::LongStream(EncodeOf what)
    : what_(std::move(what)), pictures_(encode_pictures(what_)), sound_(encode_sound(what_)) {}

std::vector<PacketPtr> LongStream::packets(std::int64_t frames) const {
  std::vector<PacketPtr> pictures;
  for (std::int64_t at = 0; at < frames; at += what_.gop) {
    for (const PacketPtr& packet : pictures_) {
      if (packet->pts - what_.first + at < frames) pictures.push_back(shifted(packet, at));
    }
  }
  std::vector<PacketPtr> sound;
  if (!sound_.empty()) {
    const std::int64_t step = sound_.front()->duration;
    const std::int64_t end = what_.rate.first_sample(what_.first + frames);
    std::int64_t pts = sound_.front()->pts;
    for (std::size_t i = 0; pts < end; ++i, pts += step) {
      // The first packets of an encode hold its priming; the others repeat.
      const PacketPtr& packet = sound_[i < sound_.size() ? i : 4 + (i - 4) % (sound_.size() - 4)];
      sound.push_back(shifted(packet, pts - packet->pts));
    }
  }
  return in_decode_order(std::move(pictures), sound);
}

std::vector<PacketPtr> in_decode_order(std::vector<PacketPtr> a, const std::vector<PacketPtr>& b) {
  a.insert(a.end(), b.begin(), b.end());
  std::stable_sort(a.begin(), a.end(),
                   [](const PacketPtr& x, const PacketPtr& y) { return x->decode_time() < y->decode_time(); });
  return a;
}

AssemblyOptions options_for(const EncodeOf& what, std::int64_t segment_frames, std::int64_t part_frames) {
  AssemblyOptions options;
  options.timeline = {what.rate, what.first, segment_frames, part_frames};
  options.renditions = {{what.video_name, MediaKind::video}, {what.audio_name, MediaKind::audio}};
  return options;
}

double ReadPlaylist::listed() const {
  double sum = 0;
  for (const ReadSegment& segment : segments) sum += segment.uri.empty() ? 0 : segment.duration;
  return sum;
}

ReadPlaylist read_playlist(std::string_view text) {
  Reading reading;
  const std::string whole(text);
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    reading.line(text.substr(at, end - at));
    at = end + 1;
  }
  ReadPlaylist playlist = reading.take();
  playlist.text = whole;
  return playlist;
}

ReadPlaylist playlist_of(const Shelf& shelf, const std::string& rendition) {
  const ItemPtr item = shelf.find(rendition + "/index.m3u8");
  if (!item) {
    ADD_FAILURE() << "no playlist of " << rendition;
    return {};
  }
  return read_playlist(item->bytes);
}

std::vector<std::string> captured(const std::string& text, const char* pattern) {
  const std::regex wanted(pattern);
  std::vector<std::string> found;
  for (std::sregex_iterator at(text.begin(), text.end(), wanted), end; at != end; ++at) found.push_back((*at)[1]);
  return found;
}

std::vector<std::string> breaches_of(const ReadPlaylist& playlist) {
  std::vector<std::string> found;
  const auto must = [&](bool holds, std::string what) {
    if (!holds) found.push_back(std::move(what));
  };
  const double last_three = 3.0 * playlist.target_duration;
  must(playlist.text.starts_with("#EXTM3U\n"), "#EXTM3U comes first");
  must(playlist.target_duration > 0, "TARGETDURATION is there");
  must(playlist.text.find("#EXT-X-DISCONTINUITY-SEQUENCE:") != std::string::npos, "DISCONTINUITY-SEQUENCE is there");
  must(playlist.hold_back >= last_three, "HOLD-BACK is three target durations at least");
  must(playlist.can_skip_until >= 6.0 * playlist.target_duration, "CAN-SKIP-UNTIL is six target durations at least");
  must(playlist.skipped == 0 || playlist.version >= 9, "SKIP needs version 9");
  const bool parts = playlist.part_target > 0;
  if (parts) {
    must(playlist.part_hold_back >= 3 * playlist.part_target - 1e-9, "PART-HOLD-BACK is three part targets at least");
    must(playlist.can_block, "parts need CAN-BLOCK-RELOAD");
    must(playlist.ended == playlist.hint.empty(), "a hint, but none after the end");
  }
  double from_end = 0;
  for (auto segment = playlist.segments.rbegin(); segment != playlist.segments.rend(); ++segment) {
    const bool whole = !segment->uri.empty();
    must(!whole || std::lround(segment->duration) <= playlist.target_duration,
         fmt::format("EXTINF {} of {} is more than the target duration", segment->duration, segment->uri));
    must(!segment->date.empty(), fmt::format("segment {} has a date", segment->msn));
    must(!segment->map.empty(), fmt::format("segment {} has an initialisation segment", segment->msn));
    must(segment->map_key.empty(), fmt::format("{} is in the clear, and so has no key", segment->map));
    double sum = 0;
    for (std::size_t i = 0; i < segment->parts.size(); ++i) {
      const ReadPart& part = segment->parts[i];
      sum += part.duration;
      const bool last = whole && i + 1 == segment->parts.size();
      const bool before_gap = i + 1 < segment->parts.size() && segment->parts[i + 1].gap;
      must(part.duration <= playlist.part_target + 1e-9, fmt::format("part {} is longer than the target", part.uri));
      must(part.duration >= 0.85 * playlist.part_target - 1e-9 || last || part.independent || part.gap || before_gap,
           fmt::format("part {} of {} s is too short", part.uri, part.duration));
    }
    if (whole && !segment->parts.empty()) {
      must(std::abs(sum - segment->duration) < 1e-6,
           fmt::format("parts of {} add up to {}, not {}", segment->uri, sum, segment->duration));
    }
    if (parts && !playlist.ended && from_end <= last_three)
      must(!segment->parts.empty(), fmt::format("segment {} near the end has its parts", segment->msn));
    from_end += whole ? segment->duration : sum;
  }
  return found;
}

}  // namespace mainstay::package::testing
