// Which region an address belongs to, by the networks that the operator mapped (/hls/regions).
// Owned by whoever holds the copy; a value.
// Thread-safety: as any value.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace mainstay::remote {

class Regions {
 public:
  static constexpr std::string_view kElsewhere = "elsewhere";

  Regions() = default;
  /// CIDR block → name; blocks that are none are left out (the show's check names them).
  explicit Regions(const std::map<std::string, std::string>& blocks);

  /// The name of the smallest block that holds the address, or kElsewhere.
  std::string_view of(std::string_view ip) const;
  /// All there can be, for metrics.
  std::vector<std::string> names() const;

  friend bool operator==(const Regions&, const Regions&) = default;

 private:
  struct Block {
    std::array<std::uint8_t, 16> address{};  ///< IPv4 as ::ffff:a.b.c.d
    int bits = 0;                            ///< of 128
    std::string name;
    friend bool operator==(const Block&, const Block&) = default;
  };
  std::vector<Block> blocks_;  // smallest first
};

}  // namespace mainstay::remote
