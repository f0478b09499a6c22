#include "engine/package/publish_view.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/package/segment.h"
#include "engine/package/stream_shelf_internal.h"

namespace mainstay::package {

namespace {

constexpr std::string_view kKeyTag = "#EXT-X-KEY:METHOD=AES-128,URI=\"";

std::string file_name(const std::string& path) {
  return path.substr(path.rfind('/') + 1);
}

// The playlists of files alone: those of ours are made once, for all places.
ItemPtr with_text(const Item& playlist, std::string text) {
  auto bytes = std::make_shared<const std::string>(std::move(text));
  auto item = std::make_shared<Item>();
  item->kind = playlist.kind;
  item->content_type = playlist.content_type;
  item->bytes = *bytes;
  item->etag = fmt::format("\"{:016x}\"", fnv(item->bytes));
  item->made = playlist.made;
  item->owner = std::move(bytes);
  return item;
}

/// `address` makes a key's URI of its name.
template <class Address>
ItemPtr with_keys_at(const ItemPtr& playlist, const Address& address) {
  const std::string before = std::string(kKeyTag) + std::string(kKeysUri);
  std::string out;
  std::string_view rest = playlist->bytes;
  for (std::size_t at = rest.find(before); at != std::string_view::npos; at = rest.find(before)) {
    const std::size_t name = at + before.size();
    const std::size_t end = rest.find('"', name);
    if (end == std::string_view::npos) break;
    out += rest.substr(0, at);
    out += kKeyTag;
    out += address(std::string(rest.substr(name, end - name)));
    rest.remove_prefix(end);
  }
  if (out.empty()) return playlist;
  out += rest;
  return with_text(*playlist, std::move(out));
}

PublishView flat(const PublishView& view) {
  PublishView out;
  out.window = view.window;
  out.ended = view.ended;
  if (view.playlists.empty()) return out;
  const PublishView::File& first = view.playlists.front();
  const std::string folder = first.path.substr(0, first.path.find('/') + 1);
  for (const PublishView::File& file : view.media) {
    if (file.path.starts_with(folder)) out.media.push_back({file.path.substr(folder.size()), file.item, file.msn});
  }
  for (const PublishView::File& file : view.keys) out.keys.push_back({file_name(file.path), file.item});
  out.playlists.push_back(
      {first.path.substr(folder.size()), with_keys_at(first.item, [](std::string name) { return name; })});
  return out;
}

}  // namespace

PublishViewPtr view_for(const PublishOptions& options, PublishViewPtr view) {
  const bool is_one = is_flat(options);
  if (!view || (!is_one && view->keys.empty())) return view;
  PublishView out = is_one && options.key_uri.empty() ? flat(*view) : *view;
  if (!options.key_uri.empty()) {
    for (PublishView::File& file : out.playlists)
      file.item = with_keys_at(file.item, [&](const std::string& name) { return address_of(options.key_uri, name); });
    if (is_one) out = flat(out);
  } else if (options.publish_key) {
    out.media.insert(out.media.begin(), out.keys.begin(), out.keys.end());
  }
  out.keys.clear();
  return std::make_shared<const PublishView>(std::move(out));
}

void NumberRanges::add(std::int64_t first, std::int64_t last) {
  if (!ranges_.empty() && first >= ranges_.back().first && first <= ranges_.back().last + 1) {
    ranges_.back().last = std::max(ranges_.back().last, last);
    return;
  }
  if (ranges_.size() == kMost) ranges_.erase(ranges_.begin());
  ranges_.push_back({first, last});
}

std::string NumberRanges::text() const {
  std::string out;
  for (const Range& range : ranges_) {
    if (!out.empty()) out += ", ";
    out += range.first == range.last ? fmt::format("{}", range.first) : fmt::format("{}-{}", range.first, range.last);
  }
  return out;
}

}  // namespace mainstay::package
