#include "engine/remote/origin/regions.h"

#include <algorithm>
#include <boost/asio/ip/address.hpp>
#include <charconv>
#include <optional>

namespace mainstay::remote {

namespace {

namespace ip = boost::asio::ip;

std::optional<std::array<std::uint8_t, 16>> bytes_of(std::string_view text, bool* v4 = nullptr) {
  boost::system::error_code error;
  const ip::address address = ip::make_address(text, error);
  if (error) return std::nullopt;
  if (v4 != nullptr) *v4 = address.is_v4();
  const ip::address_v6 wide = address.is_v4() ? ip::make_address_v6(ip::v4_mapped, address.to_v4()) : address.to_v6();
  const auto bytes = wide.to_bytes();
  std::array<std::uint8_t, 16> out{};
  std::copy(bytes.begin(), bytes.end(), out.begin());
  return out;
}

bool same_network(const std::array<std::uint8_t, 16>& a, const std::array<std::uint8_t, 16>& b, int bits) {
  const auto whole = static_cast<std::size_t>(bits / 8);
  if (!std::equal(a.begin(), a.begin() + static_cast<std::ptrdiff_t>(whole), b.begin())) return false;
  if (bits % 8 == 0) return true;
  const int mask = 0xFF << (8 - bits % 8) & 0xFF;
  return (a[whole] & mask) == (b[whole] & mask);
}

}  // namespace

Regions::Regions(const std::map<std::string, std::string>& blocks) {
  constexpr int kBits = 128;
  for (const auto& [text, name] : blocks) {
    const std::size_t slash = text.find('/');
    bool v4 = false;
    const auto address = bytes_of(std::string_view(text).substr(0, slash), &v4);
    if (!address) continue;
    const int own = v4 ? 32 : kBits;
    int bits = own;
    if (slash != std::string::npos) {
      const char* const end = text.data() + text.size();
      const auto [rest, error] = std::from_chars(text.data() + slash + 1, end, bits);
      if (error != std::errc() || rest != end || bits < 0 || bits > own) continue;
    }
    blocks_.push_back({*address, bits + kBits - own, name});
  }
  std::stable_sort(blocks_.begin(), blocks_.end(), [](const Block& a, const Block& b) { return a.bits > b.bits; });
}

std::string_view Regions::of(std::string_view ip) const {
  if (blocks_.empty()) return kElsewhere;
  const auto address = bytes_of(ip);
  if (!address) return kElsewhere;
  for (const Block& block : blocks_) {
    if (same_network(*address, block.address, block.bits)) return block.name;
  }
  return kElsewhere;
}

std::vector<std::string> Regions::names() const {
  std::vector<std::string> names{std::string(kElsewhere)};
  for (const Block& block : blocks_) names.push_back(block.name);
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

}  // namespace mainstay::remote
