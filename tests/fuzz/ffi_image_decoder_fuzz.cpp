// Still pictures: any bytes. Both kinds of picture that come out are read to their last pixel.
#include <cstdlib>

#include "engine/ffi/av/av_init.h"
#include "engine/ffi/av/image_decoder.h"

using namespace mainstay;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static Log log({.level = LogLevel::off});
  static SteadyClock clock;
  static const ffi::AvInit av(log, clock);
  const auto image = ffi::decode_image({data, size}, "fuzz");
  if (!image) return 0;
  const Frame& frame = *image->frame;
  if (frame.width <= 0 || frame.height <= 0) std::abort();
  if (frame.width > ffi::kLargestImageSide || frame.height > ffi::kLargestImageSide) std::abort();
  unsigned sum = 0;
  const auto read = [&](int plane, int width, int height) {
    for (int y = 0; y < height; ++y) {
      for (int x = 0; x < width; ++x) sum += frame.planes[plane][y * frame.strides[plane] + x];
    }
  };
  if (frame.format == PixelFormat::bgra) {
    read(0, frame.width * 4, frame.height);
  } else if (frame.format == PixelFormat::i420) {
    read(0, frame.width, frame.height);
    read(1, (frame.width + 1) / 2, (frame.height + 1) / 2);
    read(2, (frame.width + 1) / 2, (frame.height + 1) / 2);
  } else {
    std::abort();
  }
  static volatile unsigned kept;
  kept = sum;
  return 0;
}
