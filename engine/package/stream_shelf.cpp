#include "engine/package/stream_shelf.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <utility>

#include "engine/package/codec_strings.h"
#include "engine/package/stream_shelf_internal.h"

namespace mainstay::package {

namespace {

constexpr std::int64_t kPartsTargets = 8;  // parts are listed for three target durations, and stay three more
constexpr std::int64_t kIndexEvery = 256;

std::string_view as_text(const std::vector<std::uint8_t>& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
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

void StreamShelf::set_up(const ShelfOptions& options, const std::vector<RenditionPlan>& renditions) {
  std::lock_guard lock(mutex_);
  options_ = options;
  std::map<std::string, RenditionPtr> next;
  order_.clear();
  for (const RenditionPlan& plan : renditions) {
    auto& slot = next[plan.name];
    const auto before = renditions_.find(plan.name);
    if (before != renditions_.end() && before->second->plan == plan) {
      slot = std::move(before->second);
      renditions_.erase(before);
      slot->changed = slot->ended_one = true;
    } else {
      slot = std::make_shared<Rendition>();
      slot->plan = plan;
    }
    order_.push_back(plan.name);
  }
  for (auto& [name, gone] : renditions_) {
    playlists_.erase(path_of(*gone, kMultivariant));
    for (auto at = items_.begin(); at != items_.end();)
      at = at->first.starts_with(name + "/") ? items_.erase(at) : std::next(at);
    gone->gone = true;
  }
  renditions_ = std::move(next);
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
  if (options_.dash) note_period(segment);
  if (segment.map.empty() && !to->segments.empty()) segment.map = to->segments.back().map;
  segment.uri = segment_uri(segment.msn, options_.transport_stream);
  if (options_.encrypted) {
    if (const StreamKey* key = key_for(segment.msn)) segment.key = key->uri;
  }
  segment.key_picture_uri = fmt::format("i{}.m4s", segment.msn);
  note_lines(segment);
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

// Keys change where their numbers say, so all renditions change at the same segment, whichever comes first.
const StreamShelf::StreamKey* StreamShelf::key_for(std::int64_t msn) {
  constexpr std::size_t kName = 8;  // bytes that are not the key's own: its address tells nothing of it
  const std::int64_t turn = options_.key_segments > 0 ? msn - msn % options_.key_segments : 0;
  if (const auto after = keys_.upper_bound(msn); after != keys_.begin() && std::prev(after)->first >= turn)
    return &std::prev(after)->second;
  const auto bytes = ffi::random_bytes(std::tuple_size_v<ffi::Aes128Key> + kName);
  if (!bytes) return nullptr;  // nothing goes out unencrypted that should be
  StreamKey key;
  std::copy_n(bytes->begin(), key.bytes.size(), key.bytes.begin());
  std::string name;
  for (std::size_t i = key.bytes.size(); i < bytes->size(); ++i)
    name += fmt::format("{:02x}", static_cast<unsigned char>((*bytes)[i]));
  key.uri = fmt::format("{}{}.key", kKeysUri, name);
  const std::string path = path_of_key(key.uri);
  auto item = std::make_shared<Item>();
  auto owner = std::make_shared<const std::string>(*bytes, 0, key.bytes.size());
  item->kind = ItemKind::key;
  item->content_type = "application/octet-stream";
  item->bytes = *owner;
  item->owner = std::move(owner);
  item->etag = "\"" + path + "\"";
  item->made = clock_.now();
  put(path, std::move(item));
  return &keys_.emplace(msn, std::move(key)).first->second;
}

void StreamShelf::drop_keys() {
  std::int64_t oldest = std::numeric_limits<std::int64_t>::max();
  for (const auto& [name, of] : renditions_) {
    if (!of->retired.empty()) oldest = std::min(oldest, of->retired.front().msn);
    if (!of->segments.empty()) oldest = std::min(oldest, of->segments.front().msn);
  }
  while (keys_.size() > 1 && std::next(keys_.begin())->first <= oldest) {
    std::lock_guard lock(mutex_);
    items_.erase(path_of_key(keys_.begin()->second.uri));
    keys_.erase(keys_.begin());
  }
}

std::vector<std::uint8_t> StreamShelf::sealed(const Segment& segment, std::vector<std::uint8_t> bytes) const {
  if (segment.key.empty()) return bytes;
  const auto key =
      std::find_if(keys_.rbegin(), keys_.rend(), [&](const auto& one) { return one.second.uri == segment.key; });
  if (key == keys_.rend()) return {};
  ffi::Aes128Key iv{};  // the segment's number, as without an IV attribute (4.4.4.4), for each of its parts too
  for (std::size_t i = 0; i < 8; ++i) iv[15 - i] = static_cast<std::uint8_t>(segment.msn >> (8 * i));
  return ffi::aes128_cbc(key->second.bytes, iv, bytes);
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
  if (options_.dash && !segment.gap) note_lag(segment);
  note_lines(segment);
  to->changed = to->ended_one = view_changed_ = true;
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
  drop_keys();
  drop_parts(from);
}

void StreamShelf::drop_parts(Rendition& from) {
  std::int64_t behind = 0;
  for (auto segment = from.segments.rbegin(); segment != from.segments.rend(); ++segment) {
    if (behind > kPartsTargets * options_.target_duration_s * kMicrosASecond) {
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

}  // namespace mainstay::package
