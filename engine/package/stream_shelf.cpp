#include "engine/package/stream_shelf.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "engine/ffi/zlib/gzip.h"
#include "engine/package/codec_strings.h"
#include "engine/package/dash.h"

namespace mainstay::package {

namespace {

constexpr std::int64_t kSecond = 1'000'000;
constexpr std::size_t kSegmentsToStart = 3;          // hls.js stalls on a playlist of one (#7556)
constexpr std::size_t kSegmentsToGoAlone = 6;        // without a rendition that does not come
constexpr std::int64_t kPartsTargets = 8;            // parts are listed for three target durations, and stay three more
constexpr int kWaitTargets = 3;                      // RFC 8216bis 6.2.5.2
constexpr const char* kMultivariant = "index.m3u8";  // and the media playlists' names
constexpr const char* kKeyPictures = "iframes.m3u8";
constexpr std::size_t kMostCompressed = std::size_t{256} << 10;
constexpr std::int64_t kIndexEvery = 256;
constexpr const char* kManifest = "manifest.mpd";
constexpr const char* kPlaylistType = "application/vnd.apple.mpegurl";

std::uint64_t fnv(std::string_view bytes) {
  std::uint64_t hash = 14695981039346656037ULL;
  for (const char c : bytes) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
  return hash;
}

std::string_view as_text(const std::vector<std::uint8_t>& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::int64_t bps(std::size_t bytes, std::int64_t duration_us) {
  return duration_us > 0 ? mul_div(static_cast<std::int64_t>(bytes) * 8, kSecond, duration_us) : 0;
}

std::size_t size_of(const ItemPtr& item) {
  return item ? item->bytes.size() : 0;
}

}  // namespace

StreamShelf::~StreamShelf() = default;

StreamShelf::Rendition* StreamShelf::rendition(const std::string& name) {
  const auto found = renditions_.find(name);
  return found == renditions_.end() ? nullptr : found->second.get();
}

void StreamShelf::put(const std::string& path, ItemPtr item) {
  std::lock_guard lock(mutex_);
  items_[path] = std::move(item);
}

ItemPtr StreamShelf::media_item(const Rendition& rendition, ItemKind kind, std::string_view bytes,
                                std::shared_ptr<const void> owner, const std::string& uri) const {
  auto item = std::make_shared<Item>();
  item->kind = kind;
  item->content_type = options_.transport_stream                 ? "video/mp2t"
                       : rendition.plan.kind == MediaKind::video ? "video/mp4"
                                                                 : "audio/mp4";
  item->bytes = bytes;
  item->owner = std::move(owner);
  item->etag = fmt::format("\"{}-{:x}\"", uri, bytes.size());  // names are never used twice
  item->made = clock_.now();
  return item;
}

ItemPtr StreamShelf::text_item(ItemKind kind, PlaylistText text, ItemPtr before) const {
  if (before && before->bytes == text.text) return before;
  auto bytes = std::make_shared<const std::string>(std::move(text.text));
  auto item = std::make_shared<Item>();
  item->kind = kind;
  item->content_type = kind == ItemKind::manifest ? "application/dash+xml" : kPlaylistType;
  item->bytes = *bytes;
  // A day's window takes longer to compress than to send; its updates are small.
  if (bytes->size() <= kMostCompressed) item->gzip = std::make_shared<const std::string>(ffi::gzip(*bytes));
  item->owner = std::move(bytes);
  item->uri_ends = std::move(text.uri_ends);
  item->etag = fmt::format("\"{:016x}\"", fnv(item->bytes));
  item->made = clock_.now();
  return item;
}

void StreamShelf::set_up(const ShelfOptions& options, const std::vector<RenditionPlan>& renditions) {
  std::lock_guard lock(mutex_);
  options_ = options;
  std::map<std::string, std::unique_ptr<Rendition>> next;
  order_.clear();
  for (const RenditionPlan& plan : renditions) {
    auto& slot = next[plan.name];
    const auto before = renditions_.find(plan.name);
    if (before != renditions_.end() && before->second->plan == plan) {
      slot = std::move(before->second);
      renditions_.erase(before);
      slot->changed = true;
    } else {
      slot = std::make_unique<Rendition>();
      slot->plan = plan;
    }
    order_.push_back(plan.name);
  }
  for (auto& [name, gone] : renditions_) {
    playlists_.erase(path_of(*gone, kMultivariant));
    for (auto at = items_.begin(); at != items_.end();)
      at = at->first.starts_with(name + "/") ? items_.erase(at) : std::next(at);
    former_.push_back(std::move(gone));
  }
  renditions_ = std::move(next);
  if (options_.encrypted && !key_) renew_key();
}

std::string StreamShelf::add_init(const std::string& name, std::int64_t msn, const StreamInfoPtr& stream,
                                  std::vector<std::uint8_t> bytes) {
  Rendition* to = rendition(name);
  if (to == nullptr) return {};
  if (stream->kind != to->plan.kind) {
    to->sound_codecs = codec_string(*stream);
    return {};
  }
  to->stream = stream;
  to->codecs = codec_string(*stream);
  if (bytes.empty()) return {};
  std::string uri = fmt::format("init{}.mp4", msn);
  const auto owner = std::make_shared<const std::vector<std::uint8_t>>(std::move(bytes));
  put(path_of(*to, uri), media_item(*to, ItemKind::init, as_text(*owner), owner, uri));
  return uri;
}

void StreamShelf::set_part_target(const std::string& name, std::int64_t us) {
  Rendition* to = rendition(name);
  if (to == nullptr || std::exchange(to->part_target_us, us) == us) return;
  // Parts of another length are not listed under this target; who has read of them still gets them.
  for (Segment& segment : to->segments) segment.lists_parts = !segment.whole();
}

void StreamShelf::begin(const std::string& name, Segment segment) {
  Rendition* to = rendition(name);
  if (to == nullptr) return;
  join(*to, segment);
  if (segment.discontinuity) breaks_.insert(segment.msn);
  if (segment.map.empty() && !to->segments.empty()) segment.map = to->segments.back().map;
  segment.uri = segment_uri(segment.msn, options_.transport_stream);
  if (options_.encrypted) segment.key = key_uri_;
  segment.key_picture_uri = fmt::format("i{}.m4s", segment.msn);
  to->segments.push_back(std::move(segment));
}

void StreamShelf::set_map(const std::string& name, std::string map) {
  Rendition* to = rendition(name);
  if (to != nullptr && !to->segments.empty()) to->segments.back().map = std::move(map);
}

void StreamShelf::add_part(const std::string& name, std::int64_t duration_us, bool independent,
                           std::vector<std::uint8_t> bytes) {
  Rendition* to = rendition(name);
  if (to == nullptr || to->segments.empty()) return;
  Segment& segment = to->segments.back();
  Part part;
  part.uri = part_uri(segment.msn, static_cast<std::int64_t>(segment.parts.size()));
  part.duration_us = duration_us;
  part.independent = independent;
  if (options_.encrypted && segment.key.empty()) bytes.clear();  // there is no key: nothing goes out as it is
  if (!bytes.empty()) {
    if (!segment.key.empty()) to->plain.insert(to->plain.end(), bytes.begin(), bytes.end());
    const auto owner = std::make_shared<const std::vector<std::uint8_t>>(sealed(segment, std::move(bytes)));
    part.item = media_item(*to, ItemKind::part, as_text(*owner), owner, part.uri);
    if (options_.part_target_us > 0) put(path_of(*to, part.uri), part.item);
  }
  segment.parts.push_back(std::move(part));
  ++to->made_parts;
  to->changed = true;
}

void StreamShelf::add_key_picture(const std::string& name, std::vector<std::uint8_t> bytes) {
  Rendition* to = rendition(name);
  if (to == nullptr || to->segments.empty()) return;
  Segment& segment = to->segments.back();
  if (options_.encrypted && segment.key.empty()) return;
  const auto owner = std::make_shared<const std::vector<std::uint8_t>>(sealed(segment, std::move(bytes)));
  segment.key_picture = media_item(*to, ItemKind::segment, as_text(*owner), owner, segment.key_picture_uri);
  put(path_of(*to, segment.key_picture_uri), segment.key_picture);
}

void StreamShelf::renew_key() {
  const auto bytes = ffi::random_bytes(std::tuple_size_v<ffi::Aes128Key>);
  if (!bytes) return;  // told by the packager: nothing goes out unencrypted that should be
  key_.emplace();
  std::copy(bytes->begin(), bytes->end(), key_->begin());
  const std::string path = fmt::format("keys/{:016x}.key", fnv(*bytes + "name"));
  key_uri_ = "../" + path;
  auto item = std::make_shared<Item>();
  auto owner = std::make_shared<const std::string>(*bytes);
  item->kind = ItemKind::key;
  item->content_type = "application/octet-stream";
  item->bytes = *owner;
  item->owner = std::move(owner);
  item->etag = "\"" + path + "\"";
  item->made = clock_.now();
  items_[path] = std::move(item);
}

std::vector<std::uint8_t> StreamShelf::sealed(const Segment& segment, std::vector<std::uint8_t> bytes) const {
  if (segment.key.empty() || !key_) return bytes;
  ffi::Aes128Key iv{};  // the segment's number, as without an IV attribute (4.4.4.4), for each of its parts too
  for (std::size_t i = 0; i < 8; ++i) iv[15 - i] = static_cast<std::uint8_t>(segment.msn >> (8 * i));
  return ffi::aes128_cbc(*key_, iv, bytes);
}

// The whole segment's bytes. Parts are views of them from then on, so that nothing is kept twice; but encrypted parts
// are encrypted each by itself.
void StreamShelf::put_parts_together(Rendition& to, Segment& segment) {
  if (!segment.key.empty()) {
    auto whole = std::make_shared<const std::vector<std::uint8_t>>(sealed(segment, std::exchange(to.plain, {})));
    segment.item = media_item(to, ItemKind::segment, as_text(*whole), whole, segment.uri);
    return put(path_of(to, segment.uri), segment.item);
  }
  auto bytes = std::make_shared<std::string>();
  std::size_t size = 0;
  for (const Part& part : segment.parts) size += size_of(part.item);
  bytes->reserve(size);
  for (const Part& part : segment.parts) {
    if (part.item) bytes->append(part.item->bytes);
  }
  segment.item = media_item(to, ItemKind::segment, *bytes, bytes, segment.uri);
  std::size_t at = 0;
  std::lock_guard lock(mutex_);
  items_[path_of(to, segment.uri)] = segment.item;
  for (Part& part : segment.parts) {
    if (!part.item) continue;
    auto view = std::make_shared<Item>(*part.item);
    view->bytes = std::string_view(*bytes).substr(at, part.item->bytes.size());
    view->owner = bytes;
    at += view->bytes.size();
    part.item = view;
    if (options_.part_target_us > 0) items_[path_of(to, part.uri)] = std::move(view);
  }
}

void StreamShelf::end(const std::string& name, std::int64_t duration_us) {
  Rendition* to = rendition(name);
  if (to == nullptr || to->segments.empty()) return;
  Segment& segment = to->segments.back();
  segment.duration_us = std::max<std::int64_t>(duration_us, 1);
  segment.gap = std::none_of(segment.parts.begin(), segment.parts.end(), [](const Part& part) { return part.item; });
  to->changed = view_changed_ = true;
  ++to->made_segments;
  ++made_segments_;
  if (!segment.gap) {
    put_parts_together(*to, segment);
    const std::size_t size = size_of(segment.item);
    segment.bytes = static_cast<std::int64_t>(size);
    to->made_bytes += segment.bytes;
    to->peak_bps = std::max(to->peak_bps, bps(size, segment.duration_us));
    to->key_peak_bps = std::max(to->key_peak_bps, bps(size_of(segment.key_picture), segment.duration_us));
  }
  to->plain.clear();
  if (store_) keep_on_disk(*to, segment);
  retire(*to);
}

void StreamShelf::retire(Rendition& from) {
  const auto whole = [&] { return from.segments.size() - (from.segments.back().whole() ? 0 : 1); };
  while (whole() > options_.window_segments) {
    from.retired.push_back(std::move(from.segments.front()));
    from.segments.pop_front();
  }
  let_go_of_memory(from);
  // RFC 8216bis 6.2.2: as long as the longest playlist that listed it, and its own length. (What comes from disk goes
  // sooner: who watches the very end of a day's window is told by the next playlist.)
  while (from.retired.size() > options_.memory_segments + 2) {
    forget(from, from.retired.front());
    from.retired.pop_front();
  }
  drop_parts(from);
}

void StreamShelf::let_go_of_memory(Rendition& from) {
  constexpr std::size_t kGrace = 8;  // segments that the disk may be behind
  if (!store_) return;
  const std::size_t whole = from.segments.size() - (from.segments.back().whole() ? 0 : 1);
  for (std::size_t i = whole > options_.memory_segments ? whole - options_.memory_segments : 0; i > 0; --i) {
    Segment& segment = from.segments[i - 1];
    if (segment.stored && !segment.item) break;
    if (!segment.stored && !segment.gap) {
      if (whole - i < options_.memory_segments + kGrace) continue;
      // The disk is too slow, or full: what is older leaves the playlist.
      for (; i > 0; --i) {
        from.retired.push_back(std::move(from.segments.front()));
        from.segments.pop_front();
      }
      return;
    }
    put_stored(from, segment);
  }
}

// From here on it comes from disk.
void StreamShelf::put_stored(const Rendition& of, Segment& segment) {
  const char* type = options_.transport_stream          ? "video/mp2t"
                     : of.plan.kind == MediaKind::video ? "video/mp4"
                                                        : "audio/mp4";
  std::lock_guard lock(mutex_);
  for (const std::string* uri : {&segment.uri, &segment.key_picture_uri}) {
    if (segment.gap) continue;
    const std::string path = path_of(of, *uri);
    items_.erase(path);
    stored_[path] = type;
  }
  segment.item.reset();
  segment.key_picture.reset();
}

void StreamShelf::keep_on_disk(Rendition& of, const Segment& segment) {
  KeptSegment kept{of.plan.name, 0, segment.key.empty(), segment};
  const auto before = breaks_.lower_bound(segment.msn);
  kept.discontinuity_sequence = discontinuity_base_ + std::distance(breaks_.begin(), before);
  kept.segment.parts.clear();
  kept.segment.item.reset();
  kept.segment.key_picture.reset();
  std::vector<SegmentStore::File> files;
  if (!segment.map.empty() && of.kept_map != segment.map) {
    if (ItemPtr map = find(path_of(of, segment.map))) files.push_back({path_of(of, segment.map), std::move(map)});
    of.kept_map = segment.map;
  }
  if (segment.key_picture) files.push_back({path_of(of, segment.key_picture_uri), segment.key_picture});
  if (segment.item) files.push_back({path_of(of, segment.uri), segment.item});
  store_->keep(std::move(kept), std::move(files));
}

void StreamShelf::note_kept() {
  for (const auto& [name, msn] : store_->take_kept()) {
    Rendition* of = rendition(name);
    if (of == nullptr || of->segments.empty() || msn < of->segments.front().msn) continue;
    const auto at = static_cast<std::size_t>(msn - of->segments.front().msn);
    if (at < of->segments.size() && of->segments[at].msn == msn) of->segments[at].stored = true;
  }
}

void StreamShelf::use_store(std::shared_ptr<SegmentStore> store, const std::vector<KeptSegment>& left) {
  store_ = std::move(store);
  std::optional<std::pair<std::int64_t, std::int64_t>> first;  // number, discontinuities in front of it
  for (const KeptSegment& kept : left) {
    Rendition* of = rendition(kept.rendition);
    if (of == nullptr || (kept.segment.duration_us + kSecond / 2) / kSecond > options_.target_duration_s) continue;
    // Behind a hole that an index has, only what comes after it is of use.
    if (!of->segments.empty() && of->segments.back().msn + 1 != kept.segment.msn) of->segments.clear();
    of->segments.push_back(kept.segment);
    of->kept_map = kept.segment.map;
    of->restored = true;
  }
  for (auto& [name, of] : renditions_) {
    while (of->segments.size() > options_.window_segments) of->segments.pop_front();
    for (Segment& segment : of->segments) {
      if (segment.discontinuity) breaks_.insert(segment.msn);
      put_stored(*of, segment);
      if (!segment.map.empty()) {
        std::lock_guard lock(mutex_);
        stored_[path_of(*of, segment.map)] = of->plan.kind == MediaKind::video ? "video/mp4" : "audio/mp4";
      }
    }
  }
  for (const KeptSegment& kept : left) {
    const Rendition* of = rendition(kept.rendition);
    if (of == nullptr || of->segments.empty() || kept.segment.msn != of->segments.front().msn) continue;
    if (!first || kept.segment.msn < first->first) first = {kept.segment.msn, kept.discontinuity_sequence};
  }
  if (first) discontinuity_base_ = first->second;
}

void StreamShelf::join(Rendition& to, const Segment& next) {
  constexpr std::int64_t kMostGaps = 16;
  if (to.segments.empty()) return;
  const bool of_this_run = !std::exchange(to.restored, false);
  const std::int64_t missing = next.msn - to.segments.back().msn - 1;
  if (missing < 0 || missing > kMostGaps) {
    while (!to.segments.empty()) {
      to.retired.push_back(std::move(to.segments.front()));
      to.segments.pop_front();
    }
    return;
  }
  for (std::int64_t i = 0; i < missing; ++i) {
    const Segment& last = to.segments.back();
    Segment gap;
    gap.msn = last.msn + 1;
    gap.begin_us = last.begin_us + last.duration_us;
    gap.duration_us = last.duration_us;
    gap.date = last.date + Micros(last.duration_us);
    gap.map = last.map;
    gap.gap = true;
    gap.uri = segment_uri(gap.msn, options_.transport_stream);
    gap.key_picture_uri = fmt::format("i{}.m4s", gap.msn);
    to.segments.push_back(std::move(gap));
  }
  if (of_this_run) return;
  const std::int64_t shift = next.begin_us - (to.segments.back().begin_us + to.segments.back().duration_us);
  for (Segment& segment : to.segments) segment.begin_us += shift;
}

void StreamShelf::read_stored(const std::string& path) {
  store_->read(path, [shelf = weak_from_this(), path](std::shared_ptr<const std::string> bytes) {
    if (const auto self = shelf.lock()) self->take_stored(path, std::move(bytes));
  });
}

void StreamShelf::take_stored(const std::string& path, std::shared_ptr<const std::string> bytes) {
  constexpr std::size_t kReadKept = 64;  // whoever goes back is seldom alone at a place
  if (bytes) {
    auto item = std::make_shared<Item>();
    item->kind = ItemKind::segment;
    item->bytes = *bytes;
    item->etag = fmt::format("\"{}-{:x}\"", path.substr(path.find('/') + 1), bytes->size());
    item->owner = std::move(bytes);
    item->made = clock_.now();
    std::lock_guard lock(mutex_);
    if (const auto type = stored_.find(path); type != stored_.end()) item->content_type = type->second;
    items_[path] = std::move(item);
    read_lately_.push_back(path);
    if (read_lately_.size() > kReadKept) {
      items_.erase(read_lately_.front());
      read_lately_.pop_front();
    }
  }
  for (Waiter& waiter : take_waiters([&](const Waiter& w) { return w.path == path; }))
    waiter.answer(answer_now(waiter));
}

void StreamShelf::drop_parts(Rendition& from) {
  std::int64_t behind = 0;
  for (auto segment = from.segments.rbegin(); segment != from.segments.rend(); ++segment) {
    if (behind > kPartsTargets * options_.target_duration_s * kSecond) {
      if (segment->parts.empty()) break;
      std::lock_guard lock(mutex_);
      for (const Part& part : segment->parts) items_.erase(path_of(from, part.uri));
      from.progress.parts.erase(segment->msn);
      segment->parts.clear();
    }
    behind += segment->duration_us;
  }
}

void StreamShelf::forget(const Rendition& from, const Segment& segment) {
  std::lock_guard lock(mutex_);
  items_.erase(path_of(from, segment.uri));
  items_.erase(path_of(from, segment.key_picture_uri));
  stored_.erase(path_of(from, segment.uri));
  stored_.erase(path_of(from, segment.key_picture_uri));
  for (const Part& part : segment.parts) items_.erase(path_of(from, part.uri));
  const bool used =
      std::any_of(from.retired.begin(), from.retired.end(),
                  [&](const Segment& s) { return &s != &segment && s.map == segment.map; }) ||
      std::any_of(from.segments.begin(), from.segments.end(), [&](const Segment& s) { return s.map == segment.map; });
  const bool drops_map = !used && !segment.map.empty();
  if (drops_map) items_.erase(path_of(from, segment.map));
  if (!store_) return;
  std::vector<std::string> paths{path_of(from, segment.uri), path_of(from, segment.key_picture_uri)};
  if (drops_map) {
    stored_.erase(path_of(from, segment.map));
    paths.push_back(path_of(from, segment.map));
  }
  store_->remove(std::move(paths));
  if (segment.msn % kIndexEvery == 0) store_->remove_index_before(segment.msn);
}

MediaPlaylist StreamShelf::describe(const Rendition& of, std::size_t from) const {
  MediaPlaylist playlist;
  playlist.segments = &of.segments;
  playlist.from = from;
  const std::int64_t first = of.segments.size() <= from ? 0 : of.segments[from].msn;
  playlist.discontinuity_sequence = discontinuity_base_ + std::distance(breaks_.begin(), breaks_.lower_bound(first));
  playlist.target_duration_s = options_.target_duration_s;
  if (options_.part_target_us > 0) {
    playlist.part_target_us = of.part_target_us;
    std::int64_t longest = options_.part_target_us;
    for (const auto& [name, other] : renditions_) longest = std::max(longest, other->part_target_us);
    playlist.part_hold_back_us = 3 * longest;
  }
  playlist.ended = ended_;
  for (const std::string& name : order_) {
    const Rendition& other = *renditions_.at(name);
    if (&other == &of || other.segments.empty()) continue;
    const Segment& last = other.segments.back();
    RenditionReport report{"../" + path_of(other, kMultivariant), last.msn, std::nullopt};
    if (!last.whole() && last.parts.empty()) report.last_msn -= 1;  // not listed yet
    if (playlist.part_target_us > 0) {
      const bool listed = last.whole() || !last.parts.empty();
      const Segment* of_parts = listed ? &last : other.segments.size() > 1 ? &other.segments.end()[-2] : nullptr;
      if (of_parts != nullptr && !of_parts->parts.empty())
        report.last_part = static_cast<std::int64_t>(of_parts->parts.size()) - 1;
    }
    playlist.reports.push_back(std::move(report));
  }
  return playlist;
}

PlaylistText StreamShelf::multivariant() const {
  std::vector<VideoVariant> video;
  std::vector<AudioRendition> audio;
  for (const std::string& name : order_) {
    const Rendition& of = *renditions_.at(name);
    if (!of.stream || !is_ready(of)) continue;
    const std::int64_t nominal = std::int64_t{of.stream->kbps} * 1000;
    // What is promised: never less than any segment so far, and room above the rate for the containers.
    const std::int64_t peak = std::max(of.peak_bps, nominal + nominal / 10);
    const std::int64_t average = nominal > 0 ? nominal : of.peak_bps;
    if (of.plan.kind == MediaKind::audio) {
      audio.push_back({path_of(of, kMultivariant), name, of.codecs, of.stream->channels, peak, average});
      continue;
    }
    VideoVariant one;
    one.uri = path_of(of, kMultivariant);
    if (!options_.transport_stream) one.iframes_uri = name + "/" + kKeyPictures;
    one.codecs = of.sound_codecs.empty() ? of.codecs : of.codecs + "," + of.sound_codecs;
    one.width = of.stream->width;
    one.height = of.stream->height;
    one.rate = of.stream->rate;
    one.peak_bps = peak;
    one.average_bps = average;
    one.iframe_bps = of.key_peak_bps;
    video.push_back(std::move(one));
  }
  return multivariant_playlist(video, audio, options_.audio_only);
}

bool StreamShelf::is_ready(const Rendition& of) const {
  const std::size_t whole = of.segments.empty() ? 0 : of.segments.size() - (of.segments.back().whole() ? 0 : 1);
  return of.stream && (whole >= kSegmentsToStart || (ended_ && whole > 0));
}

bool StreamShelf::decide_ready() const {
  bool all = true;
  bool alone = false;
  for (const std::string& name : order_) {
    const Rendition& of = *renditions_.at(name);
    all = all && is_ready(of);
    alone = alone || of.segments.size() > kSegmentsToGoAlone;
  }
  return all || alone || ended_;
}

RenditionFigures StreamShelf::count(const Rendition& of, ShelfFigures& total) {
  RenditionFigures figure{of.plan.name, of.codecs, of.made_segments, of.made_parts, of.made_bytes, 0, 0};
  const auto held = [&](const Segment& segment) {
    std::size_t bytes = size_of(segment.item) + size_of(segment.key_picture);
    for (const Part& part : segment.parts) bytes += segment.item ? 0 : size_of(part.item);
    total.memory_bytes += static_cast<std::int64_t>(bytes);
  };
  std::size_t listed_bytes = 0;
  std::int64_t listed_us = 0;
  std::int64_t last = -1;
  for (const Segment& segment : of.segments) {
    held(segment);
    if (!segment.whole()) continue;
    last = segment.msn;
    listed_bytes += static_cast<std::size_t>(segment.bytes);
    listed_us += segment.duration_us;
    figure.peak_bps = std::max(figure.peak_bps, bps(static_cast<std::size_t>(segment.bytes), segment.duration_us));
  }
  for (const Segment& segment : of.retired) held(segment);
  figure.mean_bps = bps(listed_bytes, listed_us);
  total.last_msn = total.renditions.empty() ? last : std::min(total.last_msn, last);
  return figure;
}

StreamShelf::Texts StreamShelf::make_texts(Rendition& of) const {
  const MediaPlaylist playlist = describe(of);
  Texts made;
  made.of = &of;
  made.progress.full = text_item(ItemKind::media_playlist, media_playlist(playlist), of.progress.full);
  made.progress.delta = text_item(ItemKind::media_playlist, media_playlist(playlist, true), of.progress.delta);
  if (of.plan.kind == MediaKind::video && !options_.transport_stream)
    made.key_pictures = text_item(ItemKind::iframe_playlist, iframe_playlist(playlist), nullptr);
  for (const Segment& segment : of.segments) {
    if (segment.whole()) made.progress.last_whole = segment.msn;
    if (!segment.parts.empty()) made.progress.parts[segment.msn] = static_cast<std::int64_t>(segment.parts.size());
  }
  const Segment& end = of.segments.back();
  made.progress.hint = path_of(
      of, end.whole() ? part_uri(end.msn + 1, 0) : part_uri(end.msn, static_cast<std::int64_t>(end.parts.size())));
  return made;
}

void StreamShelf::publish() {
  if (store_) note_kept();
  published_ = published_ || decide_ready();
  ShelfFigures figures;
  figures.ready = published_;
  std::vector<Texts> fresh;
  for (const std::string& name : order_) {
    Rendition& of = *renditions_.at(name);
    figures.renditions.push_back(count(of, figures));
    // Others' progress stands in the rendition reports; but a request waits for its own rendition alone, and what it
    // gets then is made from all.
    if (published_ && is_ready(of) && std::exchange(of.changed, false)) fresh.push_back(make_texts(of));
  }
  ItemPtr variants;
  if (published_) {
    const auto before = items_.find(kMultivariant);
    variants = text_item(ItemKind::multivariant, multivariant(), before == items_.end() ? nullptr : before->second);
  }
  ItemPtr manifest;
  PublishViewPtr view;
  if (published_ && (std::exchange(view_changed_, false) || ended_)) {
    if (options_.dash) manifest = make_manifest();
    if (keeps_view_) view = make_view(variants);
  }
  {
    std::lock_guard lock(mutex_);
    if (view) view_ = std::move(view);
    if (manifest) items_[kManifest] = std::move(manifest);
    if (variants) items_[kMultivariant] = std::move(variants);
    for (Texts& one : fresh) {
      Rendition& of = *one.of;
      const std::string path = path_of(of, kMultivariant);
      items_[path] = one.progress.full;
      playlists_[path] = &of;
      if (one.key_pictures) items_[of.plan.name + "/" + kKeyPictures] = std::move(one.key_pictures);
      of.progress = std::move(one.progress);
    }
    figures_ = std::move(figures);
  }
  for (Waiter& waiter : take_waiters([&](const Waiter& w) {
         if (ended_) return true;
         if (w.rendition != nullptr) return place_of(*w.rendition, w.directives) == Place::there;
         return items_.contains(w.path);
       }))
    waiter.answer(answer_now(waiter));
}

void StreamShelf::finish() {
  {
    std::lock_guard lock(mutex_);
    ended_ = true;
  }
  for (auto& [name, of] : renditions_) {
    if (!of->segments.empty() && !of->segments.back().whole()) of->segments.pop_back();
    of->changed = !of->segments.empty();
  }
  publish();
}

std::vector<StreamShelf::Waiter> StreamShelf::take_waiters(const std::function<bool(const Waiter&)>& which) {
  std::vector<Waiter> taken;
  std::lock_guard lock(mutex_);
  const auto from = std::stable_partition(waiters_.begin(), waiters_.end(), [&](const Waiter& w) { return !which(w); });
  std::move(from, waiters_.end(), std::back_inserter(taken));
  waiters_.erase(from, waiters_.end());
  return taken;
}

void StreamShelf::expire() {
  const Instant now = clock_.now();
  for (Waiter& waiter : take_waiters([&](const Waiter& w) { return w.deadline <= now; }))
    waiter.answer({503, nullptr, "what was asked for did not come within three target durations"});
}

Instant StreamShelf::next_expiry() const {
  std::lock_guard lock(mutex_);
  Instant next = kNever;
  for (const Waiter& waiter : waiters_) next = std::min(next, waiter.deadline);
  return next;
}

ItemPtr StreamShelf::make_manifest() const {
  DashManifest manifest;
  for (const std::string& name : order_) {
    const Rendition& of = *renditions_.at(name);
    if (of.stream && is_ready(of))
      manifest.renditions.push_back(
          {name, of.stream, of.codecs, std::max(of.peak_bps, std::int64_t{of.stream->kbps} * 1000), &of.segments});
  }
  manifest.target_duration_s = options_.target_duration_s;
  manifest.window_s = options_.target_duration_s * static_cast<std::int64_t>(options_.window_segments);
  manifest.now = clock_.utc_now();
  manifest.ended = ended_;
  PlaylistText text = dash_manifest(manifest);
  return text.text.empty() ? nullptr : text_item(ItemKind::manifest, std::move(text), nullptr);
}

PublishViewPtr StreamShelf::make_view(const ItemPtr& variants) const {
  auto view = std::make_shared<PublishView>();
  view->ended = ended_;
  std::vector<std::pair<std::int64_t, PublishView::File>> media;  // by number, so that renditions advance together
  for (const std::string& name : order_) {
    const Rendition& of = *renditions_.at(name);
    if (!is_ready(of)) continue;
    // What memory holds: a place elsewhere has its own disk.
    std::size_t from = 0;
    while (from < of.segments.size() && of.segments[from].stored && !of.segments[from].item) ++from;
    std::string map;
    for (std::size_t i = from; i < of.segments.size(); ++i) {
      const Segment& segment = of.segments[i];
      if (!segment.whole()) continue;
      if (segment.map != map)
        media.push_back({segment.msn, {path_of(of, segment.map), find(path_of(of, segment.map))}});
      map = segment.map;
      if (segment.item) media.push_back({segment.msn, {path_of(of, segment.uri), segment.item}});
      if (segment.key_picture)
        media.push_back({segment.msn, {path_of(of, segment.key_picture_uri), segment.key_picture}});
    }
    MediaPlaylist playlist = describe(of, from);
    playlist.is_file = true;
    view->playlists.push_back(
        {path_of(of, kMultivariant), text_item(ItemKind::media_playlist, media_playlist(playlist), nullptr)});
    if (of.plan.kind == MediaKind::video && !options_.transport_stream)
      view->playlists.push_back({of.plan.name + "/" + kKeyPictures,
                                 text_item(ItemKind::iframe_playlist, iframe_playlist(playlist), nullptr)});
  }
  std::stable_sort(media.begin(), media.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  for (auto& [msn, file] : media) {
    if (file.item) view->media.push_back(std::move(file));
  }
  if (options_.encrypted) {
    const std::string path = key_uri_.substr(3);
    if (ItemPtr key = find(path)) view->media.push_back({path, std::move(key)});
  }
  if (options_.dash) {
    if (ItemPtr manifest = make_manifest()) view->playlists.push_back({kManifest, std::move(manifest)});
  }
  view->playlists.push_back({kMultivariant, variants});
  view->window = Seconds(options_.target_duration_s * static_cast<std::int64_t>(options_.memory_segments));
  return view;
}

PublishViewPtr StreamShelf::view() const {
  std::lock_guard lock(mutex_);
  return view_;
}

ShelfFigures StreamShelf::figures() const {
  std::lock_guard lock(mutex_);
  return figures_;
}

ItemPtr StreamShelf::find(std::string_view path) const {
  std::lock_guard lock(mutex_);
  const auto found = items_.find(path);
  return found == items_.end() ? nullptr : found->second;
}

Nanos StreamShelf::target_duration() const {
  std::lock_guard lock(mutex_);
  return Seconds(options_.target_duration_s);
}

Nanos StreamShelf::part_target() const {
  std::lock_guard lock(mutex_);
  return Micros(options_.part_target_us);
}

std::string StreamShelf::refusal(const Rendition& of, const Reload& directives) const {
  if (!directives.msn) return directives.part ? "_HLS_part needs _HLS_msn" : "";
  const std::int64_t last = of.progress.last_whole;
  if (*directives.msn > last + 2) return "_HLS_msn is more than two segments ahead";
  if (!directives.part || options_.part_target_us == 0 || *directives.msn <= last) return {};
  const auto open = of.progress.parts.find(*directives.msn);
  const std::int64_t last_part = open == of.progress.parts.end() ? -1 : open->second - 1;
  const std::int64_t limit = options_.part_target_us < kSecond
                                 ? mul_div(3, kSecond, options_.part_target_us, Rounding::up)
                                 : 3;  // Advance Part Limit
  return *directives.part - last_part > limit ? "_HLS_part is too far ahead" : std::string();
}

StreamShelf::Place StreamShelf::place_of(const Rendition& of, const Reload& directives) const {
  if (!directives.msn) return Place::there;
  const Progress& progress = of.progress;
  if (*directives.msn < progress.last_whole) return Place::there;
  const bool by_part = directives.part && options_.part_target_us > 0;
  if (!by_part) return *directives.msn <= progress.last_whole ? Place::there : Place::waits;
  std::int64_t msn = *directives.msn;
  std::int64_t part = *directives.part;
  const auto parts_of = [&](std::int64_t of_segment) {
    const auto found = progress.parts.find(of_segment);
    return found == progress.parts.end() ? std::int64_t{0} : found->second;
  };
  // A part past the end of its segment stands for the first one of the next.
  if (msn == progress.last_whole && part >= parts_of(msn)) {
    ++msn;
    part = 0;
  }
  return msn <= progress.last_whole || part < parts_of(msn) ? Place::there : Place::waits;
}

Answer StreamShelf::answer_now(const Waiter& waiter) const {
  std::lock_guard lock(mutex_);
  if (waiter.rendition == nullptr || !waiter.rendition->progress.full) {
    const auto found = items_.find(waiter.path);
    if (found == items_.end()) return {404, nullptr, "there is no such resource"};
    return {200, found->second, {}};
  }
  const Progress& progress = waiter.rendition->progress;
  const bool delta = waiter.directives.skip != Reload::Skip::no && !ended_;
  return {200, delta ? progress.delta : progress.full, {}};
}

// A playlist that there will be as soon as it has enough to list.
bool StreamShelf::is_awaited(std::string_view path) const {
  if (figures_.ready || renditions_.empty()) return false;
  return path == kMultivariant || std::any_of(renditions_.begin(), renditions_.end(), [&](const auto& one) {
           return path == path_of(*one.second, kMultivariant);
         });
}

void StreamShelf::reload(std::string_view path, const Reload& directives, std::function<void(Answer)> answer) {
  Waiter waiter{std::string(path), nullptr, directives, kNever, std::move(answer)};
  std::string why;
  bool waits = false;
  bool reads = false;
  {
    std::lock_guard lock(mutex_);
    const auto playlist = playlists_.find(path);
    if (playlist != playlists_.end()) {
      waiter.rendition = playlist->second;
      if (!ended_) why = refusal(*waiter.rendition, directives);
      waits = !ended_ && why.empty() && place_of(*waiter.rendition, directives) == Place::waits;
    } else if (!items_.contains(path)) {
      const bool is_stored = stored_.contains(path);
      reads =
          is_stored && std::none_of(waiters_.begin(), waiters_.end(), [&](const Waiter& w) { return w.path == path; });
      waits = is_stored || (!ended_ && (is_awaited(path) || is_hinted(path)));
    }
    if (waits) {
      waiter.deadline = clock_.now() + kWaitTargets * Seconds(options_.target_duration_s);
      waiters_.push_back(std::move(waiter));
    }
  }
  if (reads) read_stored(std::string(path));
  if (waits) return;
  if (!why.empty()) return waiter.answer({400, nullptr, std::move(why)});
  waiter.answer(answer_now(waiter));
}

bool StreamShelf::is_hinted(std::string_view path) const {
  return std::any_of(playlists_.begin(), playlists_.end(),
                     [&](const auto& one) { return one.second->progress.hint == path; });
}

}  // namespace mainstay::package
