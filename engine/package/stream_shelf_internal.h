// Internal to the shelf: what its files share.
// Functions and constants without state.
// Thread-safety: from any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "engine/media/rate.h"
#include "engine/package/shelf.h"

namespace mainstay::package {

inline constexpr std::int64_t kMicrosASecond = 1'000'000;
inline constexpr const char* kMultivariant = "index.m3u8";  // and the media playlists' names
inline constexpr const char* kKeyPictures = "iframes.m3u8";
inline constexpr const char* kManifest = "manifest.mpd";

/// On the shelf.
inline std::string path_of_key(const std::string& uri) {
  return uri.substr(std::string_view("../").size());
}

inline std::int64_t bps(std::size_t bytes, std::int64_t duration_us) {
  return duration_us > 0 ? mul_div(static_cast<std::int64_t>(bytes) * 8, kMicrosASecond, duration_us) : 0;
}

inline std::size_t size_of(const ItemPtr& item) {
  return item ? item->bytes.size() : 0;
}

inline std::uint64_t fnv(std::string_view bytes) {
  std::uint64_t hash = 14695981039346656037ULL;
  for (const char c : bytes) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
  return hash;
}

}  // namespace mainstay::package
