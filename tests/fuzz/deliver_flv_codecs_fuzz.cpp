// Parameter sets and packets of any content: they come from encoders, but encoders may be anybody's.
#include <cstddef>
#include <cstdint>
#include <span>

#include "engine/deliver/flv.h"
#include "engine/deliver/flv_codecs.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mainstay;
  if (size < 1) return 0;
  const std::span<const std::uint8_t> bytes(data + 1, size - 1);
  (void)make_avcc(bytes);
  (void)make_hvcc(bytes);
  (void)make_av1c(bytes);
  auto info = std::make_shared<StreamInfo>();
  info->codec = data[0] % 3 == 0 ? Codec::h264 : data[0] % 3 == 1 ? Codec::hevc : Codec::av1;
  info->time_base = {1, 30};
  info->extradata.assign(bytes.begin(), bytes.end());
  auto track = FlvTrack::make(info);
  if (!track) return 0;
  std::vector<std::uint8_t> out;
  track->append_header(out);
  (void)track->append(*make_packet(info, 1, 0, 1, true, info->extradata), out);
  return 0;
}
