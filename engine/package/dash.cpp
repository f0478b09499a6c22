#include "engine/package/dash.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace mainstay::package {

namespace {

constexpr std::int64_t kSecond = 1'000'000;
constexpr int kHoldBackTargets = 3;

/// xs:duration
std::string duration(std::int64_t us) {
  return fmt::format("PT{}.{:06}S", us / kSecond, us % kSecond);
}

/// Whole segments of one rendition within one period.
struct Run {
  const DashRendition* of = nullptr;
  std::vector<const Segment*> segments;
};

// By the number of the segment that each period begins with.
std::map<std::int64_t, std::vector<Run>> periods_of(const DashManifest& manifest) {
  std::map<std::int64_t, std::vector<Run>> periods;
  std::int64_t first = -1;
  for (const DashRendition& rendition : manifest.renditions) {
    for (const Segment& segment : *rendition.segments) {
      if (segment.whole() && (first < 0 || segment.msn < first)) first = segment.msn;
      if (segment.whole() && segment.discontinuity) periods[segment.msn];
    }
  }
  if (first < 0) return periods;
  periods[first];
  for (const DashRendition& rendition : manifest.renditions) {
    for (const Segment& segment : *rendition.segments) {
      if (!segment.whole()) continue;  // gaps too, or later ones would be counted wrongly
      auto period = std::prev(periods.upper_bound(segment.msn));
      if (period->second.empty() || period->second.back().of != &rendition) period->second.push_back({&rendition, {}});
      period->second.back().segments.push_back(&segment);
    }
  }
  return periods;
}

class Writer {
 public:
  explicit Writer(const DashManifest& manifest) : manifest_(manifest) {}

  PlaylistText write() {
    const auto periods = periods_of(manifest_);
    const Segment* newest = nullptr;
    std::int64_t begin_us = 0;
    for (const auto& [msn, runs] : periods) {
      for (const Run& run : runs) {
        if (newest == nullptr || run.segments.back()->msn >= newest->msn) newest = run.segments.back();
      }
    }
    if (newest == nullptr) return {};
    // Periods stand on the program's own time, so the epoch is when that was zero.
    const UtcInstant epoch = newest->date - Micros(newest->begin_us);
    head(epoch, newest->begin_us + newest->duration_us);
    for (const auto& [msn, runs] : periods) {
      if (runs.empty()) continue;
      begin_us = runs.front().segments.front()->begin_us;
      line("  <Period id=\"{}\" start=\"{}\">", msn, duration(begin_us));
      sets(runs, MediaKind::video, begin_us);
      sets(runs, MediaKind::audio, begin_us);
      line("  </Period>");
    }
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

  void head(UtcInstant epoch, std::int64_t end_us) {
    line("<?xml version=\"1.0\" encoding=\"utf-8\"?>");
    const std::string target = duration(manifest_.target_duration_s * kSecond);
    const std::string common = fmt::format(
        "<MPD xmlns=\"urn:mpeg:dash:schema:mpd:2011\" profiles=\"urn:mpeg:dash:profile:isoff-live:2011,"
        "urn:mpeg:dash:profile:cmaf:2019\" minBufferTime=\"{}\" maxSegmentDuration=\"{}\"",
        target, target);
    if (manifest_.ended) {
      line("{} type=\"static\" mediaPresentationDuration=\"{}\">", common, duration(end_us));
      return;
    }
    line(
        "{} type=\"dynamic\" availabilityStartTime=\"{}\" publishTime=\"{}\" minimumUpdatePeriod=\"{}\" "
        "timeShiftBufferDepth=\"{}\" suggestedPresentationDelay=\"{}\">",
        common, utc_text(epoch), utc_text(manifest_.now), target, duration(manifest_.window_s * kSecond),
        duration(kHoldBackTargets * manifest_.target_duration_s * kSecond));
    put("  <UTCTiming schemeIdUri=\"urn:mpeg:dash:utc:http-head:2014\"");
    uri("value", "index.m3u8");
    line("/>");
  }

  void sets(const std::vector<Run>& runs, MediaKind kind, std::int64_t period_us) {
    const bool video = kind == MediaKind::video;
    bool open = false;
    for (const Run& run : runs) {
      if (run.of->stream->kind != kind) continue;
      // Pictures of all sizes are alternatives; each sound is its own.
      if (!open || !video) {
        if (open) line("    </AdaptationSet>");
        line(
            "    <AdaptationSet id=\"{}\" contentType=\"{}\" mimeType=\"{}\" segmentAlignment=\"true\" "
            "startWithSAP=\"1\">",
            run.of->name, video ? "video" : "audio", video ? "video/mp4" : "audio/mp4");
        open = true;
      }
      representation(run, period_us);
    }
    if (open) line("    </AdaptationSet>");
  }

  void representation(const Run& run, std::int64_t period_us) {
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
    const Segment& first = *run.segments.front();
    put("        <SegmentTemplate timescale=\"{}\" presentationTimeOffset=\"{}\" startNumber=\"{}\"", kSecond,
        period_us, first.msn);
    uri("initialization", run.of->name + "/" + first.map);
    uri("media", run.of->name + "/s$Number$.m4s");
    line(">");
    line("          <SegmentTimeline>");
    for (const Segment* segment : run.segments)
      line("            <S t=\"{}\" d=\"{}\"/>", segment->begin_us, segment->duration_us);
    line("          </SegmentTimeline>");
    line("        </SegmentTemplate>");
    line("      </Representation>");
  }

  const DashManifest& manifest_;
  PlaylistText out_;
};

}  // namespace

PlaylistText dash_manifest(const DashManifest& manifest) {
  return Writer(manifest).write();
}

}  // namespace mainstay::package
