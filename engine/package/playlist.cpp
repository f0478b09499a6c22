#include "engine/package/playlist.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace mainstay::package {

namespace {

constexpr std::int64_t kSecond = 1'000'000;
constexpr std::int64_t kHoldBackTargets = 3;  // HOLD-BACK (4.4.3.8), and how far back parts are listed (6.2.2)
constexpr std::size_t kLine = 100;            // a segment's, about; and what else there is
constexpr std::size_t kRoom = 8 * 1024;
constexpr std::size_t kRoomForParts = 128;
constexpr std::int64_t kSkipTargets = 6;  // CAN-SKIP-UNTIL (4.4.3.8)

/// Microseconds as decimal seconds.
std::string decimal(std::int64_t us) {
  return fmt::format("{}.{:06}", us / kSecond, us % kSecond);
}

std::string date_line(const Segment& segment) {
  return fmt::format("#EXT-X-PROGRAM-DATE-TIME:{}\n", utc_text(segment.date));
}

std::string length_line(const Segment& segment) {
  return fmt::format("#EXTINF:{},\n", decimal(segment.duration_us));
}

class Writer {
 public:
  void reserve(std::size_t segments, std::size_t bytes) {
    out_.text.reserve(bytes);
    out_.uri_ends.reserve(segments);
  }
  /// With its end.
  void put_line(const std::string& line) { out_.text += line; }
  template <class... Args>
  void line(fmt::format_string<Args...> format, Args&&... args) {
    fmt::format_to(std::back_inserter(out_.text), format, std::forward<Args>(args)...);
    out_.text += '\n';
  }
  /// The start of a line.
  template <class... Args>
  void put(fmt::format_string<Args...> format, Args&&... args) {
    fmt::format_to(std::back_inserter(out_.text), format, std::forward<Args>(args)...);
  }
  void uri(const std::string& text) {
    out_.text += text;
    out_.uri_ends.push_back(static_cast<std::uint32_t>(out_.text.size()));
  }
  void quoted_uri(const std::string& text) {
    out_.text += "URI=\"";
    uri(text);
    out_.text += '"';
  }
  void end() { out_.text += '\n'; }
  PlaylistText take() && { return std::move(out_); }

 private:
  PlaylistText out_;
};

/// What comes before the first part of a segment, or before the segment.
class Headers {
 public:
  void write(Writer& writer, const Segment& segment) {
    if (segment.discontinuity) writer.line("#EXT-X-DISCONTINUITY");
    if (!segment.map.empty() && segment.map != map_) {
      // In front of the key: initialisation segments are not encrypted.
      if (!key_.empty()) {
        writer.line("#EXT-X-KEY:METHOD=NONE");
        key_.clear();
      }
      writer.put("#EXT-X-MAP:");
      writer.quoted_uri(segment.map);
      writer.end();
      map_ = segment.map;
    }
    if (segment.key != key_ && segment.key.empty()) {
      writer.line("#EXT-X-KEY:METHOD=NONE");
      key_.clear();
    } else if (segment.key != key_) {
      writer.put("#EXT-X-KEY:METHOD=AES-128,");
      writer.quoted_uri(segment.key);
      writer.end();
      key_ = segment.key;
    }
    writer.put_line(segment.date_line.empty() ? date_line(segment) : segment.date_line);
  }
  /// What this segment had holds on.
  void follow(const Segment& segment) {
    map_ = segment.map;
    key_ = segment.key;
  }

 private:
  std::string map_;
  std::string key_;
};

// The end of what there is, parts of the open segment included.
std::int64_t end_us(const Segments& segments) {
  if (segments.empty()) return 0;
  const Segment& last = segments.back();
  std::int64_t end = last.begin_us + last.duration_us;
  if (last.whole()) return end;
  for (const Part& part : last.parts) end += part.duration_us;
  return end;
}

std::int64_t first_msn(const MediaPlaylist& playlist) {
  return playlist.from < playlist.segments->size() ? (*playlist.segments)[playlist.from].msn : 0;
}

class MediaWriter {
 public:
  explicit MediaWriter(const MediaPlaylist& playlist) : playlist_(playlist), segments_(*playlist.segments) {}

  PlaylistText write(bool skip) {
    const std::size_t skipped = skip ? count_skipped() : playlist_.from;
    writer_.reserve(segments_.size() - skipped + kRoomForParts, (segments_.size() - skipped) * kLine + kRoom);
    header(skipped > playlist_.from);
    if (skipped > playlist_.from) {
      writer_.line("#EXT-X-SKIP:SKIPPED-SEGMENTS={}", skipped - playlist_.from);
      // What stood before the skipped ones holds on, but their tags are not seen (6.3.7): told again where it changes.
      headers_.follow(segments_[skipped - 1]);
    }
    for (std::size_t i = skipped; i < segments_.size(); ++i) segment(segments_[i]);
    tail();
    return std::move(writer_).take();
  }

 private:
  bool low_latency() const { return playlist_.part_target_us > 0 && !playlist_.is_file; }

  // Whole segments whose end is further from the end of the playlist than the skip boundary.
  std::size_t count_skipped() const {
    const std::int64_t boundary = end_us(segments_) - skip_until_us(playlist_.target_duration_s);
    // From the end: of a day's window, all but a few are skipped.
    std::size_t count = segments_.size();
    while (count > playlist_.from && !(segments_[count - 1].whole() &&
                                       segments_[count - 1].begin_us + segments_[count - 1].duration_us < boundary))
      --count;
    return count;
  }

  void header(bool is_delta) {
    writer_.line("#EXTM3U");
    const bool maps = !segments_.empty() && !segments_.front().map.empty();
    writer_.line("#EXT-X-VERSION:{}", is_delta || low_latency() ? 9 : maps ? 6 : 3);
    writer_.line("#EXT-X-TARGETDURATION:{}", playlist_.target_duration_s);
    if (low_latency()) {
      writer_.line("#EXT-X-PART-INF:PART-TARGET={}", decimal(playlist_.part_target_us));
      writer_.line("#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,CAN-SKIP-UNTIL={},HOLD-BACK={},PART-HOLD-BACK={}",
                   decimal(skip_until_us(playlist_.target_duration_s)),
                   decimal(kHoldBackTargets * playlist_.target_duration_s * kSecond),
                   decimal(playlist_.part_hold_back_us));
    } else if (playlist_.is_file) {
      writer_.line("#EXT-X-SERVER-CONTROL:HOLD-BACK={}",
                   decimal(kHoldBackTargets * playlist_.target_duration_s * kSecond));
    } else {
      writer_.line("#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,CAN-SKIP-UNTIL={},HOLD-BACK={}",
                   decimal(skip_until_us(playlist_.target_duration_s)),
                   decimal(kHoldBackTargets * playlist_.target_duration_s * kSecond));
    }
    writer_.line("#EXT-X-MEDIA-SEQUENCE:{}", first_msn(playlist_));
    writer_.line("#EXT-X-DISCONTINUITY-SEQUENCE:{}", playlist_.discontinuity_sequence);
    writer_.line("#EXT-X-INDEPENDENT-SEGMENTS");
  }

  void parts(const Segment& segment) {
    for (const Part& part : segment.parts) {
      writer_.put("#EXT-X-PART:DURATION={},", decimal(part.duration_us));
      writer_.quoted_uri(part.uri);
      if (part.independent) writer_.put(",INDEPENDENT=YES");
      if (!part.item) writer_.put(",GAP=YES");
      writer_.end();
    }
  }

  void segment(const Segment& segment) {
    if (!segment.whole() && (!low_latency() || segment.parts.empty())) return;
    headers_.write(writer_, segment);
    const std::int64_t parts_from = end_us(segments_) - kHoldBackTargets * playlist_.target_duration_s * kSecond;
    if (low_latency() && !playlist_.ended && segment.lists_parts &&
        segment.begin_us + segment.duration_us >= parts_from)
      parts(segment);
    if (!segment.whole()) return;
    if (segment.gap) writer_.line("#EXT-X-GAP");
    writer_.put_line(segment.length_line.empty() ? length_line(segment) : segment.length_line);
    writer_.uri(segment.uri);
    writer_.end();
  }

  void tail() {
    if (playlist_.ended) {
      writer_.line("#EXT-X-ENDLIST");
      return;
    }
    if (!low_latency() || segments_.empty()) return;
    const Segment& last = segments_.back();
    writer_.put("#EXT-X-PRELOAD-HINT:TYPE=PART,");
    writer_.quoted_uri(last.whole() ? part_uri(last.msn + 1, 0)
                                    : part_uri(last.msn, static_cast<std::int64_t>(last.parts.size())));
    writer_.end();
    for (const RenditionReport& report : playlist_.reports) {
      writer_.put("#EXT-X-RENDITION-REPORT:");
      writer_.quoted_uri(report.uri);
      writer_.put(",LAST-MSN={}", report.last_msn);
      if (report.last_part) writer_.put(",LAST-PART={}", *report.last_part);
      writer_.end();
    }
  }

  const MediaPlaylist& playlist_;
  const Segments& segments_;
  Writer writer_;
  Headers headers_;
};

std::string joined_codecs(const std::string& video, const std::vector<AudioRendition>& audio) {
  std::string text = video;
  std::set<std::string> seen;
  for (const AudioRendition& one : audio) {
    if (!seen.insert(one.codecs).second) continue;
    if (!text.empty()) text += ',';
    text += one.codecs;
  }
  return text;
}

}  // namespace

std::string utc_text(UtcInstant at) {
  const auto ms = std::chrono::floor<Millis>(at.time_since_epoch());
  const auto days = std::chrono::floor<std::chrono::days>(ms);
  const std::chrono::year_month_day date{std::chrono::sys_days{days}};
  const auto rest = ms - days;
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     rest / std::chrono::hours(1), rest / std::chrono::minutes(1) % 60, rest / Seconds(1) % 60,
                     rest / Millis(1) % 1000);
}

std::string part_uri(std::int64_t msn, std::int64_t part) {
  return fmt::format("s{}.p{}.m4s", msn, part);
}

std::string segment_uri(std::int64_t msn, bool transport_stream) {
  return fmt::format("s{}.{}", msn, transport_stream ? "ts" : "m4s");
}

std::int64_t skip_until_us(std::int64_t target_duration_s) {
  return kSkipTargets * target_duration_s * kSecond;
}

void note_lines(Segment& segment) {
  if (segment.date_line.empty()) segment.date_line = date_line(segment);
  if (segment.whole()) segment.length_line = length_line(segment);
}

PlaylistText media_playlist(const MediaPlaylist& playlist, bool skip) {
  return MediaWriter(playlist).write(skip);
}

PlaylistText iframe_playlist(const MediaPlaylist& playlist) {
  const Segments& segments = *playlist.segments;
  Writer writer;
  writer.line("#EXTM3U");
  writer.line("#EXT-X-VERSION:6");
  writer.line("#EXT-X-TARGETDURATION:{}", playlist.target_duration_s);
  writer.line("#EXT-X-MEDIA-SEQUENCE:{}", first_msn(playlist));
  writer.line("#EXT-X-DISCONTINUITY-SEQUENCE:{}", playlist.discontinuity_sequence);
  writer.line("#EXT-X-I-FRAMES-ONLY");
  Headers headers;
  for (std::size_t i = playlist.from; i < segments.size(); ++i) {
    const Segment& segment = segments[i];
    if (!segment.whole()) continue;
    headers.write(writer, segment);
    // On disk alone, it has no item here.
    if (segment.gap || (!segment.key_picture && !segment.stored)) writer.line("#EXT-X-GAP");
    writer.put_line(segment.length_line.empty() ? length_line(segment) : segment.length_line);
    writer.uri(segment.key_picture_uri);
    writer.end();
  }
  if (playlist.ended) writer.line("#EXT-X-ENDLIST");
  return std::move(writer).take();
}

PlaylistText multivariant_playlist(const std::vector<VideoVariant>& video, const std::vector<AudioRendition>& audio,
                                   bool audio_only) {
  Writer writer;
  writer.line("#EXTM3U");
  writer.line("#EXT-X-VERSION:6");
  writer.line("#EXT-X-INDEPENDENT-SEGMENTS");
  std::int64_t audio_peak = 0;
  std::int64_t audio_average = 0;
  for (std::size_t i = 0; i < audio.size(); ++i) {
    writer.put("#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"audio\",NAME=\"{}\",DEFAULT={},AUTOSELECT=YES,CHANNELS=\"{}\",",
               audio[i].name, i == 0 ? "YES" : "NO", audio[i].channels);
    writer.quoted_uri(audio[i].uri);
    writer.end();
    audio_peak = std::max(audio_peak, audio[i].peak_bps);
    audio_average = std::max(audio_average, audio[i].average_bps);
  }
  const char* group = audio.empty() ? "" : ",AUDIO=\"audio\"";
  for (const VideoVariant& one : video) {
    writer.line(
        "#EXT-X-STREAM-INF:BANDWIDTH={},AVERAGE-BANDWIDTH={},CODECS=\"{}\",RESOLUTION={}x{},FRAME-RATE={:.3f},"
        "VIDEO-RANGE=SDR,CLOSED-CAPTIONS=NONE{}",
        one.peak_bps + audio_peak, one.average_bps + audio_average, joined_codecs(one.codecs, audio), one.width,
        one.height, one.rate.fps(), group);
    writer.uri(one.uri);
    writer.end();
  }
  if (audio_only && !audio.empty()) {
    writer.line("#EXT-X-STREAM-INF:BANDWIDTH={},AVERAGE-BANDWIDTH={},CODECS=\"{}\",CLOSED-CAPTIONS=NONE{}", audio_peak,
                audio_average, joined_codecs({}, audio), group);
    writer.uri(audio.front().uri);
    writer.end();
  }
  for (const VideoVariant& one : video) {
    if (one.iframes_uri.empty()) continue;
    writer.put("#EXT-X-I-FRAME-STREAM-INF:BANDWIDTH={},CODECS=\"{}\",RESOLUTION={}x{},VIDEO-RANGE=SDR,",
               std::max<std::int64_t>(one.iframe_bps, 1), one.codecs, one.width, one.height);
    writer.quoted_uri(one.iframes_uri);
    writer.end();
  }
  return std::move(writer).take();
}

}  // namespace mainstay::package
