// PNG files written by hand (stored blocks, no packing): so that tests know every pixel, and can break any byte.
// Plain functions of the tests.
// Thread-safety: from any thread.
#pragma once

#include <cstdint>
#include <fstream>
#include <functional>
#include <string>
#include <string_view>

namespace mainstay::test {

struct Rgba {
  int red = 0;
  int green = 0;
  int blue = 0;
  int alpha = 255;
};

inline std::string big_endian(std::uint32_t n) {
  return {static_cast<char>(n >> 24), static_cast<char>(n >> 16), static_cast<char>(n >> 8), static_cast<char>(n)};
}

inline std::string png_chunk(const std::string& type, const std::string& data) {
  std::uint32_t crc = 0xffffffff;
  for (const char c : type + data) {
    crc ^= static_cast<std::uint8_t>(c);
    for (int bit = 0; bit < 8; ++bit) crc = crc >> 1 ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return big_endian(static_cast<std::uint32_t>(data.size())) + type + data + big_endian(~crc);
}

/// zlib's format (RFC 1950) with stored blocks.
inline std::string stored(std::string_view data) {
  std::string out("\x78\x01", 2);
  std::uint32_t a = 1;
  std::uint32_t b = 0;
  for (const char c : data) {
    a = (a + static_cast<std::uint8_t>(c)) % 65521;
    b = (b + a) % 65521;
  }
  do {
    const std::string_view block = data.substr(0, 65535);
    data.remove_prefix(block.size());
    const auto size = static_cast<unsigned>(block.size());
    out += static_cast<char>(data.empty() ? 1 : 0);
    for (const unsigned n : {size, ~size}) {
      out += static_cast<char>(n);
      out += static_cast<char>(n >> 8);
    }
    out += block;
  } while (!data.empty());
  return out + big_endian(b << 16 | a);
}

/// RGBA, alpha straight, `bits` 8 or 16 a channel (a value v as v·257).
inline std::string png(int width, int height, const std::function<Rgba(int x, int y)>& pixel, int bits = 8) {
  std::string rows;
  for (int y = 0; y < height; ++y) {
    rows += '\0';  // no filter
    for (int x = 0; x < width; ++x) {
      const Rgba p = pixel(x, y);
      for (const int value : {p.red, p.green, p.blue, p.alpha})
        rows += std::string(static_cast<std::size_t>(bits / 8), static_cast<char>(value));
    }
  }
  std::string head = big_endian(static_cast<std::uint32_t>(width)) + big_endian(static_cast<std::uint32_t>(height));
  head += static_cast<char>(bits);
  head += std::string("\6\0\0\0", 4);
  return std::string("\x89PNG\r\n\x1a\n", 8) + png_chunk("IHDR", head) + png_chunk("IDAT", stored(rows)) +
         png_chunk("IEND", "");
}

inline void write_file(const std::string& path, std::string_view bytes) {
  std::ofstream(path, std::ios::binary).write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

}  // namespace mainstay::test
