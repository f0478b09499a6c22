#include "engine/package/assembly.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace mainstay::package {

namespace {

constexpr std::int64_t kSecond = 1'000'000;
constexpr Nanos kPatience = Seconds(6);    // more than the interleaver's own: what it lets pass late is still taken
constexpr std::size_t kLeastSegments = 6;  // Apple's authoring specification
constexpr std::size_t kDatesKept = 64;
constexpr int kSlew = 200;                         // a two-hundredth of the time that passes
constexpr std::int64_t kLongestPacketUs = 45'000;  // of sound: how much longer than the others a segment may be

std::int64_t segment_us(const Timeline& timeline) {
  return mul_div(timeline.segment_frames * timeline.rate.den, kSecond, timeline.rate.num, Rounding::up);
}

std::int64_t part_us(const Timeline& timeline) {
  return mul_div(timeline.part_frames * timeline.rate.den, kSecond, timeline.rate.num, Rounding::up);
}

// The longest part that the track will make.
std::int64_t part_target_us(const Timeline& timeline, const StreamInfo& stream) {
  if (stream.kind == MediaKind::video || stream.frame_samples <= 0) return part_us(timeline);
  const TimeBase base = stream.time_base;
  const std::int64_t packets = timeline.sound_packets(stream.frame_samples, base);
  return mul_div(packets * stream.frame_samples * base.num, kSecond, base.den, Rounding::up);
}

ShelfOptions shelf_options(const AssemblyOptions& options) {
  ShelfOptions shelf;
  const std::int64_t segment = segment_us(options.timeline);
  // EXTINF rounded to the nearest second is at most this (4.4.3.1), also where a last packet of sound sticks out.
  shelf.target_duration_s = std::max<std::int64_t>(1, (segment + kLongestPacketUs + kSecond / 2) / kSecond);
  shelf.part_target_us = options.parts() ? part_us(options.timeline) : 0;
  const auto count = [segment](double s) {
    return static_cast<std::size_t>(std::ceil(s * kSecond / static_cast<double>(segment)));
  };
  shelf.memory_segments = std::max(kLeastSegments, count(options.window_s));
  shelf.window_segments = std::max(shelf.memory_segments, count(options.dvr_s));
  shelf.audio_only = options.audio_only;
  shelf.transport_stream = options.transport_stream;
  shelf.dash = options.dash && !options.encrypted && !options.transport_stream;  // DASH knows no whole files encrypted
  shelf.encrypted = options.encrypted;
  shelf.key_segments = options.key_segments;
  shelf.segment_frames = options.timeline.segment_frames;
  shelf.rate = options.timeline.rate;
  return shelf;
}

}  // namespace

/// One rendition's track, and what comes out of it on its way to the shelf.
class Assembly::Sink final : public TrackSink {
 public:
  Sink(Assembly& owner, RenditionPlan plan) : owner_(owner), plan_(std::move(plan)) { make(std::nullopt); }

  /// A track as the options say now; it goes on where the one before ended.
  void make(std::optional<std::int64_t> next) {
    Track::Options options;
    options.timeline = owner_.options_.timeline;
    options.parts = owner_.options_.parts();
    options.key_pictures = plan_.kind == MediaKind::video;
    options.next = next;
    track_ = owner_.options_.transport_stream ? Track::make_transport_stream(owner_.options_.sound, options, *this)
                                              : Track::make(plan_.kind, options, *this);
  }
  /// The same once the segments before this one are whole.
  void switch_at(std::int64_t segment) { switch_at_ = segment; }
  /// How many packets the track before lost.
  std::int64_t switch_if_due() {
    if (!switch_at_ || track_->next().value_or(*switch_at_) < *switch_at_) return 0;
    switch_at_.reset();
    const std::int64_t lost = track_->lost();
    make(track_->next());
    return lost;
  }
  const RenditionPlan& plan() const { return plan_; }
  Track& track() { return *track_; }
  const Track& track() const { return *track_; }

  void on_init(std::int64_t segment, const StreamInfoPtr& stream, Bytes init) override {
    StreamShelf& shelf = *owner_.shelf_;
    shelf.set_part_target(plan_.name, part_target_us(owner_.options_.timeline, *stream));
    // A track that was made anew for other parts: the stream goes on.
    if (!init.empty() && init == init_) return;
    if (!init.empty()) init_ = init;
    if (has_init_ && stream->kind == plan_.kind) owner_.want_break(segment);
    has_init_ = has_init_ || stream->kind == plan_.kind;
    std::string map = shelf.add_init(plan_.name, owner_.msn_of(segment), stream, std::move(init));
    if (!map.empty()) map_ = std::move(map);
  }
  void on_begin(std::int64_t segment, std::int64_t begin_us) override {
    segment_ = segment;
    begin_us_ = begin_us;
    begun_ = false;
    parts_ = 0;
  }
  void on_part(std::int64_t duration_us, bool independent, Bytes bytes) override {
    begin();
    // For tests/bench/viewers_bench.py, which says how long after this each viewer has it.
    owner_.services_.log.debug("hls", "{}/{} is there at {} ns", plan_.name,
                               part_uri(owner_.msn_of(segment_), parts_++),
                               owner_.services_.clock.now().time_since_epoch().count());
    owner_.shelf_->add_part(plan_.name, duration_us, independent, std::move(bytes));
    owner_.dirty_ = owner_.dirty_ || owner_.options_.parts();
  }
  void on_key_picture(Bytes bytes) override {
    begin();
    owner_.shelf_->add_key_picture(plan_.name, std::move(bytes));
  }
  void on_end(std::int64_t duration_us) override {
    begin();
    owner_.shelf_->end(plan_.name, duration_us);
    owner_.dirty_ = true;
    owner_.ended_one_ = true;
  }

 private:
  // With the first of it: by then its initialisation segment is known.
  void begin() {
    if (std::exchange(begun_, true)) return;
    Segment segment;
    segment.msn = owner_.msn_of(segment_);
    segment.begin_us = begin_us_;
    const Timeline& timeline = owner_.options_.timeline;
    const std::int64_t grid_us = to_micros(timeline.begin(segment_), timeline.rate.time_base());
    segment.date = owner_.date_of(segment_) + Micros(begin_us_ - grid_us);
    segment.discontinuity = owner_.settle(segment_);
    segment.map = map_;
    owner_.shelf_->begin(plan_.name, std::move(segment));
  }

  Assembly& owner_;
  const RenditionPlan plan_;
  std::unique_ptr<Track> track_;
  std::string map_;
  Bytes init_;
  std::optional<std::int64_t> switch_at_;
  bool has_init_ = false;
  bool begun_ = false;
  std::int64_t parts_ = 0;  // of the segment
  std::int64_t segment_ = 0;
  std::int64_t begin_us_ = 0;
};

Assembly::Assembly(AssemblyOptions options, Services services, std::shared_ptr<StreamShelf> shelf,
                   std::optional<Numbering> before)
    : options_(std::move(options)), services_(std::move(services)), shelf_(std::move(shelf)), before_(before) {
  if (before_) shelf_->go_on_from(before_->discontinuities);
  make_tracks();
}

Assembly::~Assembly() = default;

void Assembly::make_tracks() {
  shelf_->set_up(shelf_options(options_), options_.renditions);
  std::map<std::string, std::unique_ptr<Sink>> next;
  for (const RenditionPlan& plan : options_.renditions) {
    auto before = sinks_.find(plan.name);
    if (before != sinks_.end() && before->second->plan() == plan) {
      next[plan.name] = std::move(before->second);
    } else {
      next[plan.name] = std::make_unique<Sink>(*this, plan);
    }
  }
  for (const auto& [name, gone] : sinks_) former_lost_ += gone ? gone->track().lost() : 0;
  sinks_ = std::move(next);
}

// What is open ends; tracks begin anew behind it.
void Assembly::cut_otherwise(const Timeline& timeline) {
  std::optional<std::int64_t> next;
  for (auto& [name, sink] : sinks_) sink->track().finish();
  for (auto& [name, sink] : sinks_) next = std::max(next, sink->track().next());
  if (!next) return;
  for (auto& [name, sink] : sinks_) sink->track().give_up(*next - 1);
  resume_ = next;
  if (timeline.segment_frames == options_.timeline.segment_frames) return;
  // Another grid: its first segment behind the end of the last one takes the next number.
  const std::int64_t msn = msn_of(*next);
  resume_ = timeline.segment_of(options_.timeline.begin(*next) - 1) + 1;
  base_ = msn - *resume_;
  settled_ = last_begun_ = *resume_ - 1;
  dates_.clear();
  breaks_ = {*resume_};
}

void Assembly::use(AssemblyOptions options) {
  if (options == options_) return;
  const Timeline& now = options_.timeline;
  const Timeline& then = options.timeline;
  const bool other_grid = now.rate != then.rate || now.first_frame != then.first_frame ||
                          now.segment_frames != then.segment_frames ||
                          options.transport_stream != options_.transport_stream || options.sound != options_.sound;
  const bool other_parts = now.part_frames != then.part_frames || options.parts() != options_.parts();
  if (other_grid) cut_otherwise(then);
  options_ = std::move(options);
  make_tracks();
  if (other_grid) {
    for (auto& [name, sink] : sinks_) {
      former_lost_ += sink->track().lost();
      sink->make(resume_);
    }
  } else if (other_parts) {
    switch_parts();
  }
  shelf_->publish();
}

// Behind the segments that are open: nothing is lost by it.
void Assembly::switch_parts() {
  std::optional<std::int64_t> open;
  for (const auto& [name, sink] : sinks_) open = std::max(open, sink->track().next());
  for (auto& [name, sink] : sinks_) {
    if (open && sink->track().next()) {
      sink->switch_at(*open + 1);
    } else {
      sink->make(std::nullopt);
    }
  }
}

std::int64_t Assembly::msn_of(std::int64_t segment) {
  if (!base_) {
    std::int64_t msn = 0;
    if (before_) {
      msn = before_->next_msn;
      breaks_.insert(segment);
    } else {
      const auto since = std::chrono::duration_cast<Micros>(services_.clock.utc_now().time_since_epoch());
      msn = since.count() / segment_us(options_.timeline);
    }
    base_ = msn - segment;
  }
  return *base_ + segment;
}

void Assembly::slew() {
  const Instant now = services_.clock.now();
  const Nanos offset = services_.clock.utc_now().time_since_epoch() - now.time_since_epoch();
  if (!utc_offset_) {
    utc_offset_ = offset;
  } else {
    const Nanos most = (now - slewed_) / kSlew;
    *utc_offset_ += std::clamp(offset - *utc_offset_, -most, most);
  }
  slewed_ = now;
}

UtcInstant Assembly::date_of(std::int64_t segment) {
  if (const auto known = dates_.find(segment); known != dates_.end()) return known->second;
  slew();
  const Nanos time = options_.timeline.rate.begin(options_.timeline.begin(segment));
  const Instant due = services_.due ? services_.due(time) : services_.clock.now();
  const UtcInstant date{due.time_since_epoch() + *utc_offset_};
  dates_[segment] = date;
  while (dates_.size() > kDatesKept) dates_.erase(dates_.begin());
  return date;
}

bool Assembly::settle(std::int64_t segment) {
  if (!settled_ || *settled_ < segment) settled_ = segment;
  last_begun_ = std::max(last_begun_, segment);
  return breaks_.contains(segment);
}

// Too late for a segment that others have begun without: another initialisation segment alone is allowed too (RFC
// 8216bis 4.4.4.3 asks for the tag only where tracks or timestamps change).
void Assembly::want_break(std::int64_t segment) {
  if (settled_ && *settled_ >= segment) return;
  breaks_.insert(segment);
  while (breaks_.size() > kDatesKept) breaks_.erase(breaks_.begin());
}

void Assembly::take(const Packet& packet) {
  const std::string& name = packet.stream->name;
  if (options_.transport_stream && packet.stream->kind == MediaKind::audio && name == options_.sound) {
    for (auto& [rendition, sink] : sinks_) give(rendition, *sink, packet);
  } else if (const auto found = sinks_.find(name);
             found != sinks_.end() && found->second->plan().kind == packet.stream->kind) {
    give(name, *found->second, packet);
  }
  if (std::exchange(ended_one_, false)) leave_behind();
  if (std::exchange(dirty_, false)) shelf_->publish();
}

void Assembly::give(const std::string& rendition, Sink& sink, const Packet& packet) {
  former_lost_ += sink.switch_if_due();
  if (Status done = sink.track().take(packet); !done)
    services_.log.warning("hls", "rendition {}: {}", rendition, done.error().describe());
}

void Assembly::leave_behind() {
  std::optional<std::int64_t> furthest;
  for (const auto& [name, sink] : sinks_) furthest = std::max(furthest, sink->track().next());
  if (!furthest) return;
  const std::int64_t patience = 1 + kPatience / Micros(segment_us(options_.timeline));
  for (const auto& [name, sink] : sinks_) sink->track().give_up(*furthest - 1 - patience);
}

void Assembly::finish() {
  for (auto& [name, sink] : sinks_) sink->track().finish();
  shelf_->finish();
}

std::optional<Numbering> Assembly::numbering() const {
  if (!base_) return std::nullopt;
  return Numbering{*base_ + last_begun_ + 1, shelf_->discontinuities()};
}

std::int64_t Assembly::lost() const {
  std::int64_t lost = former_lost_;
  for (const auto& [name, sink] : sinks_) lost += sink->track().lost();
  return lost;
}

}  // namespace mainstay::package
