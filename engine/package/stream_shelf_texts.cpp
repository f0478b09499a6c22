// The shelf's texts: playlists, manifest, and what another place should hold.
#include <fmt/format.h>

#include <algorithm>
#include <mutex>
#include <utility>

#include "engine/ffi/zlib/gzip.h"
#include "engine/package/stream_shelf.h"
#include "engine/package/stream_shelf_internal.h"

namespace mainstay::package {

namespace {

constexpr std::size_t kSegmentsToStart = 3;    // hls.js stalls on a playlist of one (#7556)
constexpr std::size_t kSegmentsToGoAlone = 6;  // without a rendition that does not come
constexpr std::size_t kMostAtOnce = std::size_t{32} << 10;
constexpr std::size_t kMostCompressed = std::size_t{256} << 10;
constexpr const char* kPlaylistType = "application/vnd.apple.mpegurl";

// A long text is told from the next by its head, its end and its size: only there does it change.
std::string etag_of(std::string_view text) {
  constexpr std::size_t kHead = 2 << 10;
  constexpr std::size_t kEnd = 16 << 10;
  if (text.size() <= kHead + kEnd) return fmt::format("\"{:016x}\"", fnv(text));
  return fmt::format("\"{:016x}{:016x}-{:x}\"", fnv(text.substr(0, kHead)), fnv(text.substr(text.size() - kEnd)),
                     text.size());
}

std::function<std::shared_ptr<const std::string>()> compressed_later(std::shared_ptr<const std::string> text) {
  struct Once {
    std::once_flag flag;
    std::shared_ptr<const std::string> made;
  };
  return [text = std::move(text), once = std::make_shared<Once>()] {
    std::call_once(once->flag, [&] { once->made = std::make_shared<const std::string>(ffi::gzip(*text)); });
    return once->made;
  };
}

}  // namespace

ItemPtr StreamShelf::text_item(ItemKind kind, PlaylistText text, ItemPtr before) const {
  if (before && before->bytes == text.text) return before;
  auto bytes = std::make_shared<const std::string>(std::move(text.text));
  auto item = std::make_shared<Item>();
  item->kind = kind;
  item->content_type = kind == ItemKind::manifest ? "application/dash+xml" : kPlaylistType;
  item->bytes = *bytes;
  // A long window is seldom asked for, since its updates are small; a day's takes longer to compress than to send.
  if (bytes->size() <= kMostAtOnce) {
    item->gzip = std::make_shared<const std::string>(ffi::gzip(*bytes));
  } else if (bytes->size() <= kMostCompressed) {
    item->gzip_later = compressed_later(bytes);
  }
  item->owner = std::move(bytes);
  item->uri_ends = std::move(text.uri_ends);
  item->etag = etag_of(item->bytes);
  item->made = clock_.now();
  return item;
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
    // Containers cost most where rates are low: 64 kb/s of sound are 72 in parts.
    constexpr std::int64_t kStep = 1000;
    const std::int64_t mean = (of.figures.mean_bps + kStep - 1) / kStep * kStep;
    const std::int64_t average = nominal > 0 ? std::min(peak, std::max(nominal, mean)) : of.peak_bps;
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

void StreamShelf::count(Rendition& of) {
  RenditionFigures& figure = of.figures;
  figure = {of.plan.name, of.codecs, of.made_segments, of.made_parts, of.made_bytes, 0, 0};
  of.held_bytes = 0;
  const auto held = [&](const Segment& segment) {
    std::size_t bytes = size_of(segment.item) + size_of(segment.key_picture);
    for (const Part& part : segment.parts) bytes += segment.item ? 0 : size_of(part.item);
    of.held_bytes += static_cast<std::int64_t>(bytes);
  };
  std::size_t listed_bytes = 0;
  std::int64_t listed_us = 0;
  for (const Segment& segment : of.segments) {
    held(segment);
    if (!segment.whole()) continue;
    of.last_whole = segment.msn;
    listed_bytes += static_cast<std::size_t>(segment.bytes);
    listed_us += segment.duration_us;
    figure.peak_bps = std::max(figure.peak_bps, bps(static_cast<std::size_t>(segment.bytes), segment.duration_us));
  }
  for (const Segment& segment : of.retired) held(segment);
  figure.mean_bps = bps(listed_bytes, listed_us);
}

StreamShelf::Texts StreamShelf::make_texts(Rendition& of) const {
  const MediaPlaylist playlist = describe(of);
  Texts made;
  made.of = &of;
  made.progress.full = text_item(ItemKind::media_playlist, media_playlist(playlist), of.progress.full);
  made.progress.delta = text_item(ItemKind::media_playlist, media_playlist(playlist, true), of.progress.delta);
  if (of.plan.kind == MediaKind::video && !options_.transport_stream && of.ended_one)
    made.key_pictures = text_item(ItemKind::iframe_playlist, iframe_playlist(playlist), nullptr);
  of.ended_one = false;
  // Only the latest have parts.
  for (auto segment = of.segments.rbegin(); segment != of.segments.rend(); ++segment) {
    if (segment->whole()) made.progress.last_whole = std::max(made.progress.last_whole, segment->msn);
    if (!segment->parts.empty()) {
      made.progress.parts[segment->msn] = static_cast<std::int64_t>(segment->parts.size());
    } else if (segment->whole()) {
      break;
    }
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
    if (of.ended_one) count(of);
    of.figures.parts = of.made_parts;
    figures.memory_bytes += of.held_bytes;
    figures.last_msn = figures.renditions.empty() ? of.last_whole : std::min(figures.last_msn, of.last_whole);
    figures.renditions.push_back(of.figures);
    // Others' progress stands in the rendition reports; but a request waits for its own rendition alone, and what it
    // gets then is made from all.
    if (published_ && is_ready(of) && std::exchange(of.changed, false)) fresh.push_back(make_texts(of));
  }
  ItemPtr variants;
  if (published_) variants = text_item(ItemKind::multivariant, multivariant(), find(kMultivariant));
  ItemPtr manifest;
  PublishViewPtr view;
  if (published_ && (std::exchange(view_changed_, false) || ended_)) {
    if (options_.dash) {
      forget_periods();
      manifest = make_manifest(false);
    }
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
      playlists_[path] = renditions_.at(of.plan.name);
      if (one.key_pictures) items_[of.plan.name + "/" + kKeyPictures] = std::move(one.key_pictures);
      of.progress = std::move(one.progress);
    }
    figures_ = std::move(figures);
  }
  for (Waiter& waiter : take_waiters([&](const Waiter& w) { return is_there(w); })) waiter.answer(answer_now(waiter));
}

void StreamShelf::finish() {
  {
    std::lock_guard lock(mutex_);
    ended_ = true;
  }
  for (auto& [name, of] : renditions_) {
    if (!of->segments.empty() && !of->segments.back().whole()) of->segments.pop_back();
    of->changed = of->ended_one = !of->segments.empty();
  }
  publish();
}

PublishViewPtr StreamShelf::make_view(const ItemPtr& variants) const {
  auto view = std::make_shared<PublishView>();
  view->ended = ended_;
  std::set<std::string> keys;
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
      const auto add = [&](const std::string& uri, const ItemPtr& item) {
        if (item) view->media.push_back({path_of(of, uri), item, segment.msn});
      };
      if (segment.map != map) add(segment.map, find(path_of(of, segment.map)));
      map = segment.map;
      add(segment.uri, segment.item);
      add(segment.key_picture_uri, segment.key_picture);
      if (!segment.key.empty()) keys.insert(path_of_key(segment.key));
    }
    MediaPlaylist playlist = describe(of, from);
    playlist.is_file = true;
    view->playlists.push_back(
        {path_of(of, kMultivariant), text_item(ItemKind::media_playlist, media_playlist(playlist), nullptr)});
    if (of.plan.kind == MediaKind::video && !options_.transport_stream)
      view->playlists.push_back({of.plan.name + "/" + kKeyPictures,
                                 text_item(ItemKind::iframe_playlist, iframe_playlist(playlist), nullptr)});
  }
  // By number, so that renditions advance together.
  std::stable_sort(view->media.begin(), view->media.end(), [](const auto& a, const auto& b) { return a.msn < b.msn; });
  for (const std::string& path : keys) {
    if (ItemPtr key = find(path)) view->keys.push_back({path, std::move(key)});
  }
  if (options_.dash) {
    if (ItemPtr manifest = make_manifest(true)) view->playlists.push_back({kManifest, std::move(manifest)});
  }
  view->playlists.push_back({kMultivariant, variants});
  view->window = Seconds(options_.target_duration_s * static_cast<std::int64_t>(options_.memory_segments));
  return view;
}

}  // namespace mainstay::package
