#include "engine/sources/frame_code.h"

#include <algorithm>
#include <cstring>

namespace mainstay {

namespace {

constexpr int kBits = 32;
constexpr std::uint8_t kBlack = 16;
constexpr std::uint8_t kWhite = 235;
// Between these a block is blurred beyond trust.
constexpr int kDarkest = 100;
constexpr int kLightest = 150;

}  // namespace

int frame_code_height(int picture_height) {
  return std::min(picture_height, std::max(8, picture_height / 30)) & ~1;
}

void draw_frame_code(WritableFrame& picture, std::uint32_t number) {
  const int top = picture.height - frame_code_height(picture.height);
  std::uint8_t* first = picture.planes[0] + static_cast<std::ptrdiff_t>(top) * picture.strides[0];
  for (int bit = 0; bit < kBits; ++bit) {
    const int left = bit * picture.width / kBits;
    const int right = (bit + 1) * picture.width / kBits;
    const bool set = (number >> (kBits - 1 - bit)) & 1;
    std::memset(first + left, set ? kWhite : kBlack, static_cast<std::size_t>(right - left));
  }
  for (int y = top + 1; y < picture.height; ++y)
    std::memcpy(picture.planes[0] + static_cast<std::ptrdiff_t>(y) * picture.strides[0], first,
                static_cast<std::size_t>(picture.width));
}

void draw_frame_code_ground(WritableFrame& picture) {
  const int top = (picture.height - frame_code_height(picture.height)) / 2;
  for (int plane : {1, 2})
    for (int y = top; y < picture.height / 2; ++y)
      std::memset(picture.planes[plane] + static_cast<std::ptrdiff_t>(y) * picture.strides[plane], 128,
                  static_cast<std::size_t>(picture.width / 2));
}

std::optional<std::uint32_t> read_frame_code(const Frame& picture) {
  if (picture.format != PixelFormat::i420 || picture.width < kBits) return std::nullopt;
  const int code_height = frame_code_height(picture.height);
  const int top = picture.height - code_height;
  std::uint32_t number = 0;
  for (int bit = 0; bit < kBits; ++bit) {
    // The middle half of the block: its edges carry what codecs and scalers smear.
    const int left = bit * picture.width / kBits;
    const int width = (bit + 1) * picture.width / kBits - left;
    const int from_x = left + width / 4;
    const int to_x = std::max(from_x + 1, left + width - width / 4);
    const int from_y = top + code_height / 4;
    const int to_y = std::max(from_y + 1, picture.height - code_height / 4);
    std::int64_t sum = 0;
    for (int y = from_y; y < to_y; ++y)
      for (int x = from_x; x < to_x; ++x)
        sum += picture.planes[0][static_cast<std::ptrdiff_t>(y) * picture.strides[0] + x];
    const auto mean = sum / (std::int64_t{to_x - from_x} * (to_y - from_y));
    if (mean > kDarkest && mean < kLightest) return std::nullopt;
    number = number << 1 | (mean >= kLightest ? 1u : 0u);
  }
  return number;
}

}  // namespace mainstay
