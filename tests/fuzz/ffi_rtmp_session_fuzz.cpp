// What an RTMP server may say: handshake, chunks, commands. The first byte says how the rest is cut up, and whether it
// comes after a good handshake.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

#include "engine/ffi/rtmp/rtmp_session.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mainstay::ffi;
  if (size < 1) return 0;
  static const RtmpTarget target = *parse_rtmp_url("rtmp://host/live", "secret-key");
  RtmpSession session(target, 10000, 1, {[](auto) {}, [](auto, auto) {}, [](auto, const auto&) {}});
  session.start();
  const auto heard = [](auto, auto) {};
  if (data[0] & 1) {
    std::vector<std::uint8_t> greeting(1 + 2 * 1536);
    greeting[0] = 3;
    if (!session.feed(greeting, heard)) return 0;
  }
  const std::size_t at_once = 1 + (data[0] >> 1);
  std::span<const std::uint8_t> rest(data + 1, size - 1);
  while (!rest.empty()) {
    const auto part = rest.first(std::min(at_once, rest.size()));
    if (!session.feed(part, heard)) break;
    rest = rest.subspan(part.size());
  }
  return 0;
}
