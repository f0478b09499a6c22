// Parameter sets of H.264, HEVC and AV1: any bytes.
#include <cstdlib>

#include "engine/ffi/av/parameter_sets.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using mainstay::Codec;
  const std::span<const std::uint8_t> bytes(data, size);
  for (const Codec codec : {Codec::h264, Codec::hevc, Codec::av1}) {
    (void)mainstay::ffi::profile_level(codec, bytes);
    (void)mainstay::ffi::has_idr(codec, bytes);
    (void)mainstay::ffi::is_droppable(codec, bytes);
    const auto rest = mainstay::ffi::without_parameter_sets(codec, bytes);
    // A tail of the input, and stable: there is nothing left to take off.
    if (rest.size() > size || rest.data() + rest.size() != data + size) std::abort();
    if (mainstay::ffi::without_parameter_sets(codec, rest).size() != rest.size()) std::abort();
  }
  return 0;
}
