// Bytes written out by hand, for the tests of the RTMP server.
#pragma once

#include <cstdint>
#include <vector>

namespace mainstay::test {

using Bytes = std::vector<std::uint8_t>;

inline Bytes operator+(Bytes a, const Bytes& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

}  // namespace mainstay::test
