#include "engine/package/dash.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace mainstay::package {

namespace {

constexpr std::int64_t kSecond = 1'000'000;
constexpr int kHoldBackTargets = 3;
constexpr int kPartsBehind = 3;  // as PART-HOLD-BACK

/// xs:duration
std::string duration(std::int64_t us) {
  us = std::max<std::int64_t>(us, 0);
  return fmt::format("PT{}.{:06}S", us / kSecond, us % kSecond);
}

/// Segments of one rendition within one period.
struct Run {
  const DashRendition* of = nullptr;
  std::vector<const Segment*> segments;
};

class Writer {
 public:
  explicit Writer(const DashManifest& manifest) : manifest_(manifest) {}

  PlaylistText write() {
    std::int64_t end_us = -1;
    for (const DashRendition& rendition : manifest_.renditions) {
      for (const Segment& segment : *rendition.segments) {
        if (segment.whole()) end_us = std::max(end_us, segment.begin_us + segment.duration_us);
      }
    }
    if (end_us < 0 || manifest_.periods.empty()) return {};
    head(end_us);
    for (std::size_t i = 0; i < manifest_.periods.size(); ++i) period(i);
    line("</MPD>");
    return std::move(out_);
  }

 private:
  template <class... Args>
  void line(fmt::format_string<Args...> format, Args&&... args) {
    put(format, std::forward<Args>(args)...);
    out_.text += '\n';
  }
  template <class... Args>
  void put(fmt::format_string<Args...> format, Args&&... args) {
    fmt::format_to(std::back_inserter(out_.text), format, std::forward<Args>(args)...);
  }
  /// An attribute that is an address.
  void uri(const char* attribute, const std::string& text) {
    put(" {}=\"{}", attribute, text);
    out_.uri_ends.push_back(static_cast<std::uint32_t>(out_.text.size()));
    put("\"");
  }

  bool low_latency() const { return manifest_.part_target_us > 0 && !manifest_.ended; }

  void head(std::int64_t end_us) {
    line("<?xml version=\"1.0\" encoding=\"utf-8\"?>");
    const std::string target = duration(manifest_.target_duration_s * kSecond);
    const std::string common = fmt::format(
        "<MPD xmlns=\"urn:mpeg:dash:schema:mpd:2011\" profiles=\"urn:mpeg:dash:profile:isoff-live:2011,"
        "urn:mpeg:dash:profile:cmaf:2019\" minBufferTime=\"{}\" maxSegmentDuration=\"{}\"",
        low_latency() ? duration(manifest_.part_target_us) : target, target);
    if (manifest_.ended) {
      line("{} type=\"static\" mediaPresentationDuration=\"{}\">", common, duration(end_us - manifest_.origin_us));
      return;
    }
    // Segments are promised from the moment they are here: as much later than their dates as the stream takes.
    const UtcInstant start = manifest_.epoch + Micros(manifest_.origin_us + manifest_.lag_us);
    line(
        "{} type=\"dynamic\" availabilityStartTime=\"{}\" publishTime=\"{}\" minimumUpdatePeriod=\"{}\" "
        "timeShiftBufferDepth=\"{}\" suggestedPresentationDelay=\"{}\">",
        common, utc_text(start), utc_text(manifest_.now), target, duration(manifest_.window_s * kSecond),
        duration(kHoldBackTargets * manifest_.target_duration_s * kSecond));
    if (low_latency()) {
      const std::int64_t behind_ms = (kPartsBehind * manifest_.part_target_us + manifest_.lag_us + 999) / 1000;
      line("  <ServiceDescription id=\"0\">");
      line("    <Latency referenceId=\"0\" target=\"{}\" max=\"{}\"/>", behind_ms,
           std::max(behind_ms, kHoldBackTargets * manifest_.target_duration_s * 1000));
      line("    <PlaybackRate min=\"0.95\" max=\"1.05\"/>");
      line("  </ServiceDescription>");
    }
  }

  // The schema wants it behind the periods.
  void clock() {
    if (manifest_.ended) return;
    const bool told = !manifest_.clock_uri.empty();
    put("  <UTCTiming schemeIdUri=\"urn:mpeg:dash:utc:{}:2014\"", told ? "http-iso" : "http-head");
    uri("value", told ? manifest_.clock_uri : "index.m3u8");
    line("/>");
  }

  std::vector<Run> runs_of(std::size_t index) const {
    const std::int64_t first = manifest_.periods[index].msn;
    const std::optional<std::int64_t> next =
        index + 1 < manifest_.periods.size() ? std::optional(manifest_.periods[index + 1].msn) : std::nullopt;
    std::vector<Run> runs;
    for (const DashRendition& rendition : manifest_.renditions) {
      Run run{&rendition, {}};
      for (const Segment& segment : *rendition.segments) {
        if (segment.msn < first || (next && segment.msn >= *next)) continue;
        // Gaps are listed too, or later ones would be counted wrongly. What is open is, where it may be asked for.
        if (segment.whole() || (low_latency() && !segment.map.empty())) run.segments.push_back(&segment);
      }
      if (!run.segments.empty()) runs.push_back(std::move(run));
    }
    return runs;
  }

  void period(std::size_t index) {
    const DashPeriod& period = manifest_.periods[index];
    const std::vector<Run> runs = runs_of(index);
    if (!runs.empty()) {
      line("  <Period id=\"{}\" start=\"{}\">", period.msn, duration(period.begin_us - manifest_.origin_us));
      sets(runs, MediaKind::video, period);
      sets(runs, MediaKind::audio, period);
      line("  </Period>");
    }
    if (index + 1 == manifest_.periods.size()) clock();
  }

  void sets(const std::vector<Run>& runs, MediaKind kind, const DashPeriod& period) {
    const bool video = kind == MediaKind::video;
    std::vector<const Run*> sorted;
    for (const Run& run : runs) {
      if (run.of->stream->kind == kind) sorted.push_back(&run);
    }
    // Pictures of all sizes are alternatives, but players change between those of one codec alone; each sound is its
    // own.
    std::stable_sort(sorted.begin(), sorted.end(), [video](const Run* a, const Run* b) {
      return video && a->of->stream->codec < b->of->stream->codec;
    });
    bool open = false;
    Codec codec{};
    for (const Run* one : sorted) {
      const Run& run = *one;
      if (!open || !video || codec != run.of->stream->codec) {
        codec = run.of->stream->codec;
        if (open) line("    </AdaptationSet>");
        line("    <AdaptationSet contentType=\"{}\" mimeType=\"{}\" segmentAlignment=\"true\" startWithSAP=\"1\">",
             video ? "video" : "audio", video ? "video/mp4" : "audio/mp4");
        if (low_latency() && period.moved_us == 0) reference_time(period);
        open = true;
      }
      representation(run, period);
    }
    if (open) line("    </AdaptationSet>");
  }

  // When what is shown at a time of the presentation was on air: the program's own dates.
  void reference_time(const DashPeriod& period) {
    line("      <ProducerReferenceTime id=\"0\" type=\"encoder\" wallClockTime=\"{}\" presentationTime=\"{}\"/>",
         utc_text(manifest_.epoch + Micros(period.begin_us)), offset_of(period));
  }

  /// The period's begin in media time: on the grid of pictures, or as segments tell it.
  static std::int64_t offset_of(const DashPeriod& period) {
    if (period.segment_frames == 0) return period.begin_us - period.moved_us;
    // Rounded down to a microsecond once already.
    return mul_div(period.begin_us + 1, period.ticks_a_second, kSecond * period.frame_ticks) * period.frame_ticks;
  }

  void representation(const Run& run, const DashPeriod& period) {
    const StreamInfo& stream = *run.of->stream;
    const std::string shape =
        stream.kind == MediaKind::video
            ? fmt::format("width=\"{}\" height=\"{}\" frameRate=\"{}\"", stream.width, stream.height, stream.rate.str())
            : fmt::format("audioSamplingRate=\"{}\"", stream.sample_rate);
    line("      <Representation id=\"{}\" codecs=\"{}\" bandwidth=\"{}\" {}>", run.of->name, run.of->codecs,
         std::max<std::int64_t>(run.of->bps, 1), shape);
    if (stream.kind == MediaKind::audio)
      line(
          "        <AudioChannelConfiguration schemeIdUri=\"urn:mpeg:dash:23003:3:audio_channel_configuration:2011\" "
          "value=\"{}\"/>",
          stream.channels);
    if (low_latency() && period.segment_frames > 0) {
      numbered(run, period);
    } else {
      timeline(run, period);
    }
    line("      </Representation>");
  }

  void files(const Run& run) {
    // Another initialisation segment within a period is rare, and then the later one counts: it is where players are.
    uri("initialization", run.of->name + "/" + run.segments.back()->map);
    uri("media", run.of->name + "/s$Number$.m4s");
  }

  // Numbers follow from the time alone, so what is being made is known of without another manifest. A segment may be
  // asked for once its first part is there, and then comes as it is made.
  void numbered(const Run& run, const DashPeriod& period) {
    const std::int64_t ticks = period.segment_frames * period.frame_ticks;
    const std::int64_t segment_us = mul_div(ticks, kSecond, period.ticks_a_second);
    const std::int64_t early_us = std::max<std::int64_t>(0, segment_us - manifest_.part_target_us);
    put("        <SegmentTemplate timescale=\"{}\" duration=\"{}\" presentationTimeOffset=\"{}\" startNumber=\"{}\" "
        "availabilityTimeOffset=\"{}.{:06}\" availabilityTimeComplete=\"false\"",
        period.ticks_a_second, ticks, offset_of(period), period.msn, early_us / kSecond, early_us % kSecond);
    files(run);
    line("/>");
  }

  void timeline(const Run& run, const DashPeriod& period) {
    put("        <SegmentTemplate timescale=\"{}\" presentationTimeOffset=\"{}\" startNumber=\"{}\"", kSecond,
        period.begin_us - period.moved_us, run.segments.front()->msn);
    files(run);
    line(">");
    line("          <SegmentTimeline>");
    for (const Segment* segment : run.segments) {
      if (!segment->whole()) continue;
      line("            <S t=\"{}\" d=\"{}\"/>", segment->begin_us - segment->moved_us, segment->duration_us);
    }
    line("          </SegmentTimeline>");
    line("        </SegmentTemplate>");
  }

  const DashManifest& manifest_;
  PlaylistText out_;
};

}  // namespace

PlaylistText dash_manifest(const DashManifest& manifest) {
  return Writer(manifest).write();
}

}  // namespace mainstay::package
