// .cube files: any bytes. What is taken for a table is applied to a picture, to its last node.
#include <cstdlib>

#include "engine/compose/filters/lut.h"

using namespace mainstay;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  auto cube = ColorCube::parse({reinterpret_cast<const char*>(data), size});
  if (!cube) {
    if (cube.error().describe().find('\n') != std::string::npos) std::abort();
    return 0;
  }
  if (cube->size() < ColorCube::kSmallest || cube->size() > ColorCube::kLargest) std::abort();
  static const FramePtr picture = [] {
    WritableFrame out = WritableFrame::make(64, 64);
    for (int y = 0; y < 64; ++y)
      for (int x = 0; x < 64; ++x) out.planes[0][y * out.strides[0] + x] = static_cast<std::uint8_t>(x * 4);
    for (int plane = 1; plane < 3; ++plane)
      for (int y = 0; y < 32; ++y)
        for (int x = 0; x < 32; ++x)
          out.planes[plane][y * out.strides[plane] + x] = static_cast<std::uint8_t>(plane == 1 ? x * 8 : y * 8);
    return std::move(out).freeze();
  }();
  Lut lut({.path = "fuzz"}, std::make_shared<const ColorCube>(*std::move(cube)));
  if (!lut.apply(picture, 0)) std::abort();
  return 0;
}
