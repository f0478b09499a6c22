// The shelf's older part, which is on disk.
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "engine/package/stream_shelf.h"
#include "engine/package/stream_shelf_internal.h"

namespace mainstay::package {

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
    if (of == nullptr || (kept.segment.duration_us + kMicrosASecond / 2) / kMicrosASecond > options_.target_duration_s)
      continue;
    // Behind a hole that an index has, only what comes after it is of use.
    if (!of->segments.empty() && of->segments.back().msn + 1 != kept.segment.msn) of->segments.clear();
    of->segments.push_back(kept.segment);
    note_lines(of->segments.back());
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
    gap.moved_us = last.moved_us;
    gap.duration_us = last.duration_us;
    gap.date = last.date + Micros(last.duration_us);
    gap.map = last.map;
    gap.gap = true;
    gap.uri = segment_uri(gap.msn, options_.transport_stream);
    gap.key_picture_uri = fmt::format("i{}.m4s", gap.msn);
    note_lines(gap);
    to.segments.push_back(std::move(gap));
  }
  if (of_this_run) return;
  // Of several runs, each in front of the next.
  std::int64_t end_us = next.begin_us;
  for (auto segment = to.segments.rbegin(); segment != to.segments.rend(); ++segment) {
    end_us -= segment->duration_us;
    segment->moved_us += end_us - segment->begin_us;
    segment->begin_us = end_us;
  }
  if (!options_.dash) return;
  for (const Segment& segment : to.segments) {
    if (segment.discontinuity || &segment == &to.segments.front()) note_period(segment);
  }
}

void StreamShelf::read_stored(const std::string& path) {
  store_->read(path, [shelf = weak_from_this(), path](std::shared_ptr<const std::string> bytes) {
    if (const auto self = shelf.lock()) self->take_stored(path, std::move(bytes));
  });
}

void StreamShelf::take_stored(const std::string& path, std::shared_ptr<const std::string> bytes) {
  // Whoever goes back is seldom alone at a place: some minutes of a ladder.
  constexpr std::size_t kReadKept = std::size_t{64} << 20;
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
    std::size_t kept = 0;
    auto oldest = read_lately_.end();
    while (oldest != read_lately_.begin() && kept <= kReadKept) {
      const auto found = items_.find(*--oldest);
      kept += found == items_.end() ? 0 : found->second->bytes.size();
    }
    for (auto gone = read_lately_.begin(); gone != oldest; ++gone) items_.erase(*gone);
    read_lately_.erase(read_lately_.begin(), oldest);
  }
  for (Waiter& waiter : take_waiters([&](const Waiter& w) { return w.path == path; }))
    waiter.answer(answer_now(waiter));
}

}  // namespace mainstay::package
